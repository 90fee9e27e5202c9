import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

/** The share name of a UNC path, `\\server\share`; the server name does not matter. */
export function shareNameOf(path: string): string {
  const match = /^\\{0,2}[^\\]*\\([^\\]+)$/.exec(path);
  if (match?.[1] === undefined) throw new StatusError(NtStatus.BadNetworkName, { path });
  return match[1];
}
