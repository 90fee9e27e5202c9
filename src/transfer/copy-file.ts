import { ConnectionLost, errnoCode } from '#client/index.js';
import { Buffers } from './buffers.js';
import { compareData, copyData, SPAN } from './copy-data.js';
import { TransferError } from './errors.js';
import type { TransferEvent, TransferOptions } from './options.js';
import { claimPartial, partialPath } from './partial.js';
import { STRETCH } from './stride.js';
import {
  type Facts,
  type FileTree,
  isVersion,
  type SmallFile,
  type SourceFile,
  type TargetFile,
  type TreeControl,
  type TreeEntry,
  type Version,
} from './tree.js';

/** Less of an interrupted file than this is not worth keeping. */
const WORTH_KEEPING = 1024 * 1024;
const ATTEMPTS = 2;
/** Files up to this size are read and written in one piece. */
const SMALL = 65536;
/** Why a file already at the target is skipped. */
export const COMPLETE = 'complete';

/** A file to be transferred. */
export interface FileJob {
  readonly from: string;
  readonly to: string;
  readonly entry: TreeEntry;
  /** Entries of the target's directory, where they matter. */
  readonly there?: ReadonlyMap<string, TreeEntry> | undefined;
}

/** A file being written under a temporary name. */
interface Begun {
  readonly path: string;
  readonly file: TargetFile;
  /** Bytes that are already there. */
  readonly from: number;
}

/** A small file in transit. */
class WholeFile implements SmallFile {
  readonly path: string;
  readonly data: Uint8Array;
  readonly facts: Facts;
  readonly replace: boolean;
  readonly #version: Version;

  constructor(path: string, version: Version, data: Uint8Array, facts: Facts, replace: boolean) {
    this.path = path;
    this.data = data;
    this.facts = facts;
    this.replace = replace;
    this.#version = version;
  }

  /** Computed on demand: it takes as long as reading a small file. */
  get partial(): string {
    return partialPath(this.path, this.#version);
  }
}

/** Transfers files one by one: each is written under a temporary name and renamed when it is complete. */
export class FileCopier {
  readonly #source: FileTree;
  readonly #target: FileTree;
  readonly #options: TransferOptions;
  readonly #control: TreeControl;
  readonly #buffers = new Buffers();

  constructor(source: FileTree, target: FileTree, options: TransferOptions, control: TreeControl) {
    this.#source = source;
    this.#target = target;
    this.#options = options;
    this.#control = control;
  }

  #tell(event: TransferEvent): void {
    this.#options.onEvent?.(event);
  }

