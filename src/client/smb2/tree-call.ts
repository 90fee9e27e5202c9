import type { Smb2Call } from '#engine/smb2/client-connection.js';
import type { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';

/** One request; the caller adds tree and protection. */
export interface TreeCall extends Smb2Call {
  /** It was sent before, over a connection that was lost. */
  readonly replay?: boolean;
}

/** A request on an open file; in a compound, on the file that the first request opens. */
export type OnFile = (fileId: FileId) => TreeCall;

const NONE: readonly number[] = [];

/** All calls have the same object shape, for which the JIT optimizes the code that sends them. */
export function treeCall(
  command: number,
  body: Wire,
  path: string,
  { charge = 1, accept = NONE, dfs = false }: Pick<Smb2Call, 'charge' | 'accept' | 'dfs'> = {},
): TreeCall {
  return { command, body, path, charge, accept, dfs };
}
