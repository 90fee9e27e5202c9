import type { BigIntStats } from 'node:fs';
import type { OpenAccess } from '../backend.js';
import type { ByteString } from './name-map.js';

/** Of our own, in the root of the share: no client sees it or gets below it. */
export const PRIVATE_DIRECTORY = '.sombrero';

/** A node that was opened and found to be inside. */
export interface Found {
  /** -1 where the system cannot open such a node without reading it. */
  readonly fd: number;
  readonly stats: BigIntStats;
  /** Of the symlink, if the name is one. */
  readonly link: BigIntStats | undefined;
}

/** A directory that was found to be inside, held so that names in it stay in it. */
export interface Parent {
  /** What to put before `/name`. */
  readonly at: ByteString;
  release(): void;
}

/**
 * The one place that turns paths of the share into something that the system is asked about. Whatever symlinks are put
 * where and when, nothing outside of the root is opened for data, made, renamed or removed.
 */
export interface Containment {
  /** Names in the root that no client sees or gets below, in lower case. */
  readonly hidden: ReadonlySet<ByteString>;
  /** The share's directory, with no symlinks in it. */
  readonly root: ByteString;
  /** Opens what is there; for data only if it is a file. With `access.link` a symlink is opened itself. */
  open(path: ByteString, access: OpenAccess): Found;
  /** Another descriptor, for no data, of a node that is open; -1 where the system cannot. */
  again(fd: number, path: ByteString): number;
  /** The directory that holds the last component; ObjectPathNotFound if it is none, is not there or is outside. */
  parent(path: ByteString): Parent;
  /** What functions that want a path can be given for an open node. */
  via(fd: number, path: ByteString): ByteString;
  /** Where an open node is now, if the system tells. */
  whereIs(fd: number): ByteString | undefined;
}

/** Of what clients must not see. */
export function isPrivate({ hidden }: Pick<Containment, 'hidden'>, path: ByteString): boolean {
  const slash = path.indexOf('/');
  // In any case: there are file systems that do not tell them apart.
  return hidden.has((slash < 0 ? path : path.slice(0, slash)).toLowerCase());
}

/** The path below the root; undefined if it is outside or hidden. */
export function relativeTo(inside: Pick<Containment, 'hidden' | 'root'>, absolute: ByteString): ByteString | undefined {
  const { root } = inside;
  if (absolute === root) return '';
  const prefix = root === '/' ? root : `${root}/`;
  if (!absolute.startsWith(prefix)) return undefined;
  const path = absolute.slice(prefix.length);
  return isPrivate(inside, path) ? undefined : path;
}

export function under(root: ByteString, path: ByteString): ByteString {
  if (path === '') return root;
  return root === '/' ? `/${path}` : `${root}/${path}`;
}

export function parentOf(path: ByteString): ByteString {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function lastOf(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf('/') + 1);
}
