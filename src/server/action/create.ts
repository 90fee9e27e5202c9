import { type Backend, isWritable, type NodeInfo, type Opened, type WritableBackend } from '#fs/backend.js';
import { resolvePath } from '#fs/case-fold.js';
import { FileAccess, FileGeneric, mapGenericAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes, SETTABLE_ATTRIBUTES } from '#wire/fscc/attributes.js';
import { pathComponents } from '#wire/fscc/file-name.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import { CreateAction, CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import type { Right } from '../state/share.js';
import type { Tree } from '../state/tree.js';
import { volumeKey } from '../volume.js';
import { close } from './close.js';

/** A CREATE of any dialect. */
export interface CreateFacts {
  /** As the client sent it: `\` between components. */
  readonly name: string;
  readonly desiredAccess: number;
  readonly shareAccess: number;
  readonly disposition: number;
  readonly options: number;
  readonly attributes: number;
}

export interface Created {
  readonly open: DiskOpen;
  readonly action: number;
  readonly info: NodeInfo;
  /** What MAXIMUM_ALLOWED would have granted. */
  readonly maximalAccess: number;
}

const READ_ONLY_ACCESS = (FileGeneric.Read | FileGeneric.Execute) >>> 0;
const READING = FileAccess.ReadData | FileAccess.Execute;
const WRITING = FileAccess.WriteData | FileAccess.AppendData;
/** Another client may create or remove the name between our look and our deed. */
const ATTEMPTS = 5;

/** Everything that a right on the share allows on a file of it. */
export function maximalAccess(right: Right): number {
  if (right === 'none') return 0;
  return right === 'write' ? FileGeneric.All : READ_ONLY_ACCESS;
}

/** The access mask that is granted for a desired one; AccessDenied if a bit of it is not to be had. */
export function grantAccess(desired: number, maximal: number): number {
  const wanted = mapGenericAccess(desired);
  const explicit = wanted & ~FileAccess.MaximumAllowed;
  if (wanted === 0 || (explicit & ~maximal) !== 0) throw new StatusError(NtStatus.AccessDenied);
  return ((wanted & FileAccess.MaximumAllowed) !== 0 ? maximal : explicit) >>> 0;
}

/** What becomes of a name that exists, or does not ([MS-FSA] 2.1.5.1). */
const overwrites = (disposition: number): boolean =>
  disposition === CreateDisposition.Supersede ||
  disposition === CreateDisposition.Overwrite ||
  disposition === CreateDisposition.OverwriteIf;
const creates = (disposition: number): boolean =>
  disposition !== CreateDisposition.Open && disposition !== CreateDisposition.Overwrite;

/** Opens or creates a file or directory ([MS-SMB2] 3.3.5.9, [MS-FSA] 2.1.5.1). */
export async function create(core: ServerCore, tree: Tree, facts: CreateFacts): Promise<Created> {
  checkFacts(facts);
  const right = tree.right;
  if (right === 'none') throw new StatusError(NtStatus.AccessDenied);
  const maximal = maximalAccess(right);
  const granted = grantAccess(facts.desiredAccess, maximal);
  if ((facts.options & CreateOptions.DeleteOnClose) !== 0 && (granted & FileAccess.Delete) === 0) {
    throw new StatusError(NtStatus.AccessDenied);
  }
  const components = pathComponents(facts.name);
  // Nobody could open the share's root any more while others still have it open.
  if (components.length === 0 && (facts.options & CreateOptions.DeleteOnClose) !== 0) {
    throw new StatusError(NtStatus.CannotDelete);
  }
  const attempt = new Attempt(core, tree, facts, granted);
  for (let i = 0; i < ATTEMPTS; i++) {
    const created = await attempt.run(components);
    if (!created) continue;
    await requireTree(core, created.open);
    return { ...created, maximalAccess: maximal };
  }
  throw new StatusError(NtStatus.SharingViolation);
}

// Whoever disconnected meanwhile must not leave an open behind that nobody can reach any more.
async function requireTree(core: ServerCore, open: DiskOpen): Promise<void> {
  if (!open.tree.closed) return;
  await close(core, open);
  throw new StatusError(NtStatus.NetworkNameDeleted);
}

