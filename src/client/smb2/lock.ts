import { ConnectionLost } from '#wire/erref/errors.js';
import { LockElement, LockFlags, LockRequest } from '#wire/smb2/command/lock.js';
import { GlobalCap } from '#wire/smb2/command/negotiate.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import type { LockControl, LockMode, LockRange } from '../protocol.js';
import type { Caller } from './caller.js';
import type { Smb2Handle } from './create.js';
import { lasts } from './durable.js';
import { LockSequences, sequenceValue } from './lock-sequences.js';

/**
 * Sequences are needed if requests may be repeated: over another channel, or on a durable open ([MS-SMB2] 3.2.4.19).
 */
function sequencesOf({ agreement }: Caller, handle: Smb2Handle): LockSequences | undefined {
  const { dialect, response } = agreement;
  if (dialect < Dialect.Smb210) return undefined;
  const channels = dialect >= Dialect.Smb300 && (response.capabilities & GlobalCap.MultiChannel) !== 0;
  if (channels || lasts(handle)) handle.sequences ??= new LockSequences();
  return handle.sequences;
}

async function send(
  caller: Caller,
  handle: Smb2Handle,
  { ranges, flags }: { ranges: readonly LockRange[]; flags: number },
  { attempt, signal }: LockControl = {},
  late?: () => void,
): Promise<void> {
  const sequence = sequencesOf(caller, handle)?.begin(attempt);
  const body = new LockRequest();
  body.lockSequence = sequenceValue(sequence);
  body.fileId = handle.fileId;
  body.locks = ranges.map(({ offset, length }) => Object.assign(new LockElement(), { offset, length, flags }));
  const done = (): void => sequence?.of.end(sequence, true);
  const failed = (error: unknown): void => {
    if (sequence && !(error instanceof ConnectionLost)) sequence.of.end(sequence, false);
  };
  const granted = (): void => {
    done();
    late?.();
  };
  try {
    await caller.call({ command: Command.Lock, body, path: handle.path }, { signal }, granted, failed);
  } catch (error) {
    // An aborted request is answered later.
    if (!signal?.aborted) failed(error);
    throw error;
  }
  done();
}

/** [MS-SMB2] 3.2.4.19. A lock that is granted after an abort is released. */
export async function lock(
  caller: Caller,
  handle: Smb2Handle,
  ranges: readonly LockRange[],
  mode: LockMode,
  control?: LockControl,
): Promise<void> {
  const kind = mode.exclusive ? LockFlags.ExclusiveLock : LockFlags.SharedLock;
  // [MS-SMB2] 3.3.5.14.2: a request for several ranges must not wait.
  const flags = kind | (mode.wait && ranges.length === 1 ? 0 : LockFlags.FailImmediately);
  const late = (): void => void unlock(caller, handle, ranges).catch(() => undefined);
  await send(caller, handle, { ranges, flags }, control, late);
}

export async function unlock(
  caller: Caller,
  handle: Smb2Handle,
  ranges: readonly LockRange[],
  control?: LockControl,
): Promise<void> {
  await send(caller, handle, { ranges, flags: LockFlags.Unlock }, control);
}
