import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileRenameInformation } from '#wire/fscc/file-info/rename.js';
import { EMPTY } from '#wire/io/decoder.js';
import { PASS_THROUGH } from '#wire/smb1/info-levels.js';
import {
  QueryFileInformationRequest,
  QueryFsInformationRequest,
  SetFileInformationRequest,
} from '#wire/smb1/trans2/information.js';
import { Trans2Subcommand } from '#wire/smb1/trans2/trans2-subcommand.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { Raw } from '#wire/smb2/raw.js';
import { unpacked } from '../packing.js';
import type { Control, InfoChange, InfoQuery, OpenRequest, Step, Visit } from '../protocol.js';
import type { Smb1Caller } from './caller.js';
import { queryEas } from './eas.js';
import { close, open, read, type Smb1Handle, write } from './files.js';
import { rename } from './info.js';
import { ioctl } from './ioctl.js';
import { querySecurity, setSecurity } from './security.js';

const QUERY_SIZE = 4096;

/** Queries an information class of a file or its volume. CIFS has no other types, and no queries with input. */
export async function query(
  caller: Smb1Caller,
  handle: Smb1Handle,
  request: InfoQuery,
  control?: Control,
): Promise<Uint8Array> {
  const { path } = handle;
  const { infoType, infoClass, input, limit } = request;
  if (infoType === InfoType.Security) return querySecurity(caller, handle, request, control);
  if (infoType === InfoType.File && infoClass === FileInfoClass.FullEa && input === undefined) {
    return queryEas(caller, handle, limit ?? QUERY_SIZE, control);
  }
  const informationLevel = PASS_THROUGH + infoClass;
  const common = { maxParameters: 2, maxData: limit ?? QUERY_SIZE, path };
  if (infoType === InfoType.File && input === undefined) {
    const parameters = Object.assign(new QueryFileInformationRequest(), { fid: handle.fid, informationLevel });
    const subcommand = Trans2Subcommand.QueryFileInformation;
    return (await caller.trans2({ subcommand, parameters, ...common }, control)).data;
  }
  if (infoType === InfoType.Filesystem) {
    const parameters = Object.assign(new QueryFsInformationRequest(), { informationLevel });
    const subcommand = Trans2Subcommand.QueryFsInformation;
    return (await caller.trans2({ subcommand, parameters, ...common }, control)).data;
  }
  throw new StatusError(NtStatus.NotSupported, { command: 'QUERY_INFO', path });
}

/** Sets an information class of a file. */
export async function setInfo(
  caller: Smb1Caller,
  handle: Smb1Handle,
  change: InfoChange,
  control?: Control,
): Promise<void> {
  const { path, fid } = handle;
  const { infoType, infoClass, data: bytes } = change;
  if (infoType === InfoType.Security) return setSecurity(caller, handle, change, control);
  if (infoType !== InfoType.File) throw new StatusError(NtStatus.NotSupported, { command: 'SET_INFO', path });
  const informationLevel = PASS_THROUGH + infoClass;
  const parameters = Object.assign(new SetFileInformationRequest(), { fid, informationLevel });
  const data = Object.assign(new Raw(), { bytes });
  const subcommand = Trans2Subcommand.SetFileInformation;
  await caller.trans2({ subcommand, parameters, data, maxParameters: 2, maxData: 0, path }, control);
}

async function take(caller: Smb1Caller, handle: Smb1Handle, step: Step, control?: Control): Promise<Uint8Array> {
  switch (step.verb) {
    case 'query':
      return query(caller, handle, step, control);
    case 'set':
      await setInfo(caller, handle, step, control);
      return EMPTY;
    case 'read':
      return read(caller, handle, step.offset, step.length, control);
    case 'write':
      if ((await write(caller, handle, step.offset, step.data, control)) >= step.data.length) return EMPTY;
      throw new StatusError(NtStatus.DiskFull, { command: 'WRITE', path: handle.path });
    case 'ioctl':
      return ioctl(caller, handle, step, control);
  }
}

/** Whether a step is a rename, which SMB1 does by path after closing the file. */
function isRename(step: Step): step is Step & { readonly verb: 'set' } {
  return step.verb === 'set' && step.infoType === InfoType.File && step.infoClass === FileInfoClass.Rename;
}

/** Opens, runs the steps and closes, in separate requests. */
export async function visit(
  caller: Smb1Caller,
  request: OpenRequest,
  steps: readonly Step[],
  control?: Control,
): Promise<Visit> {
  const handle = await open(caller, request, control);
  const outputs: Uint8Array[] = [];
  try {
    for (const step of steps) outputs.push(isRename(step) ? EMPTY : await take(caller, handle, step, control));
  } finally {
    // The result of the steps matters more than whether the close succeeds.
    await close(caller, handle).catch(() => undefined);
  }
  for (const { data } of steps.filter(isRename)) {
    const { fileName, replaceIfExists } = unpacked(new FileRenameInformation(), data);
    await rename(caller, request.path, fileName, replaceIfExists, control);
  }
  return { info: handle.info, existed: handle.existed, contexts: [], outputs };
}
