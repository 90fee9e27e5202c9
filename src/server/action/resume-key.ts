import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import type { Session } from '../state/session.js';

const KEY_BYTES = 24;
/** The open's id, for look-up; the rest of the key is random. */
const ID_BYTES = 4;

/** Open.ResumeKey; lives as long as the open. */
const keys = new WeakMap<DiskOpen, Uint8Array>();

/** The key that identifies the open as the source of a copy ([MS-SMB2] 3.3.5.15.5); always the same. */
export function resumeKey(core: ServerCore, open: DiskOpen): Uint8Array {
  const known = keys.get(open);
  if (known !== undefined) return known;
  const key = new Uint8Array(KEY_BYTES);
  new DataView(key.buffer).setUint32(0, open.id, true);
  key.set(core.random(KEY_BYTES - ID_BYTES), ID_BYTES);
  keys.set(open, key);
  return key;
}

/** The session's open with this key, on any share; ObjectNameNotFound if there is none. */
export function openOfKey(session: Session, key: Uint8Array): DiskOpen {
  const id = new DataView(key.buffer, key.byteOffset, key.byteLength).getUint32(0, true);
  const open = session.opens.get(id);
  const own = open?.kind === 'disk' ? keys.get(open) : undefined;
  if (open?.kind !== 'disk' || own === undefined || !own.every((byte, i) => byte === key[i])) {
    throw new StatusError(NtStatus.ObjectNameNotFound);
  }
  return open;
}
