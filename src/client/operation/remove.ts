import { type Removable, removeTree } from '#trees/remove.js';
import type { Node, WalkFault } from '#trees/walk.js';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { ReparseTag } from '#wire/fscc/fsctl/reparse-data.js';
import { errnoCode, isNotFound, presentCode } from '../errors.js';
import { normal, toWire } from '../paths.js';
import type { Control, Dots, FileProtocol } from '../protocol.js';
import { lstat } from './facts.js';
import { isFollowedLink } from './followed-links.js';
import { type ShareNode, ShareNodes, walkFault } from './walk-share.js';

/** How far `rm` goes. */
export interface RemoveOptions {
  /** A directory goes with all that is in it. */
  readonly recursive?: boolean | undefined;
  /** It need not be there. */
  readonly force?: boolean | undefined;
}

export async function rm(
  protocol: FileProtocol,
  path: string,
  options: RemoveOptions,
  control: Control,
): Promise<void> {
  try {
    await remove(protocol, normal(path), options.recursive === true, control);
  } catch (error) {
    if (!options.force || !isNotFound(error)) throw error;
  }
}

async function remove(protocol: FileProtocol, path: string, recursive: boolean, control: Control): Promise<void> {
  if (path === '') throw new UsageError("the share's root cannot be removed");
  try {
    await protocol.remove(toWire(path), false, control);
  } catch (error) {
    if (!recursive || !(await isDirectory(protocol, path, error, control))) throw error;
    await removeDirectory(protocol, path, control);
  }
}

/** Removes a directory; only if it turns out not to be empty, what is in it is looked at. */
async function removeDirectory(protocol: FileProtocol, path: string, control: Control): Promise<void> {
  try {
    return await protocol.remove(toWire(path), true, control);
  } catch (error) {
    const code = errnoCode(error);
    // Servers that follow links list them as what they lead to.
    if (code === 'ENOTDIR') return protocol.remove(toWire(path), false, control);
    if (code !== 'ENOTEMPTY') throw error;
  }
  // The first failure is the failure of all of it.
  const isFatal = (): boolean => true;
  await removeTree(new ShareRemoval(protocol, path), path, { ...control, codeOf: presentCode, isFatal, fault });
}

function fault(kind: WalkFault | 'linked', path: string, why: string): StatusError {
  if (kind !== 'linked') return walkFault(kind, path, why);
  return new StatusError(NtStatus.DirectoryNotEmpty, { command: 'SET_INFO', path, hint: `it is ${why}` });
}

/** What is removed of a share. */
class ShareRemoval implements Removable<RemovableNode> {
  readonly #protocol: FileProtocol;
  readonly #nodes: ShareNodes;

  constructor(protocol: FileProtocol, top: string) {
    this.#protocol = protocol;
    this.#nodes = new ShareNodes(protocol, { path: top });
  }

  async *list(path: string, control: Control): AsyncGenerator<RemovableNode, void, undefined> {
    for await (const node of this.#nodes.list(path, control))
      yield { ...node, kind: kindOf(node), dots: node.found?.dots };
  }

  stat(path: string, control: Control): Promise<ShareNode | undefined> {
    return this.#nodes.stat(path, control);
  }

  remove(path: string, directory: boolean, control: Control): Promise<void> {
    return this.#protocol.remove(toWire(path), directory, control);
  }

  isFollowedLink(path: string, control: Control): Promise<boolean> {
    return isFollowedLink(this.#protocol, path, control);
  }
}

interface RemovableNode extends ShareNode {
  readonly dots?: Dots | undefined;
}

/** [MS-FSCC] 2.1.2.1: bit 29 of a tag says that it stands for another name. */
const NAME_SURROGATE = 0x20000000;

/** What leads elsewhere goes itself, and is not looked into: links, mount points, links of DFS, and what nobody explains. */
function kindOf({ kind, found }: ShareNode): Node['kind'] {
  if (!found?.isReparsePoint()) return kind;
  const { reparseTag: tag } = found;
  return tag === 0 || tag === ReparseTag.Dfs || (tag & NAME_SURROGATE) !== 0 ? 'link' : kind;
}

// Not every server says what was wrong about removing it as a file.
async function isDirectory(protocol: FileProtocol, path: string, error: unknown, control: Control): Promise<boolean> {
  const code = errnoCode(error);
  if (code !== 'EACCES' && code !== 'EPERM') return code === 'EISDIR';
  const { attributes } = await lstat(protocol, path, control);
  return (attributes & FileAttributes.Directory) !== 0;
}
