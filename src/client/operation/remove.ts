import { type Removable, removeTree } from '#trees/remove.js';
import type { Node, WalkFault } from '#trees/walk.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileDispositionInformation } from '#wire/fscc/file-info/disposition.js';
import { ReparseTag } from '#wire/fscc/fsctl/reparse-data.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { basicInfo } from '../basic-info.js';
import { errnoCode, isNotFound, presentCode } from '../errors.js';
import { packed } from '../packing.js';
import { normal, toWire } from '../paths.js';
import type { Control, Dots, FileProtocol } from '../protocol.js';
import { linkItself, lstat, setLinkFacts } from './facts.js';
import { isFollowedLink } from './followed-links.js';
import { type ShareNode, ShareNodes, walkFault } from './walk-share.js';

/** How `rm` removes. */
export interface RemoveOptions {
  /** Removes a directory with everything in it. */
  readonly recursive?: boolean | undefined;
  /** Ignores a missing path, and removes read-only files. */
  readonly force?: boolean | undefined;
  /** Removes read-only files, as POSIX systems do; defaults to `force`. */
  readonly readOnly?: boolean | undefined;
}

export async function rm(
  protocol: FileProtocol,
  path: string,
  options: RemoveOptions,
  control: Control,
): Promise<void> {
  try {
    await new Removal(protocol, options, control).remove(normal(path));
  } catch (error) {
    if (!options.force || !isNotFound(error)) throw error;
  }
}

/** How to remove a single file or directory. */
export interface RemoveOneOptions {
  /** Removes it even if it is read-only. */
  readonly readOnly?: boolean | undefined;
}

/** Removes a file or an empty directory, even a read-only one if the options say so. */
export function removeOne(
  protocol: FileProtocol,
  path: string,
  directory: boolean,
  { readOnly }: RemoveOneOptions,
  control: Control,
): Promise<void> {
  return new Removal(protocol, { readOnly }, control).one(path, directory);
}

class Removal {
  readonly #protocol: FileProtocol;
  readonly #recursive: boolean;
  readonly #readOnly: boolean;
  readonly #control: Control;

  constructor(
    protocol: FileProtocol,
    { recursive = false, force = false, readOnly = force }: RemoveOptions,
    control: Control,
  ) {
    this.#protocol = protocol;
    this.#recursive = recursive;
    this.#readOnly = readOnly;
    this.#control = control;
  }

