import { LockElement, LockFlags, LockRequest } from '#wire/smb2/command/lock.js';
import { Command } from '#wire/smb2/header.js';
import type { Control, LockMode, LockRange } from '../protocol.js';
import type { Caller, TreeCall } from './caller.js';
import type { Smb2Handle } from './create.js';

function lockCall(handle: Smb2Handle, ranges: readonly LockRange[], flags: number): TreeCall {
  const body = new LockRequest();
  body.fileId = handle.fileId;
  body.locks = ranges.map(({ offset, length }) => Object.assign(new LockElement(), { offset, length, flags }));
  return { command: Command.Lock, body, path: handle.path };
}

/** [MS-SMB2] 3.2.4.19. What is granted after nobody waits for it any more is given back. */
export async function lock(
  caller: Caller,
  handle: Smb2Handle,
  ranges: readonly LockRange[],
  mode: LockMode,
  control?: Control,
): Promise<void> {
  const kind = mode.exclusive ? LockFlags.ExclusiveLock : LockFlags.SharedLock;
  // [MS-SMB2] 3.3.5.14.2: of several ranges none may wait.
  const flags = kind | (mode.wait && ranges.length === 1 ? 0 : LockFlags.FailImmediately);
  const late = (): void => void unlock(caller, handle, ranges).catch(() => undefined);
  await caller.call(lockCall(handle, ranges, flags), control, late);
}

export async function unlock(
  caller: Caller,
  handle: Smb2Handle,
  ranges: readonly LockRange[],
  control?: Control,
): Promise<void> {
  await caller.call(lockCall(handle, ranges, LockFlags.Unlock), control);
}
