import { LockingAndXRequest, LockingRange, TypeOfLock } from '#wire/smb1/command/locking-andx.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import type { Control, LockMode, LockRange } from '../protocol.js';
import type { Smb1Caller, TreeCall } from './caller.js';
import type { Smb1Handle } from './files.js';

/** The timeout value that means forever. */
const FOREVER = 0xffffffff;

function call(handle: Smb1Handle, fields: Partial<LockingAndXRequest>): TreeCall {
  const body = Object.assign(new LockingAndXRequest(), { fid: handle.fid }, fields);
  return { command: Smb1Command.LockingAndX, body, path: handle.path };
}

function ranges(wanted: readonly LockRange[]): LockingRange[] {
  return wanted.map(({ offset, length }) =>
    Object.assign(new LockingRange(), { byteOffset: offset, lengthInBytes: length }),
  );
}

/** [MS-CIFS] 2.2.4.32 SMB_COM_LOCKING_ANDX. A lock that is granted after an abort is released. */
export async function lock(
  caller: Smb1Caller,
  handle: Smb1Handle,
  wanted: readonly LockRange[],
  mode: LockMode,
  control?: Control,
): Promise<void> {
  const typeOfLock = TypeOfLock.LargeFiles | (mode.exclusive ? 0 : TypeOfLock.SharedLock);
  const timeout = mode.wait ? FOREVER : 0;
  const late = (): void => void unlock(caller, handle, wanted).catch(() => undefined);
  // `patient`: a waiting lock can be cancelled.
  const asked = { ...call(handle, { typeOfLock, timeout, locks: ranges(wanted) }), patient: mode.wait };
  await caller.call(asked, control, late);
}

export async function unlock(
  caller: Smb1Caller,
  handle: Smb1Handle,
  wanted: readonly LockRange[],
  control?: Control,
): Promise<void> {
  await caller.call(call(handle, { typeOfLock: TypeOfLock.LargeFiles, unlocks: ranges(wanted) }), control);
}