  async remove(path: string): Promise<void> {
    if (path === '') throw new UsageError("the share's root cannot be removed");
    try {
      await this.one(path, false);
    } catch (error) {
      if (!this.#recursive || !(await isDirectory(this.#protocol, path, error, this.#control))) throw error;
      await this.#directory(path);
    }
  }

  /** Removes a directory; its contents are listed only if it turns out not to be empty. */
  async #directory(path: string): Promise<void> {
    try {
      return await this.one(path, true);
    } catch (error) {
      const code = errnoCode(error);
      // Servers that follow links themselves list them as directories.
      if (code === 'ENOTDIR') return this.one(path, false);
      if (code !== 'ENOTEMPTY') throw error;
    }
    // The first failure ends the removal.
    const isFatal = (): boolean => true;
    const tree = new ShareRemoval(this.#protocol, path, (path, directory) => this.one(path, directory));
    await removeTree(tree, path, { ...this.#control, codeOf: presentCode, isFatal, fault });
  }

  /** Removes a file, a link, or an empty directory. */
  async one(path: string, directory: boolean): Promise<void> {
    const wire = toWire(path);
    try {
      await this.#protocol.remove(wire, directory, this.#control);
    } catch (error) {
      if (!this.#readOnly || !isRefusal(error)) throw error;
      await removeReadOnly(this.#protocol, wire, directory, error, this.#control);
    }
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof StatusError && [NtStatus.CannotDelete, NtStatus.AccessDenied].includes(error.status as never);
}

/** The attributes that can be set. */
const { Hidden, System, Archive, Temporary, Offline, NotContentIndexed, Readonly } = FileAttributes;
const SETTABLE = Hidden | System | Archive | Temporary | Offline | NotContentIndexed;

/**
 * Clears the read-only attribute and deletes the file in one round trip. If the deletion fails, the attribute is
 * restored.
 */
async function removeReadOnly(
  protocol: FileProtocol,
  path: string,
  directory: boolean,
  refusal: unknown,
  control: Control,
): Promise<void> {
  const { attributes } = await lstat(protocol, path, control);
  if ((attributes & Readonly) === 0) throw refusal;
  const kind = directory ? CreateOptions.DirectoryFile : CreateOptions.NonDirectoryFile;
  const open = linkItself(path, FileAccess.Delete | FileAccess.WriteAttributes);
  const bare = { verb: 'set', ...basicInfo({ attributes: attributes & SETTABLE }) } as const;
  const data = packed(Object.assign(new FileDispositionInformation(), { deletePending: true }));
  const goes = { verb: 'set', infoType: InfoType.File, infoClass: FileInfoClass.Disposition, data } as const;
  try {
    await protocol.visit({ ...open, options: kind | CreateOptions.OpenReparsePoint }, [bare, goes], control);
  } catch (error) {
    if (!isNotFound(error)) {
      const back = { attributes: (attributes & SETTABLE) | Readonly };
      await setLinkFacts(protocol, path, back, {}).catch(() => undefined);
    }
    throw error;
  }
}

function fault(kind: WalkFault | 'linked', path: string, why: string): StatusError {
  if (kind !== 'linked') return walkFault(kind, path, why);
  return new StatusError(NtStatus.DirectoryNotEmpty, { command: 'SET_INFO', path, hint: `it is ${why}` });
}

/** The share as a tree to remove from. */
class ShareRemoval implements Removable<RemovableNode> {
  readonly remove: (path: string, directory: boolean) => Promise<void>;
  readonly #protocol: FileProtocol;
  readonly #nodes: ShareNodes;

  constructor(protocol: FileProtocol, top: string, remove: (path: string, directory: boolean) => Promise<void>) {
    this.#protocol = protocol;
    this.#nodes = new ShareNodes(protocol, { path: top });
    this.remove = remove;
  }

  async *list(path: string, control: Control): AsyncGenerator<RemovableNode, void, undefined> {
    for await (const node of this.#nodes.list(path, control))
      yield { ...node, kind: kindOf(node), dots: node.found?.dots };
  }

  stat(path: string, control: Control): Promise<ShareNode | undefined> {
    return this.#nodes.stat(path, control);
  }

  isFollowedLink(path: string, control: Control): Promise<boolean> {
    return isFollowedLink(this.#protocol, path, control);
  }
}

interface RemovableNode extends ShareNode {
  readonly dots?: Dots | undefined;
}

/** [MS-FSCC] 2.1.2.1: bit 29 marks a tag as a name surrogate, which stands for another file or directory. */
const NAME_SURROGATE = 0x20000000;

/**
 * Reparse points that lead elsewhere (links, mount points, DFS links, unknown tags) are removed themselves, and not
 * entered.
 */
function kindOf({ kind, found }: ShareNode): Node['kind'] {
  if (!found?.isReparsePoint()) return kind;
  const { reparseTag: tag } = found;
  return tag === 0 || tag === ReparseTag.Dfs || (tag & NAME_SURROGATE) !== 0 ? 'link' : kind;
}

// Not every server says that the path is a directory when asked to delete it as a file.
async function isDirectory(protocol: FileProtocol, path: string, error: unknown, control: Control): Promise<boolean> {
  const code = errnoCode(error);
  if (code !== 'EACCES' && code !== 'EPERM') return code === 'EISDIR';
  const { attributes } = await lstat(protocol, path, control);
  return (attributes & FileAttributes.Directory) !== 0;
}
