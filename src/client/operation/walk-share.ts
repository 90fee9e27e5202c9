import { type Node, type Walkable, type WalkFault, type WalkOptions, type WalkStep, walk } from '#trees/walk.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { errnoCode, isNotFound } from '../errors.js';
import { DirectoryEntry, type NodeStat } from '../node-stat.js';
import { toWire } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';
import { listDirectory } from './list-directory.js';

/** A node in a walk of a share. Symbolic links are links; other reparse points count as what they look like. */
export interface ShareNode extends Node {
  /** The listed entry; undefined for the top. */
  readonly found: DirectoryEntry | undefined;
}

/** The directory where a walk begins; it is not looked up. */
interface Top {
  readonly path: string;
  /** Its file ID, if known. */
  readonly id?: bigint;
}

/** Makes a share walkable. */
export class ShareNodes implements Walkable<ShareNode> {
  readonly #protocol: FileProtocol;
  readonly #top: Top;
  readonly #pattern: string;

  constructor(protocol: FileProtocol, top: Top, pattern = '*') {
    this.#protocol = protocol;
    this.#top = top;
    this.#pattern = pattern;
  }

  async *list(path: string, control: Control): AsyncGenerator<ShareNode, void, undefined> {
    for await (const batch of listDirectory(this.#protocol, path, this.#pattern, control)) yield* batch.map(nodeOf);
  }

  async stat(path: string, control: Control): Promise<ShareNode | undefined> {
    const { path: top, id } = this.#top;
    if (path === top) return { name: '', kind: 'directory', id: textOf(id), found: undefined };
    try {
      const info = await this.#protocol.stat(toWire(path), control);
      const slash = path.lastIndexOf('/');
      return nodeOf(new DirectoryEntry({ ...info, name: path.slice(slash + 1) }, path.slice(0, Math.max(0, slash))));
    } catch (error) {
      if (isNotFound(error) || errnoCode(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  }
}

function nodeOf(found: DirectoryEntry): ShareNode {
  return { name: found.name, kind: kindOf(found), id: textOf(found.id), found };
}

function textOf(id: bigint = 0n): string {
  return id === 0n ? '' : String(id);
}

function kindOf(node: NodeStat): Node['kind'] {
  if (node.isSymbolicLink()) return 'link';
  return node.isDirectory() ? 'directory' : 'file';
}

const STATUS: Readonly<Record<WalkFault, number>> = {
  missing: NtStatus.ObjectNameNotFound,
  name: NtStatus.InvalidNetworkResponse,
  endless: NtStatus.StoppedOnSymlink,
};

/** The error for a fault found during a walk. */
export function walkFault(fault: WalkFault, path: string, why: string): StatusError {
  return new StatusError(STATUS[fault], { command: 'QUERY_DIRECTORY', path, hint: why });
}

/** Whether an error concerns one directory only; it is reported after everything else. */
function isLocal(error: unknown): boolean {
  const { status } = error instanceof StatusError ? error : { status: undefined };
  return status === NtStatus.InvalidNetworkResponse || status === NtStatus.StoppedOnSymlink;
}

/** Everything below a directory. Hostile names and endless recursion are errors, but only at the end. */
export async function* walkShare(
  protocol: FileProtocol,
  top: string,
  { pattern, enters }: Pick<WalkOptions<ShareNode>, 'enters'> & { readonly pattern?: string | undefined },
  control: Control,
): AsyncGenerator<WalkStep<ShareNode>, void, undefined> {
  let first: unknown;
  const onError = (_path: string, error: unknown): void => {
    if (!isLocal(error)) throw error;
    first ??= error;
  };
  yield* walk(new ShareNodes(protocol, { path: top }, pattern), top, {
    ...control,
    onError,
    fault: walkFault,
    ...(enters && { enters }),
  });
  if (first !== undefined) throw first;
}