function checkFacts({ options, disposition }: CreateFacts): void {
  const directory = (options & CreateOptions.DirectoryFile) !== 0;
  const contradicts = directory && (options & CreateOptions.NonDirectoryFile) !== 0;
  const badDisposition = disposition > CreateDisposition.OverwriteIf || (directory && overwrites(disposition));
  if (contradicts || badDisposition) throw new StatusError(NtStatus.InvalidParameter);
  if ((options & CreateOptions.OpenByFileId) !== 0) throw new StatusError(NtStatus.NotSupported);
}

type Outcome = Omit<Created, 'maximalAccess'>;

/** One CREATE while it is under way. */
class Attempt {
  readonly #core: ServerCore;
  readonly #tree: Tree;
  readonly #facts: CreateFacts;
  readonly #granted: number;
  readonly #backend: Backend;

  constructor(core: ServerCore, tree: Tree, facts: CreateFacts, granted: number) {
    this.#core = core;
    this.#tree = tree;
    this.#facts = facts;
    this.#granted = granted;
    this.#backend = tree.share.backend;
  }

  /** Undefined when somebody else was faster and it has to be tried again. */
  async run(components: readonly string[]): Promise<Outcome | undefined> {
    const exact = components.join('/');
    const opened = await this.#open(exact);
    if (opened) return this.#existing(exact, opened);
    const { path, missing } = await resolvePath(this.#backend, components, true);
    if (missing.length === 0) {
      const folded = await this.#open(path);
      return folded && this.#existing(path, folded);
    }
    if (missing.length > 1) throw new StatusError(NtStatus.ObjectPathNotFound);
    if (!creates(this.#facts.disposition)) throw await this.#notFound(path);
    return this.#new(path === '' ? (missing[0] as string) : `${path}/${missing[0]}`);
  }

  // A name below something that is no directory is a wrong path ([MS-FSA] 2.1.5.1).
  async #notFound(parent: string): Promise<StatusError> {
    const opened = await this.#backend.open(parent, { read: false, write: false });
    await this.#backend.close(opened.handle);
    const isDirectory = opened.info.kind === 'directory';
    return new StatusError(isDirectory ? NtStatus.ObjectNameNotFound : NtStatus.ObjectPathNotFound);
  }

  /** Opens what stands at a path; undefined if nothing does. */
  async #open(path: string): Promise<Opened<unknown> | undefined> {
    const { disposition } = this.#facts;
    const write = (this.#granted & WRITING) !== 0 || overwrites(disposition);
    const read = (this.#granted & READING) !== 0;
    try {
      return await this.#backend.open(path, { read, write });
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (!isKind(error, NtStatus.FileIsADirectory)) throw error;
      return this.#backend.open(path, { read: false, write: false });
    }
  }

  async #existing(path: string, opened: Opened<unknown>): Promise<Outcome> {
    const { disposition } = this.#facts;
    let open: DiskOpen | undefined;
    try {
      const directory = opened.info.kind === 'directory';
      this.#checkExisting(opened.info, directory);
      open = await this.#claim(path, opened);
      if (!overwrites(disposition)) return { open, action: CreateAction.Opened, info: opened.info };
      const info = await this.#overwrite(open);
      const action = disposition === CreateDisposition.Supersede ? CreateAction.Superseded : CreateAction.Overwritten;
      return { open, action, info };
    } catch (error) {
      if (open) await this.#withdraw(open);
      await this.#backend.close(opened.handle);
      throw error;
    }
  }

  // An open that fails leaves nothing behind, and deletes nothing.
  async #withdraw(open: DiskOpen): Promise<void> {
    const { opens } = this.#core.coordinator;
    this.#tree.session.forget(open);
    if (await opens.release(open.claim)) await opens.removed(open.claim);
  }

  #checkExisting(info: NodeInfo, directory: boolean): void {
    const { disposition, options } = this.#facts;
    if (disposition === CreateDisposition.Create) throw new StatusError(NtStatus.ObjectNameCollision);
    if (directory && (options & CreateOptions.NonDirectoryFile) !== 0) throw new StatusError(NtStatus.FileIsADirectory);
    if (!directory && (options & CreateOptions.DirectoryFile) !== 0) throw new StatusError(NtStatus.NotADirectory);
    if (directory && overwrites(disposition)) throw new StatusError(NtStatus.ObjectNameCollision);
    if (overwrites(disposition)) this.#tree.require('write');
    const readonly = (info.attributes & FileAttributes.Readonly) !== 0 && !directory;
    if (!readonly) return;
    if ((options & CreateOptions.DeleteOnClose) !== 0) throw new StatusError(NtStatus.CannotDelete);
    if ((this.#granted & WRITING) !== 0 || overwrites(disposition)) throw new StatusError(NtStatus.AccessDenied);
  }

  async #overwrite(open: DiskOpen): Promise<NodeInfo> {
    const backend = this.#writable();
    this.#core.notifier.expect(backend, open.claim.path, 'modified');
    await backend.truncate(open.handle, 0);
    const attributes = (this.#facts.attributes & SETTABLE_ATTRIBUTES) | FileAttributes.Archive;
    await backend.setInfo(open.handle, { attributes });
    const info = await backend.stat(open.handle);
    const filter = CompletionFilter.Size | CompletionFilter.LastWrite | CompletionFilter.Attributes;
    this.#core.notifier.publish(backend, open.claim.path, FileAction.Modified, filter);
    return info;
  }

  async #new(path: string): Promise<Outcome | undefined> {
    const { options, attributes } = this.#facts;
    this.#tree.require('write');
    const backend = this.#writable();
    const directory = (options & CreateOptions.DirectoryFile) !== 0;
    this.#tree.session.requireRoom();
    // [MS-FSA] 2.1.5.1.1: what is made read-only cannot be made for deletion.
    const readonly = (attributes & FileAttributes.Readonly) !== 0 && !directory;
    if (readonly && (options & CreateOptions.DeleteOnClose) !== 0) throw new StatusError(NtStatus.CannotDelete);
    const kept = (attributes & SETTABLE_ATTRIBUTES) | (directory ? 0 : FileAttributes.Archive);
    let opened: Opened<unknown>;
    try {
      this.#core.notifier.expect(backend, path, 'added');
      opened = await backend.create(path, directory ? 'directory' : 'file', kept);
    } catch (error) {
      if (isKind(error, NtStatus.ObjectNameCollision)) return undefined;
      throw error;
    }
    const open = await this.#claimNew(path, opened);
    const filter = directory ? CompletionFilter.DirName : CompletionFilter.FileName;
    this.#core.notifier.publish(backend, path, FileAction.Added, filter);
    return { open, action: CreateAction.Created, info: opened.info };
  }

  async #claimNew(path: string, opened: Opened<unknown>): Promise<DiskOpen> {
    try {
      return await this.#claim(path, opened);
    } catch (error) {
      await this.#backend.close(opened.handle);
      throw error;
    }
  }

