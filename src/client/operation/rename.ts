import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { hinted, towards } from '../errors.js';
import { normal, toWire } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';

const IN_THE_WAY = 'the account may not, or what is there already is open, read-only, or a directory';

/** Renames or moves within the share. */
export async function rename(
  protocol: FileProtocol,
  from: string,
  to: string,
  replace: boolean,
  control: Control,
): Promise<void> {
  if (normal(to).startsWith(`${normal(from)}/`)) {
    const about = { command: 'RENAME', path: normal(from), dest: normal(to) };
    throw new StatusError(NtStatus.InvalidParameter, { ...about, hint: 'it cannot be moved into itself' });
  }
  try {
    await protocol.rename(toWire(from), toWire(to), replace, control);
  } catch (error) {
    const denied = error instanceof StatusError && error.status === NtStatus.AccessDenied;
    throw towards(denied ? hinted(error, IN_THE_WAY) : error, to);
  }
}
