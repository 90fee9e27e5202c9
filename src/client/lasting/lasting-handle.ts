import type { Guid } from '#wire/dtyp/guid.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import type { CreateContextResponse } from '#wire/smb2/create-context/create-context-response.js';
import type {
  Caching,
  CachingBreak,
  Handle,
  InfoChange,
  LockMode,
  LockRange,
  NodeInfo,
  OpenRequest,
} from '../protocol.js';
import { diskIdOf, lasts } from '../smb2/durable.js';
import { type Absence, isByOthers } from './absence.js';
import type { Standing } from './foothold.js';
import type { Wish } from './opener.js';
import { ONCE } from './repeatable.js';

const DIRECTORY = 0x10;
/** Dispositions that empty an existing file. */
const EMPTIES: readonly number[] = [
  CreateDisposition.Supersede,
  CreateDisposition.Overwrite,
  CreateDisposition.OverwriteIf,
];
/** [MS-FSCC] 2.3: bit in a control code that says it requires write access. */
const WRITE_ACCESS = 0x8000;

/** How an open can be restored. */
export interface Terms {
  /** As the caller requested it. */
  readonly request: OpenRequest;
  readonly createGuid: Guid;
  /** The lease key taken for this open; undefined if there is none, or if it is the caller's. */
  readonly leaseKey: Guid | undefined;
}

/** An open that records how it was opened and what its file was like. */
export class LastingHandle implements Handle {
  readonly path: string;
  readonly info: NodeInfo;
  readonly existed: boolean;
  readonly contexts: readonly CreateContextResponse[];
  readonly locks: { readonly ranges: readonly LockRange[]; readonly mode: LockMode }[] = [];
  terms: Terms;
  standing: Standing;
  inner: Handle;
  /** The attempt to open the file anew, until it has succeeded. */
  wish: Wish | undefined;
  /** A reopening in progress, and its tree connect. */
  reopening: { readonly on: Standing; readonly done: Promise<void> } | undefined;
  /** Why the handle cannot be restored. */
  dead: unknown;
  closed = false;
  #onBreak: ((event: CachingBreak) => void) | undefined;
  #wrote: boolean;
  /** We set the last write time ourselves. */
  #timed = false;
  /** Bounds of the file's size, as long as nobody else changes it. */
  #least: number;
  #most: number;

  constructor(terms: Terms, standing: Standing, inner: Handle) {
    const { path, info, existed, contexts } = inner;
    this.path = path;
    this.info = info;
    this.existed = existed;
    this.contexts = contexts;
    this.terms = terms;
    this.standing = standing;
    this.inner = inner;
    this.#least = this.#most = info.size;
    // Creating or emptying a file is a write, too; the server may update the time as late as when it closes the open.
    this.#wrote = !existed || EMPTIES.includes(terms.request.disposition);
  }

  get caching(): Caching {
    return this.inner.caching;
  }

  get onBreak(): ((event: CachingBreak) => void) | undefined {
    return this.#onBreak;
  }

  set onBreak(listener: ((event: CachingBreak) => void) | undefined) {
    this.#onBreak = listener;
    this.inner.onBreak = listener;
  }

  get isDurable(): boolean {
    return lasts(this.inner);
  }

  /** False for delete-on-close: that file is deleted when its last open is closed. */
  get mayReopen(): boolean {
    return ((this.terms.request.options ?? 0) & CreateOptions.DeleteOnClose) === 0;
  }

  /** A write is about to be sent. */
  writing(end: number): void {
    this.#wrote = true;
    this.#most = Math.max(this.#most, end);
  }

  written(end: number): void {
    this.#least = Math.max(this.#least, end);
  }

  /** The size is about to be set, or has been if `done`. */
  sizing(size: number, done: boolean): void {
    this.#wrote = true;
    this.#least = done ? size : Math.min(this.#least, size);
    this.#most = done ? size : Math.max(this.#most, size);
  }

  /** The file is about to be changed in some other way. */
  changing({ infoType, infoClass }: Pick<InfoChange, 'infoType' | 'infoClass'>): void {
    if (infoType !== InfoType.File || ONCE.includes(infoClass)) return;
    this.#wrote = true;
    if (infoClass === FileInfoClass.Basic) this.#timed = true;
    else this.#resized();
  }

  controlling(code: number): void {
    if ((code & WRITE_ACCESS) === 0 && code !== Fsctl.SrvCopychunk) return;
    this.#wrote = true;
    this.#resized();
  }

  #resized(): void {
    this.#least = 0;
    this.#most = Number.POSITIVE_INFINITY;
  }

  /**
   * Whether the file is still as we left it, judged by file ID, creation time, size and last write time. If we wrote to
   * it, that time may be anything up to the server's closing of our open, except within the span in which only others
   * can have written.
   */
  isUnchanged(now: Handle, absence: Absence | undefined, skewMs: number | undefined): boolean {
    const { info } = this;
    const [id, other] = [diskIdOf(this), diskIdOf(now)];
    if (id !== undefined && other !== undefined && id !== other) return false;
    if (now.info.creationTime !== info.creationTime) return false;
    if ((now.info.attributes & DIRECTORY) !== 0) return true;
    if (now.info.size < this.#least || now.info.size > this.#most) return false;
    if (now.info.lastWriteTime === info.lastWriteTime) return true;
    return this.#wrote && (this.#timed || !absence || !isByOthers(now.info.lastWriteTime, absence, skewMs));
  }

  /** Replaces the lost open by a new one. */
  become(standing: Standing, inner: Handle): void {
    const before = this.inner.caching.state;
    this.standing = standing;
    this.inner = inner;
    inner.onBreak = this.#onBreak;
    const { state } = inner.caching;
    if ((before & ~state) !== 0) this.#onBreak?.({ from: before, to: state, mustAcknowledge: false });
  }
}
