import type { Smb2Call } from '#engine/smb2/client-connection.js';
import type { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';

/** What one request says; the tree and the protection are the caller's business. */
export interface TreeCall extends Smb2Call {
  /** It was sent before, over a connection that was lost. */
  readonly replay?: boolean;
}

/** A request that may follow another one in a compound and then means the file that the first one opened. */
export type OnFile = (fileId: FileId) => TreeCall;

const NONE: readonly number[] = [];

/** All of one shape: what sends them is compiled for that. */
export function treeCall(
  command: number,
  body: Wire,
  path: string,
  { charge = 1, accept = NONE, dfs = false }: Pick<Smb2Call, 'charge' | 'accept' | 'dfs'> = {},
): TreeCall {
  return { command, body, path, charge, accept, dfs };
}
