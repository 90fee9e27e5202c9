import { andThen, type Eventually } from '#auth/mechanism.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { NetApiStatus } from '#wire/rpc/srvsvc/interface.js';
import type { RpcCall } from './interface.js';

/** Whether the caller is an authenticated user: guests and anonymous callers learn little. */
export function isKnown({ identity }: RpcCall): boolean {
  return identity.kind === 'user';
}

/** AccessDenied unless authenticated: account names and SIDs are only for users. */
export function requireKnown(call: RpcCall): void {
  if (!isKnown(call)) throw new StatusError(NtStatus.AccessDenied);
}

/** Runs an operation for administrators; others get ERROR_ACCESS_DENIED. */
export function forAdministrators(
  { core, identity }: RpcCall,
  run: () => Eventually<number | undefined>,
): Eventually<number | undefined> {
  return andThen(core.tokens.of(identity), (token) => {
    return token.has(WellKnownSid.administrators) ? run() : NetApiStatus.ErrorAccessDenied;
  });
}
