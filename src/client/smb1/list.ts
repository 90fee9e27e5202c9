import { NtStatus } from '#wire/erref/nt-status.js';
import { DirectoryInfoClass } from '#wire/fscc/directory-info/classes.js';
import { DirectoryList } from '#wire/fscc/directory-info/directory-list.js';
import { FileIdBothDirectoryInformation } from '#wire/fscc/directory-info/id-both-directory.js';
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
import { errnoCode } from '../errors.js';
import type { Control, Dots, ListedNode } from '../protocol.js';
import { dotsOf, nodesOf, requireEnd } from '../smb2/list.js';
import { rooted, type Smb1Caller } from './caller.js';

/** Search attributes: hidden and system files, and directories. */
const ANY_NODE = 0x16;
const ENTRIES = 1000;
const BUFFER_SIZE = 0xffff;

type Entry = FileIdBothDirectoryInformation;

/** The format of the entries; with file IDs if the server supports it ([MS-SMB] 2.2.2.3.1). */
interface Form {
  readonly level: number;
  readonly infoClass: number;
}
const NUMBERED: Form = {
  level: FindLevel.FindFileIdBothDirectoryInfo,
  infoClass: DirectoryInfoClass.IdBothDirectory,
};
const PLAIN: Form = { level: FindLevel.FindFileBothDirectoryInfo, infoClass: DirectoryInfoClass.BothDirectory };

/** Lists a directory with FIND_FIRST2 and FIND_NEXT2. */
export async function* list(
  caller: Smb1Caller,
  path: string,
  pattern: string,
  control: Control = {},
): AsyncGenerator<ListedNode[], void, undefined> {
  const first = await begin(caller, path, pattern, control);
  if (!first) return;
  let { batch, ended } = first;
  let dots: Dots | undefined;
  let empty = 0;
  try {
    for (;;) {
      dots ??= dotsOf(batch);
      const nodes = nodesOf(batch, dots);
      if (nodes.length > 0) yield nodes;
      else requireEnd(++empty);
      if (ended || batch.length === 0) return;
      const lastName = batch[batch.length - 1]?.fileName ?? '';
      ({ batch, ended } = await findNext(caller, first, lastName, path, control));
    }
  } finally {
    // The server closes a search itself when it reaches the end.
    if (!ended) await findClose(caller, first.sid).catch(() => undefined);
  }
}

interface Batch {
  readonly batch: Entry[];
  readonly ended: boolean;
}

interface First extends Batch {
  readonly sid: number;
  readonly form: Form;
}

async function begin(caller: Smb1Caller, path: string, pattern: string, control: Control): Promise<First | undefined> {
  try {
    return await findFirst(caller, path, pattern, NUMBERED, control);
  } catch (error) {
    if (errnoCode(error) !== 'ENOTSUP') throw error;
    return findFirst(caller, path, pattern, PLAIN, control);
  }
}

async function findFirst(
  caller: Smb1Caller,
  path: string,
  pattern: string,
  form: Form,
  control: Control,
): Promise<First | undefined> {
  const parameters = new FindFirst2Request();
  parameters.searchAttributes = ANY_NODE;
  parameters.searchCount = ENTRIES;
  parameters.flags = FindFlags.CloseAtEos;
  parameters.informationLevel = form.level;
  parameters.fileName = path === '' ? rooted(pattern) : `${rooted(path)}\\${pattern}`;
  const subcommand = Trans2Subcommand.FindFirst2;
  const accept = [NtStatus.NoSuchFile, NtStatus.NoMoreFiles];
  const request = { subcommand, parameters, maxParameters: 10, maxData: BUFFER_SIZE, path, accept };
  const reply = await caller.trans2(request, control);
  if (reply.header.ntStatus !== NtStatus.Success) return undefined;
  const { sid, endOfSearch } = caller.unpacked(new FindFirst2Response(), reply.parameters);
  return { batch: entriesOf(caller, form, reply.data), ended: endOfSearch !== 0, sid, form };
}

async function findNext(
  caller: Smb1Caller,
  { sid, form }: First,
  lastName: string,
  path: string,
  control: Control,
): Promise<Batch> {
  const parameters = new FindNext2Request();
  parameters.sid = sid;
  parameters.searchCount = ENTRIES;
  parameters.informationLevel = form.level;
  parameters.flags = FindFlags.CloseAtEos | FindFlags.ContinueFromLast;
  parameters.fileName = lastName;
  const subcommand = Trans2Subcommand.FindNext2;
  const accept = [NtStatus.NoMoreFiles];
  const request = { subcommand, parameters, maxParameters: 8, maxData: BUFFER_SIZE, path, accept };
  const reply = await caller.trans2(request, control);
  if (reply.header.ntStatus !== NtStatus.Success) return { batch: [], ended: false };
  const { endOfSearch } = caller.unpacked(new FindNext2Response(), reply.parameters);
  return { batch: entriesOf(caller, form, reply.data), ended: endOfSearch !== 0 };
}

async function findClose(caller: Smb1Caller, sid: number): Promise<void> {
  const body = new FindClose2Request();
  body.searchHandle = sid;
  await caller.call({ command: Smb1Command.FindClose2, body });
}

/** File IDs are 0 if the format lacks them. */
function entriesOf(caller: Smb1Caller, { infoClass }: Form, data: Uint8Array): Entry[] {
  const { entries } = caller.unpacked(new DirectoryList(infoClass), data);
  if (infoClass === NUMBERED.infoClass) return entries as Entry[];
  return entries.map((entry) => Object.assign(new FileIdBothDirectoryInformation(), entry));
}
