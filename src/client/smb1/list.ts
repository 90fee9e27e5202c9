import { NtStatus } from '#wire/erref/nt-status.js';
import type { FileBothDirectoryInformation } from '#wire/fscc/directory-info/both-directory.js';
import { DirectoryInfoClass } from '#wire/fscc/directory-info/classes.js';
import { DirectoryList } from '#wire/fscc/directory-info/directory-list.js';
import { FindClose2Request } from '#wire/smb1/command/find-close2.js';
import { FindLevel } from '#wire/smb1/info-levels.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import {
  FindFirst2Request,
  FindFirst2Response,
  FindFlags,
  FindNext2Request,
  FindNext2Response,
} from '#wire/smb1/trans2/find.js';
import { Trans2Subcommand } from '#wire/smb1/trans2/trans2-subcommand.js';
import type { Control, ListedNode } from '../protocol.js';
import { rooted, type Smb1Caller } from './caller.js';

/** Hidden and system files and directories too. */
const ANY_NODE = 0x16;
const ENTRIES = 1000;
const BUFFER_SIZE = 0xffff;

/** Lists a directory with FIND_FIRST2 and FIND_NEXT2. */
export async function* list(
  caller: Smb1Caller,
  path: string,
  pattern: string,
  control: Control = {},
): AsyncGenerator<ListedNode[], void, undefined> {
  const first = await findFirst(caller, path, pattern, control);
  if (!first) return;
  let batch = first.batch;
  let ended = first.response.endOfSearch !== 0;
  try {
    for (;;) {
      const nodes = batch.filter(({ fileName }) => fileName !== '.' && fileName !== '..').map(nodeOf);
      if (nodes.length > 0) yield nodes;
      if (ended || batch.length === 0) return;
      const lastName = batch[batch.length - 1]?.fileName ?? '';
      const next = await findNext(caller, first.response.sid, lastName, path, control);
      batch = next.batch;
      ended = next.ended;
    }
  } finally {
    // A search that has ended by itself is closed already.
    if (!ended) await findClose(caller, first.response.sid).catch(() => undefined);
  }
}

interface First {
  readonly batch: FileBothDirectoryInformation[];
  readonly response: FindFirst2Response;
}

async function findFirst(
  caller: Smb1Caller,
  path: string,
  pattern: string,
  control: Control,
): Promise<First | undefined> {
  const parameters = new FindFirst2Request();
  parameters.searchAttributes = ANY_NODE;
  parameters.searchCount = ENTRIES;
  parameters.flags = FindFlags.CloseAtEos;
  parameters.informationLevel = FindLevel.FindFileBothDirectoryInfo;
  parameters.fileName = path === '' ? rooted(pattern) : `${rooted(path)}\\${pattern}`;
  const subcommand = Trans2Subcommand.FindFirst2;
  const accept = [NtStatus.NoSuchFile, NtStatus.NoMoreFiles];
  const request = { subcommand, parameters, maxParameters: 10, maxData: BUFFER_SIZE, path, accept };
  const reply = await caller.trans2(request, control);
  if (reply.header.ntStatus !== NtStatus.Success) return undefined;
  const response = caller.unpacked(new FindFirst2Response(), reply.parameters);
  return { batch: entriesOf(caller, reply.data), response };
}

async function findNext(
  caller: Smb1Caller,
  sid: number,
  lastName: string,
  path: string,
  control: Control,
): Promise<{ batch: FileBothDirectoryInformation[]; ended: boolean }> {
  const parameters = new FindNext2Request();
  parameters.sid = sid;
  parameters.searchCount = ENTRIES;
  parameters.informationLevel = FindLevel.FindFileBothDirectoryInfo;
  parameters.flags = FindFlags.CloseAtEos | FindFlags.ContinueFromLast;
  parameters.fileName = lastName;
  const subcommand = Trans2Subcommand.FindNext2;
  const accept = [NtStatus.NoMoreFiles];
  const request = { subcommand, parameters, maxParameters: 8, maxData: BUFFER_SIZE, path, accept };
  const reply = await caller.trans2(request, control);
  if (reply.header.ntStatus !== NtStatus.Success) return { batch: [], ended: false };
  const response = caller.unpacked(new FindNext2Response(), reply.parameters);
  return { batch: entriesOf(caller, reply.data), ended: response.endOfSearch !== 0 };
}

async function findClose(caller: Smb1Caller, sid: number): Promise<void> {
  const body = new FindClose2Request();
  body.searchHandle = sid;
  await caller.call({ command: Smb1Command.FindClose2, body });
}

function entriesOf(caller: Smb1Caller, data: Uint8Array): FileBothDirectoryInformation[] {
  const list = caller.unpacked(new DirectoryList(DirectoryInfoClass.BothDirectory), data);
  return list.entries as FileBothDirectoryInformation[];
}

function nodeOf(entry: FileBothDirectoryInformation): ListedNode {
  return {
    name: entry.fileName,
    size: entry.endOfFile,
    allocationSize: entry.allocationSize,
    attributes: entry.fileAttributes,
    creationTime: entry.creationTime,
    lastAccessTime: entry.lastAccessTime,
    lastWriteTime: entry.lastWriteTime,
    changeTime: entry.changeTime,
    id: 0n,
    links: 1,
  };
}