  /** Returns the size of the file that is now in place. */
  async copy(job: FileJob): Promise<number> {
    this.#tell({ kind: 'started', path: job.from, size: job.entry.size });
    for (let attempt = 1; ; attempt++) {
      try {
        // A file that has changed since it was listed is tried once more, step by step.
        return await (attempt === 1 && this.#isSmall(job.entry) ? this.#copySmall(job) : this.#copyStepwise(job));
      } catch (error) {
        const changed = error instanceof TransferError && error.code === 'TRANSFER_CHANGED';
        if (!changed || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** Why a file is not transferred, given what is at the target; undefined if it is transferred. */
  async whySkip(job: FileJob, there: TreeEntry): Promise<string | undefined> {
    const { existing = 'replace', resume } = this.#options;
    if (resume && there.kind === 'file' && (await this.#isSame(job, there))) return COMPLETE;
    if (existing === 'keep') return 'there already';
    return existing === 'update' && there.mtime.getTime() >= job.entry.mtime.getTime() ? 'not older' : undefined;
  }

  /** Whether the target is the same file by size and time; with `verify`, byte by byte. */
  async #isSame(job: FileJob, there: TreeEntry): Promise<boolean> {
    if (!looksSame(job.entry, there)) return false;
    if (!this.#options.verify) return true;
    const { size } = job.entry;
    return (await this.#difference(job.from, job.to, size)) === undefined;
  }

  async #difference(from: string, to: string, size: number): Promise<number | undefined> {
    const source = await this.#source.open(from, { ...this.#control, follow: this.#options.links === 'follow' });
    try {
      const target = await this.#target.open(to, this.#control);
      try {
        return await compareData(source, target, { size }, this.#buffers, this.#control);
      } finally {
        await target.close();
      }
    } finally {
      await source.close();
    }
  }

  async #copyStepwise(job: FileJob): Promise<number> {
    const follow = this.#options.links === 'follow';
    const source = await this.#source.open(job.from, { ...this.#control, follow });
    try {
      const version = await source.inspect(this.#control);
      const begun = await this.#begin(job, source, version);
      await this.#fillAndPlace(job, source, version, begun);
      return version.size;
    } finally {
      await source.close();
    }
  }

  /** Small files are copied in one piece, unless an option needs the single steps. */
  #isSmall({ size, dense }: TreeEntry): boolean {
    const { verify, move, changing } = this.#options;
    const able = this.#source.readSmall !== undefined && this.#target.writeSmall !== undefined;
    return able && size <= SMALL && dense && !verify && !move && !changing;
  }

  async #copySmall(job: FileJob): Promise<number> {
    const { from, to, entry } = job;
    const follow = this.#options.links === 'follow';
    const data = (await this.#source.readSmall?.(from, entry, { ...this.#control, follow })) as Uint8Array;
    const replace = this.#options.existing !== 'keep';
    await this.#target.writeSmall?.(
      new WholeFile(to, entry, data, this.#factsOf(entry, entry), replace),
      this.#control,
    );
    this.#tell({ kind: 'progress', path: from, bytes: data.length });
    return data.length;
  }

  async #begin(job: FileJob, source: SourceFile, version: Version): Promise<Begun> {
    const control = this.#control;
    const claimed = this.#options.resume
      ? await claimPartial(this.#target, job.to, version, job.there?.values() ?? [], control)
      : undefined;
    if (claimed === undefined) {
      control.signal?.throwIfAborted();
      const path = partialPath(job.to, version);
      // Not cancellable: nobody could remove a file that is created after the cancellation.
      return { path, file: await this.#target.create(path, {}), from: 0 };
    }
    const file = await this.#target.reopen(claimed, control);
    try {
      return { path: claimed, file, from: await this.#verifiedStart(source, file, version) };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Where to resume: before anything that may have been in flight, and only if the data just before that point matches.
   */
  async #verifiedStart(source: SourceFile, file: TargetFile, version: Version): Promise<number> {
    const { size } = await file.inspect(this.#control);
    const safe = Math.min(size, version.size) - SPAN;
    const start = safe - (safe % STRETCH);
    if (start >= STRETCH) {
      const range = { size: start, from: start - STRETCH };
      if ((await compareData(source, file, range, this.#buffers, this.#control)) === undefined) return start;
    }
    await file.truncate(0, this.#control);
    return 0;
  }

  async #fillAndPlace(job: FileJob, source: SourceFile, version: Version, begun: Begun): Promise<void> {
    let written = 0;
    const onBytes = (bytes: number): void => {
      written += bytes;
      this.#tell({ kind: 'progress', path: job.from, bytes });
    };
    if (begun.from > 0) onBytes(begun.from);
    try {
      await this.#fill(job, source, version, begun, onBytes);
      await begun.file.finish(this.#factsOf(job.entry, version), this.#options.move === true, this.#control);
      await this.#target.rename(begun.path, job.to, this.#options.existing !== 'keep', this.#control);
      if (!job.entry.dense) await this.#target.markSparse?.(job.to, this.#control);
    } catch (error) {
      await begun.file.close().catch(() => undefined);
      // Takes back the progress: the file is retried or fails.
      this.#tell({ kind: 'progress', path: job.from, bytes: -written });
      await this.#leave(job, begun.path, written, error);
      throw error;
    }
  }

  async #fill(
    job: FileJob,
    source: SourceFile,
    version: Version,
    begun: Begun,
    onBytes: (bytes: number) => void,
  ): Promise<void> {
    const { file, from } = begun;
    const { size } = version;
    const onServer = from === 0 && (await file.copyFrom?.(source, onBytes, this.#control)) === true;
    if (!onServer) {
      const sparse = !job.entry.dense;
      if (sparse) await file.makeSparse(this.#control);
      const extents = sparse ? await source.extents?.(size, this.#control) : undefined;
      await copyData(source, file, { size, from, sparse, extents, onBytes }, this.#buffers, this.#control);
    }
    if (!this.#options.changing) await this.#checkUnchanged(source, version);
    if (!this.#options.verify) return;
    const differs = await compareData(source, file, { size }, this.#buffers, this.#control);
    if (differs === undefined) return;
    throw new TransferError('TRANSFER_DIFFERS', `what was read back differs from byte ${differs} on or behind it`);
  }

  async #checkUnchanged(source: SourceFile, version: Version): Promise<void> {
    const now = await source.inspect(this.#control);
    if (isVersion(now, version)) return;
    const what = now.size > version.size ? 'it grew' : 'it changed';
    throw new TransferError('TRANSFER_CHANGED', `${what} while it was read`);
  }

  #factsOf(entry: TreeEntry, version: Version): Facts {
    const { times = true, preserve = false } = this.#options;
    if (preserve) return { ...factsOf(entry), mtime: version.mtime };
    return times ? { mtime: version.mtime } : {};
  }

  /** Removes an incomplete file, or keeps it if a later transfer can resume it. */
  async #leave(job: FileJob, partial: string, written: number, error: unknown): Promise<void> {
    const cut = this.#control.signal?.aborted === true || error instanceof ConnectionLost;
    if (cut && written >= WORTH_KEEPING) {
      return this.#tell({ kind: 'kept', path: job.from, partial: this.#target.show(partial) });
    }
    try {
      // Without the signal, which may be what caused this.
      await this.#target.remove(partial, false, {});
    } catch (cause) {
      if (errnoCode(cause) === 'ENOENT' || (cause as NodeJS.ErrnoException).code === 'ENOENT') return;
      this.#tell({ kind: 'kept', path: job.from, partial: this.#target.show(partial) });
    }
  }
}

/**
 * A source may be removed in favour of a file already at the target only if the two are certainly not the same file.
 */
export function checkTwo(source: TreeEntry, target: TreeEntry): void {
  if (source.id !== '' && target.id !== '' && source.id !== target.id) return;
  throw new TransferError('TRANSFER_KIND', 'it is at the target already, which may be the same file by another name');
}

/** All times and attributes. */
export function factsOf({ mtime, atime, birthtime, attributes }: TreeEntry): Facts {
  return { mtime, atime, birthtime, attributes };
}

/** FAT and some servers keep times in steps of two seconds. */
const COARSE_MS = 2000;

/** Same size and time, within the resolution of the target's file system. */
export function looksSame(a: Pick<TreeEntry, 'size' | 'mtime'>, b: Pick<TreeEntry, 'size' | 'mtime'>): boolean {
  if (a.size !== b.size) return false;
  const [x, y] = [a.mtime.getTime(), b.mtime.getTime()];
  const apart = Math.abs(x - y);
  return apart <= 1 || (apart < COARSE_MS && (x % COARSE_MS === 0 || y % COARSE_MS === 0));
}
