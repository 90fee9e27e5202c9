import type { Smb2Reply } from '#engine/smb2/client-connection.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { DirectoryInfoClass } from '#wire/fscc/directory-info/classes.js';
import { DirectoryList } from '#wire/fscc/directory-info/directory-list.js';
import type { FileIdBothDirectoryInformation } from '#wire/fscc/directory-info/id-both-directory.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { QueryDirectoryRequest, type QueryDirectoryResponse } from '#wire/smb2/command/query-directory.js';
import { Command } from '#wire/smb2/header.js';
import { unpacked } from '../packing.js';
import type { Control, Dots, ListedNode } from '../protocol.js';
import type { Caller, TreeCall } from './caller.js';
import { close, open, type Smb2Handle } from './create.js';

/** Large enough for thousands of names, small enough for the server to answer soon. */
const BUFFER_SIZE = 1024 * 1024;
const THE_END = [NtStatus.NoMoreFiles, NtStatus.NoSuchFile];

/** Lists a directory; the next batch is asked for before the last one is handed out. */
export async function* list(
  caller: Caller,
  path: string,
  pattern: string,
  control: Control = {},
): AsyncGenerator<ListedNode[], void, undefined> {
  const access = FileAccess.ReadData | FileAccess.ReadAttributes;
  const options = CreateOptions.DirectoryFile;
  const handle = await open(caller, { path, access, disposition: CreateDisposition.Open, options }, control);
  let ahead: Promise<Smb2Reply> | undefined;
  let dots: Dots | undefined;
  try {
    ahead = ask(caller, handle, pattern, control);
    for (;;) {
      const reply: Smb2Reply = await ahead;
      if (THE_END.includes(reply.header.status as never)) return;
      ahead = ask(caller, handle, pattern, control);
      const { entries } = unpacked(
        new DirectoryList(DirectoryInfoClass.IdBothDirectory),
        (reply.body as QueryDirectoryResponse).output,
      );
      dots ??= dotsOf(entries as FileIdBothDirectoryInformation[]);
      const batch = nodesOf(entries as FileIdBothDirectoryInformation[], dots);
      if (batch.length > 0) yield batch;
    }
  } finally {
    // Requests are answered in any order, but a close must not overtake the last query.
    await ahead?.catch(() => undefined);
    await close(caller, handle).catch(() => undefined);
  }
}

function ask(caller: Caller, handle: Smb2Handle, pattern: string, control: Control): Promise<Smb2Reply> {
  const asked = caller.call(queryCall(caller, handle, pattern), control);
  // Whoever stops reading never looks at it.
  asked.catch(() => undefined);
  return asked;
}

function queryCall(caller: Caller, handle: Smb2Handle, pattern: string): TreeCall {
  const body = new QueryDirectoryRequest();
  body.fileInformationClass = DirectoryInfoClass.IdBothDirectory;
  body.fileId = handle.fileId;
  body.fileName = pattern;
  body.outputBufferLength = Math.min(BUFFER_SIZE, caller.agreement.maxTransact);
  const charge = caller.charge(body.outputBufferLength);
  return { command: Command.QueryDirectory, body, charge, accept: THE_END, path: handle.path };
}

function dotsOf(entries: readonly FileIdBothDirectoryInformation[]): Dots | undefined {
  const self = entries.find(({ fileName }) => fileName === '.')?.fileId ?? 0n;
  const parent = entries.find(({ fileName }) => fileName === '..')?.fileId ?? 0n;
  // Some say one number for both.
  return self === 0n || parent === 0n || self === parent ? undefined : { self, parent };
}

function nodesOf(entries: readonly FileIdBothDirectoryInformation[], dots: Dots | undefined): ListedNode[] {
  const nodes: ListedNode[] = [];
  for (const entry of entries) {
    const { fileName: name } = entry;
    if (name === '.' || name === '..') continue;
    nodes.push({
      name,
      dots,
      size: entry.endOfFile,
      allocationSize: entry.allocationSize,
      attributes: entry.fileAttributes,
      creationTime: entry.creationTime,
      lastAccessTime: entry.lastAccessTime,
      lastWriteTime: entry.lastWriteTime,
      changeTime: entry.changeTime,
      id: entry.fileId,
      links: 1,
      // [MS-FSCC] 2.4.17: EaSize of a reparse point is its tag.
      ...((entry.fileAttributes & FileAttributes.ReparsePoint) !== 0 ? { reparseTag: entry.eaSize } : {}),
    });
  }
  return nodes;
}
