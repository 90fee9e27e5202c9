import type { Eventually, Identity } from '#auth/mechanism.js';
import { StatusError } from '#wire/erref/errors.js';
import type { Wire } from '#wire/io/layout.js';
import type { SyntaxId } from '#wire/rpc/syntax.js';
import type { ServerCore } from '../core.js';
import type { Handles } from './handles.js';

/** Context of a call. */
export interface RpcCall {
  readonly core: ServerCore;
  /** The caller: as authenticated in the bind, otherwise the session's user. */
  readonly identity: Identity;
  readonly handles: Handles;
}

/** An operation of an interface: its request type and its implementation. */
export interface RpcOperation {
  readonly request: () => Wire;
  readonly call: (request: Wire, call: RpcCall) => Eventually<Wire>;
}

export interface RpcInterface {
  readonly syntax: SyntaxId;
  readonly operations: Readonly<Record<number, RpcOperation>>;
}

/** Ends a call with a fault PDU instead of a response ([C706] 12.6.4.7). */
export class RpcFault extends Error {
  /** `FaultStatus`. */
  readonly status: number;

  constructor(status: number) {
    super(`RPC fault 0x${status.toString(16)}`);
    this.status = status;
  }
}

interface WithStatus extends Wire {
  status: number;
}

/** Implements an operation: fills in the response, and may return its status. */
export type Run<Q, R> = (request: Q, response: R, call: RpcCall) => Eventually<number | undefined>;

/**
 * Declares an operation. A StatusError is answered with an empty response and that status, dropping whatever was filled
 * in before.
 */
export function on<Q extends Wire, R extends WithStatus>(
  Request: new () => Q,
  Response: new () => R,
  run: Run<Q, R>,
): RpcOperation {
  const refuse = (error: unknown): R => {
    if (error instanceof StatusError) return Object.assign(new Response(), { status: error.status });
    throw error;
  };
  return {
    request: () => new Request(),
    call: (request, call) => {
      const response = new Response();
      const done = (status: number | undefined): R => {
        if (status !== undefined) response.status = status;
        return response;
      };
      try {
        const status = run(request as Q, response, call);
        return status instanceof Promise ? status.then(done).catch(refuse) : done(status);
      } catch (error) {
        return refuse(error);
      }
    },
  };
}
