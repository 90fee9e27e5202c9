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
/** What empties a file that is there. */
const EMPTIES: readonly number[] = [
  CreateDisposition.Supersede,
  CreateDisposition.Overwrite,
  CreateDisposition.OverwriteIf,
];
/** [MS-FSCC] 2.3: the access that a control code demands. */
const WRITE_ACCESS = 0x8000;

/** How an open can be had again. */
export interface Terms {
  /** As its user asked for it. */
  readonly request: OpenRequest;
  readonly createGuid: Guid;
  /** The key that was taken for it; undefined where there is none of ours. */
  readonly leaseKey: Guid | undefined;
}

/** An open that knows how it was opened, and what its file was like. */
export class LastingHandle implements Handle {
  readonly path: string;
  readonly info: NodeInfo;
  readonly existed: boolean;
  readonly contexts: readonly CreateContextResponse[];
  readonly locks: { readonly ranges: readonly LockRange[]; readonly mode: LockMode }[] = [];
  terms: Terms;
  standing: Standing;
  inner: Handle;
  /** Of opening it anew, as long as that has no answer. */
  wish: Wish | undefined;
  /** Being opened again, there. */
  reopening: { readonly on: Standing; readonly done: Promise<void> } | undefined;
  /** Why it can be had no more. */
  dead: unknown;
  closed = false;
  #onBreak: ((event: CachingBreak) => void) | undefined;
  #wrote: boolean;
  /** The time of the last write is what we have set it to, if anything. */
  #timed = false;
  /** Between these the size of the file must be, if nobody else changed it. */
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
    // To make or to empty it is a write, too: the server may note it as late as when it closes the open.
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

  /** What was opened may be opened again: it is gone with its last open otherwise. */
  get mayReopen(): boolean {
    return ((this.terms.request.options ?? 0) & CreateOptions.DeleteOnClose) === 0;
  }

  /** A write is on its way. */
  writing(end: number): void {
    this.#wrote = true;
    this.#most = Math.max(this.#most, end);
  }

  written(end: number): void {
    this.#least = Math.max(this.#least, end);
  }

  /** Its size is being set; or was, if `done`. */
  sizing(size: number, done: boolean): void {
    this.#wrote = true;
    this.#least = done ? size : Math.min(this.#least, size);
    this.#most = done ? size : Math.max(this.#most, size);
  }

  /** Something of its file is being set, or done to it, in other ways. */
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
   * Its file is as it was left: by number and birth, by size, and by the time of the last write. Where we wrote ourselves
   * that is some time until the server closed our open, but none in between at which only others can have written.
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

  /** Another open takes the place of the one that was lost. */
  become(standing: Standing, inner: Handle): void {
    const before = this.inner.caching.state;
    this.standing = standing;
    this.inner = inner;
    inner.onBreak = this.#onBreak;
    const { state } = inner.caching;
    if ((before & ~state) !== 0) this.#onBreak?.({ from: before, to: state, mustAcknowledge: false });
  }
}
