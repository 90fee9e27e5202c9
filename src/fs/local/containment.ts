import type { BigIntStats } from 'node:fs';
import type { OpenAccess } from '../backend.js';
import type { ByteString } from './name-map.js';

/** Our own directory in the root of the share, invisible and inaccessible to clients. */
export const PRIVATE_DIRECTORY = '.sombrero';

/** A node that was opened and verified to be inside the root. */
export interface Found {
  /** -1 if the system cannot open such a node without reading it. */
  readonly fd: number;
  readonly stats: BigIntStats;
  /** Stats of the symlink, if the name is one. */
  readonly link: BigIntStats | undefined;
}

/** A directory verified to be inside the root, held open so that names in it stay inside. */
export interface Parent {
  /** Prefix to put before `/name`. */
  readonly at: ByteString;
  release(): void;
}

/**
 * The only place that turns share paths into operating system paths. Whatever symlinks are planted, and whenever,
 * nothing outside the root is opened for data, created, renamed or removed.
 */
export interface Containment {
  /** Names in the root that clients can neither see nor enter, in lower case. */
  readonly hidden: ReadonlySet<ByteString>;
  /** Path of the share's directory, with symlinks resolved. */
  readonly root: ByteString;
  /** Opens an existing node; for data only if it is a file. With `access.link`, a symlink itself is opened. */
  open(path: ByteString, access: OpenAccess): Found;
  /** Another descriptor of an open node, without data access; -1 if the system cannot. */
  again(fd: number, path: ByteString): number;
  /** The parent directory; ObjectPathNotFound if it is not a directory, does not exist or is outside. */
  parent(path: ByteString): Parent;
  /** A path to an open node, for functions that take paths. */
  via(fd: number, path: ByteString): ByteString;
  /** Current path of an open node, if the system can tell. */
  whereIs(fd: number): ByteString | undefined;
}

/** Whether a path must be hidden from clients. */
export function isPrivate({ hidden }: Pick<Containment, 'hidden'>, path: ByteString): boolean {
  const slash = path.indexOf('/');
  // Compared case-insensitively, as some file systems do not distinguish case.
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
