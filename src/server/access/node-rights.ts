import { andThen, type Eventually } from '#auth/mechanism.js';
import type { Backend, NodeInfo } from '#fs/backend.js';
import type { SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import { decodeDescriptor } from './descriptor-bytes.js';
import { privilegedRights, rightsOf } from './rights.js';
import type { Token } from './token.js';
import { rightsByMode } from './unstored.js';

/** An open node, for access decisions. */
export interface RatedNode {
  readonly backend: Backend;
  /** Handle of the node itself, never of a stream. */
  readonly handle: unknown;
  readonly info: NodeInfo;
}

/** The descriptor stored for a node; undefined if it has none of its own. */
export function storedDescriptor({ backend, handle, info }: RatedNode): Eventually<SecurityDescriptor | undefined> {
  if (backend.descriptors === undefined || info.kind === 'symlink') return undefined;
  return andThen(backend.descriptors.get(handle), (bytes) => bytes && decodeDescriptor(bytes));
}

/** All rights that the node's own descriptor, or its permission bits, give. */
export function rightsOn(node: RatedNode, token: Token, forBackup: boolean): Eventually<number> {
  return andThen(storedDescriptor(node), (descriptor) => rightsBy(descriptor, node.info, token, forBackup));
}

export function rightsBy(
  descriptor: SecurityDescriptor | undefined,
  info: NodeInfo,
  token: Token,
  forBackup: boolean,
): number {
  if (descriptor !== undefined) return rightsOf(descriptor, token, forBackup);
  return (rightsByMode(info) | privilegedRights(token, forBackup)) >>> 0;
}

/** Opens a directory, runs `look` on it and closes it again. */
export async function lookAt<T>(backend: Backend, path: string, look: (node: RatedNode) => Eventually<T>): Promise<T> {
  const { handle, info } = await backend.open(path, { read: false, write: false });
  try {
    return await look({ backend, handle, info });
  } finally {
    await backend.close(handle);
  }
}
