import type { ChallengeFacts } from './challenge-facts.js';

/** At once, or later. */
export type Eventually<T> = T | Promise<T>;

/** Random bytes; injected, so that a handshake can be played again. */
export type Random = (length: number) => Uint8Array;
/** The time as FILETIME. */
export type Now = () => bigint;

/** Who logged on. */
export interface Identity {
  readonly account: string;
  readonly domain: string;
  readonly kind: 'user' | 'guest' | 'anonymous';
  /** 16 bytes; empty for those who proved nothing. */
  readonly sessionKey: Uint8Array;
  /** The client machine's name as it says. */
  readonly workstation: string;
  /** Milliseconds since 1970 at which the proof expires; absent where it never does, as with NTLM. */
  readonly expiresAt?: number;
}

export type StepResult =
  | { readonly token: Uint8Array; readonly done: false }
  | { readonly token: Uint8Array; readonly done: true; readonly identity: Identity };

/** The server's side of one logon. Failing is a StatusError or Malformed; after that it is of no use any more. */
export interface ServerMechanism {
  step(token: Uint8Array): Eventually<StepResult>;
}

/** The client's side of one logon. */
export interface ClientMechanism {
  /** Takes what the server sent (nothing the first time) and returns what to send, which may be empty at the end. */
  step(token: Uint8Array | undefined): Uint8Array;
  /** 16 bytes once the credentials were sent; empty for anonymous. */
  readonly sessionKey: Uint8Array;
  /** Nothing more is expected from the server. */
  readonly done: boolean;
  readonly anonymous: boolean;
  /** What the server told of itself; undefined before. */
  readonly server: ChallengeFacts | undefined;
}

/** Goes on with a value that may not be there yet. */
export function andThen<T, R>(value: Eventually<T>, next: (value: T) => Eventually<R>): Eventually<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
