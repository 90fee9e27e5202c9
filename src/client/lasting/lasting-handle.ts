import type { Guid } from '#wire/dtyp/guid.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import type { CreateContextResponse } from '#wire/smb2/create-context/create-context-response.js';
import type { Caching, CachingBreak, Handle, LockMode, LockRange, NodeInfo, OpenRequest } from '../protocol.js';
import { diskIdOf, lasts } from '../smb2/durable.js';
import type { Standing } from './foothold.js';

const DIRECTORY = 0x10;

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
  /** Being opened again. */
  reopening: Promise<void> | undefined;
  /** Why it can be had no more. */
  dead: unknown;
  closed = false;
  #onBreak: ((event: CachingBreak) => void) | undefined;
  #wrote = false;
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

  /** Its file is as it was left: by number and birth, by size, and by time where we have not changed it ourselves. */
  isUnchanged(now: Handle): boolean {
    const { info } = this;
    const [id, other] = [diskIdOf(this), diskIdOf(now)];
    if (id !== undefined && other !== undefined && id !== other) return false;
    if (now.info.creationTime !== info.creationTime) return false;
    if ((now.info.attributes & DIRECTORY) !== 0) return true;
    if (now.info.size < this.#least || now.info.size > this.#most) return false;
    return this.#wrote || now.info.lastWriteTime === info.lastWriteTime;
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
