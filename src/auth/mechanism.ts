import type { ChallengeFacts } from './challenge-facts.js';

/** A value, or a promise of one. */
export type Eventually<T> = T | Promise<T>;

/** Source of random bytes; injected so that a handshake can be replayed. */
export type Random = (length: number) => Uint8Array;
/** The current time as FILETIME. */
export type Now = () => bigint;

/** Who logged on. */
export interface Identity {
  readonly account: string;
  readonly domain: string;
  readonly kind: 'user' | 'guest' | 'anonymous';
  /** 16 bytes; empty for guests and anonymous users. */
  readonly sessionKey: Uint8Array;
  /** The client machine's name, as claimed by the client. */
  readonly workstation: string;
  /** When the credentials expire, in milliseconds since 1970; absent if never, as with NTLM. */
  readonly expiresAt?: number;
}

export type StepResult =
  | { readonly token: Uint8Array; readonly done: false }
  | { readonly token: Uint8Array; readonly done: true; readonly identity: Identity };

/** The server side of one logon. Fails with StatusError or Malformed, after which it must not be used again. */
export interface ServerMechanism {
  step(token: Uint8Array): Eventually<StepResult>;
}

/** The client side of one logon. */
export interface ClientMechanism {
  /** Takes the server's token (none the first time) and returns the token to send, which may be empty at the end. */
  step(token: Uint8Array | undefined): Uint8Array;
  /** 16 bytes once the credentials have been sent; empty for anonymous logons. */
  readonly sessionKey: Uint8Array;
  /** Nothing more is expected from the server. */
  readonly done: boolean;
  readonly anonymous: boolean;
  /** What the server disclosed about itself; undefined until its challenge. */
  readonly server: ChallengeFacts | undefined;
}

/** Continues with a value or, once resolved, with that of a promise. */
export function andThen<T, R>(value: Eventually<T>, next: (value: T) => Eventually<R>): Eventually<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
