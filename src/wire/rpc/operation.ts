import type { Wire } from '../io/layout.js';

/** An operation's name, and the structures of its stubs. */
export interface RpcOperationForm {
  readonly name: string;
  readonly request: new () => Wire;
  readonly response: new () => Wire;
}

/** The operations of an interface by opnum. */
export type RpcOperations = Readonly<Record<number, RpcOperationForm>>;

/** A row of such a table. */
export function operation(name: string, request: new () => Wire, response: new () => Wire): RpcOperationForm {
  return { name, request, response };
}