  async #claim(path: string, opened: Opened<unknown>): Promise<DiskOpen> {
    const { session } = this.#tree;
    const { options, shareAccess } = this.#facts;
    const id = session.nextOpenId();
    const claim = await this.#core.coordinator.opens.claim({
      volume: volumeKey(this.#backend),
      file: opened.info.id,
      path,
      access: this.#granted,
      share: shareAccess,
      deleteOnClose: (options & CreateOptions.DeleteOnClose) !== 0,
      owner: session.owner,
    });
    const open: DiskOpen = {
      kind: 'disk',
      id,
      tree: this.#tree,
      grantedAccess: this.#granted,
      closed: false,
      backend: this.#backend,
      handle: opened.handle,
      claim,
      isDirectory: opened.info.kind === 'directory',
      options,
      position: 0,
      enumeration: undefined,
      watch: undefined,
    };
    session.add(open);
    return open;
  }

  #writable(): WritableBackend<unknown> {
    if (!isWritable(this.#backend)) throw new StatusError(NtStatus.AccessDenied);
    return this.#backend;
  }
}

function isKind(error: unknown, status: number): boolean {
  return error instanceof StatusError && error.status === status;
}

function isMissing(error: unknown): boolean {
  return isKind(error, NtStatus.ObjectNameNotFound) || isKind(error, NtStatus.ObjectPathNotFound);
}
