import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EMPTY } from '#wire/io/decoder.js';
import type { Account, AccountStore } from './account-store.js';
import { andThen, type Eventually, type Identity } from './mechanism.js';
import { type Attempt, type Proof, proofOf } from './responses.js';

/** Which logons a server accepts. */
export interface LogonPolicy {
  /** Accept NTLMv1, LM and NTLM2 session responses. They can be cracked, so use them for old devices only. */
  readonly ntlmv1: boolean;
  /** Accept logons without a user name. */
  readonly anonymous: boolean;
  /** Unknown users become guests. A known user's wrong password is still wrong. */
  readonly guest: boolean;
}

export interface Logon {
  readonly identity: Identity;
  /** Undefined for guests and anonymous users. */
  readonly proof: Proof | undefined;
}

/** Stands in for unknown users, so that rejecting them takes the same time. */
const NOBODY: Account = { name: '', ntHash: new Uint8Array(16) };

/** Accepts or rejects an attempt. The identity's key is the KeyExchangeKey. */
export function logOn(attempt: Attempt, store: AccountStore, policy: LogonPolicy): Eventually<Logon> {
  if (isAnonymous(attempt)) {
    if (!policy.anonymous) throw new StatusError(NtStatus.LogonFailure, { hint: 'anonymous' });
    return without('anonymous', 'ANONYMOUS LOGON', 'NT AUTHORITY', attempt);
  }
  return andThen(store.find(attempt.account), (account) => decide(attempt, account, policy));
}

function isAnonymous({ account, ntResponse, lmResponse }: Attempt): boolean {
  return account === '' && ntResponse.length === 0 && (lmResponse.length === 0 || isOneZero(lmResponse));
}

const isOneZero = (bytes: Uint8Array): boolean => bytes.length === 1 && bytes[0] === 0;

function decide(attempt: Attempt, account: Account | undefined, policy: LogonPolicy): Logon {
  const proof = proofOf(attempt, account ?? NOBODY, policy.ntlmv1);
  if (account === undefined) {
    if (policy.guest) return without('guest', 'Guest', '', attempt);
    throw new StatusError(NtStatus.LogonFailure);
  }
  if (proof === undefined) throw new StatusError(NtStatus.LogonFailure);
  if (account.disabled) throw new StatusError(NtStatus.AccountDisabled);
  const { domain, workstation } = attempt;
  return { identity: { account: account.name, domain, kind: 'user', sessionKey: proof.key, workstation }, proof };
}

function without(kind: 'guest' | 'anonymous', account: string, domain: string, attempt: Attempt): Logon {
  return {
    identity: { account, domain, kind, sessionKey: EMPTY, workstation: attempt.workstation },
    proof: undefined,
  };
}
