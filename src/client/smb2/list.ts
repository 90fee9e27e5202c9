import type { Smb2Reply } from '#engine/smb2/client-connection.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { type DirectoryEntryWire, DirectoryInfoClass } from '#wire/fscc/directory-info/classes.js';
import { DirectoryList } from '#wire/fscc/directory-info/directory-list.js';
import type { FileIdBothDirectoryInformation } from '#wire/fscc/directory-info/id-both-directory.js';
import { CreateDisposition, CreateOptions, type CreateResponse } from '#wire/smb2/command/create.js';
import { QueryDirectoryRequest, type QueryDirectoryResponse } from '#wire/smb2/command/query-directory.js';
import { Command } from '#wire/smb2/header.js';
import { unpacked } from '../packing.js';
import type { Control, Dots, ListedNode } from '../protocol.js';
import type { Caller } from './caller.js';
import { closeCall, createCall } from './create.js';
import type { OnFile } from './tree-call.js';

/**
 * Buffer sizes of the queries in the same compound as the open: enough for most directories, for larger ones, and for
 * the end of the list. A distant server then needs one round trip for all of that, and one for the close. The responses
 * arrive in one message, so all but the largest must stay well below what a connection allows beside the largest
 * response.
 */
const FIRST_SIZES: readonly number[] = [32 * 1024, 256 * 1024, 32 * 1024];
/** The next buffer size, doubled for each query: small at first for early results, then larger to need few requests. */
const NEXT_SIZE = 64 * 1024;
const LARGEST_SIZE = 256 * 1024;
/** Concurrent queries, so that the server keeps working while responses are processed. */
const AHEAD = 3;
/** Most responses without a name: a directory has the entries `.` and `..`, which may arrive separately. */
const MOST_EMPTY = 2;
const THE_END: readonly number[] = [NtStatus.NoMoreFiles, NtStatus.NoSuchFile];

/** Lists a directory. */
export async function* list(
  caller: Caller,
  path: string,
  pattern: string,
  control: Control = {},
): AsyncGenerator<ListedNode[], void, undefined> {
  let dots: Dots | undefined;
  let empty = 0;
  for await (const entries of enumerate(
    caller,
    { path, pattern, infoClass: DirectoryInfoClass.IdBothDirectory },
    control,
  )) {
    dots ??= dotsOf(entries as FileIdBothDirectoryInformation[]);
    const batch = nodesOf(entries as FileIdBothDirectoryInformation[], dots);
    if (batch.length > 0) yield batch;
    else requireEnd(++empty);
  }
}

/** Lists the names in a directory. Without other information, the server does not have to look at each file. */
export async function* names(
  caller: Caller,
  path: string,
  pattern: string,
  control: Control = {},
): AsyncGenerator<string[], void, undefined> {
  let empty = 0;
  for await (const entries of enumerate(caller, { path, pattern, infoClass: DirectoryInfoClass.Names }, control)) {
    const batch: string[] = [];
    for (const { fileName } of entries) if (fileName !== '.' && fileName !== '..') batch.push(fileName);
    if (batch.length > 0) yield batch;
    else requireEnd(++empty);
  }
}

/** Fails if a server keeps sending responses without names: the reader would never get a chance to stop. */
export function requireEnd(empty: number): void {
  if (empty <= MOST_EMPTY) return;
  const message = 'the server goes on with a directory without naming anything';
  throw new ConnectionLost(message, { code: 'SMB_MALFORMED', retryable: false });
}

interface Enumeration {
  readonly path: string;
  readonly pattern: string;
  readonly infoClass: number;
}

/** All entries, one response at a time. */
async function* enumerate(
  caller: Caller,
  what: Enumeration,
  control: Control,
): AsyncGenerator<DirectoryEntryWire[], void, undefined> {
  const { path } = what;
  const access = FileAccess.ReadData | FileAccess.ReadAttributes;
  const open = { path, access, disposition: CreateDisposition.Open, options: CreateOptions.DirectoryFile };
  const queries = FIRST_SIZES.map((size) => queryCall(caller, what, size));
  const { opened, answers } = await caller.openAndAsk(createCall(caller, open), queries, closeCall(path), control);
  const { fileId } = opened.body as CreateResponse;
  const ahead: Promise<Smb2Reply>[] = [];
  let size = NEXT_SIZE;
  let ended = false;
  const ask = (): void => {
    for (; !ended && ahead.length < AHEAD; size = Math.min(size * 2, LARGEST_SIZE)) {
      const asked = caller.call(queryCall(caller, what, size)(fileId), control);
      // Not awaited if the reader stops early.
      asked.catch(() => undefined);
      ahead.push(asked);
    }
  };
  let closed: Promise<unknown> | undefined;
  const close = (): Promise<unknown> => {
    closed ??= caller.call(closeCall(path)(fileId)).catch(() => undefined);
    return closed;
  };
  try {
    const begun = await Promise.all(answers);
    ended = begun.some(isEnd);
    ask();
    // Close before delivering the entries, so that the close is done by the time the reader is.
    if (ended) void close();
    for (const reply of begun) if (!isEnd(reply)) yield entriesOf(reply, what);
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
      const reply = await next;
      // Queries may overtake one another, so pending ones may still return entries.
      ended ||= isEnd(reply);
      ask();
      if (ahead.length === 0) void close();
      if (!isEnd(reply)) yield entriesOf(reply, what);
    }
  } finally {
    // Requests may be processed in any order, but the close must not overtake the last query.
    await Promise.allSettled(ahead);
    await close();
  }
}

function queryCall(caller: Caller, { path, pattern, infoClass }: Enumeration, size: number): OnFile {
  return (fileId) => {
    const body = new QueryDirectoryRequest();
    body.fileInformationClass = infoClass;
    body.fileId = fileId;
    body.fileName = pattern;
    body.outputBufferLength = caller.answerable(size);
    const charge = caller.charge(body.outputBufferLength);
    return { command: Command.QueryDirectory, body, charge, accept: THE_END, path };
  };
}

function isEnd({ header }: Smb2Reply): boolean {
  return THE_END.includes(header.status);
}

function entriesOf(reply: Smb2Reply, { infoClass }: Enumeration): DirectoryEntryWire[] {
  return unpacked(new DirectoryList(infoClass), (reply.body as QueryDirectoryResponse).output).entries;
}

/** The file IDs of the `.` and `..` entries, if the server reports them. */
export function dotsOf(entries: readonly FileIdBothDirectoryInformation[]): Dots | undefined {
  const self = entries.find(({ fileName }) => fileName === '.')?.fileId ?? 0n;
  const parent = entries.find(({ fileName }) => fileName === '..')?.fileId ?? 0n;
  // Some servers report the same ID for both.
  return self === 0n || parent === 0n || self === parent ? undefined : { self, parent };
}

/** The entries without `.` and `..`. */
export function nodesOf(entries: readonly FileIdBothDirectoryInformation[], dots: Dots | undefined): ListedNode[] {
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
