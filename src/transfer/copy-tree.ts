import { type Dots, leadsAway } from '#trees/dots.js';
import { inLanes, Queue } from '#trees/lanes.js';
import { below as join } from '#trees/names.js';
import { COMPLETE, checkTwo, FileCopier, type FileJob, factsOf } from './copy-file.js';
import { isFatal, linkedDirectory, TransferError } from './errors.js';
import { type Filter, filterOf } from './filter.js';
import type { TransferEvent, TransferOptions, TransferResult } from './options.js';
import { type FileTree, folded, split, type TreeControl, type TreeEntry } from './tree.js';
import { type WalkDirectory, type WalkEntry, walk } from './walk.js';

const PARALLEL = 16;
/**
 * Files found ahead of their transfer; totals are known that far ahead. Jobs in a longer queue would survive several
 * garbage collections and end up in the old generation, which V8 is slow to collect.
 */
const AHEAD = 4_000;

/** A directory whose files are being transferred. */
class Folder {
  readonly path: string;
  readonly entry: TreeEntry;
  readonly parent: Folder | undefined;
  /** Names seen so far, by their case-folded form. */
  names: Map<string, string> | undefined = new Map();
  made: Promise<void> | undefined;
  there: Promise<Map<string, TreeEntry>> | undefined;
  pending = 1;
  failed = false;
  /** From the first entry of its listing. */
  dots: Dots | undefined;
  /** It is a link that the server has followed: nothing in it may be moved. */
  away = false;

  constructor(path: string, entry: TreeEntry, parent: Folder | undefined) {
    this.path = path;
    this.entry = entry;
    this.parent = parent;
  }
}

interface Job extends FileJob {
  readonly folder: Folder;
  /** An earlier name in this directory that may be the same name at the target. */
  readonly rival?: string | undefined;
}

class TreeCopy {
  readonly #source: FileTree;
  readonly #target: FileTree;
  readonly #options: TransferOptions;
  readonly #control: TreeControl;
  readonly #stop = new AbortController();
  readonly #copier: FileCopier;
  readonly #filter: Filter;
  readonly #report: ((event: TransferEvent) => void) | undefined;
  readonly #queue = new Queue<Job>(AHEAD);
  readonly #late: Job[] = [];
  readonly #folders = new WeakMap<WalkDirectory, Folder>();
  readonly #needsList: boolean;
  readonly #counts = { files: 0, directories: 0, links: 0, bytes: 0, skipped: 0, leftOut: 0, failed: 0 };
  readonly #found = { files: 0, bytes: 0 };
  #top: Folder | undefined;

  constructor(source: FileTree, target: FileTree, options: TransferOptions) {
    const { signal } = options;
    this.#control = { signal: signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal };
    this.#source = source;
    this.#target = target;
    this.#options = { ...options, onEvent: (event) => this.#tell(event) };
    this.#copier = new FileCopier(source, target, this.#options, this.#control);
    this.#needsList = options.resume === true || (options.existing ?? 'replace') !== 'replace';
    this.#filter = options.filter ?? filterOf();
    this.#report = options.onEvent;
  }

  #tell(event: TransferEvent): void {
    this.#report?.(event);
  }

  async run(): Promise<TransferResult> {
    try {
      await this.#run();
    } finally {
      this.#tell({ kind: 'ended', result: { ...this.#counts } });
    }
    return { ...this.#counts };
  }

  async #run(): Promise<void> {
    const { parallel = PARALLEL, move } = this.#options;
    if (move && (await this.#source.isFollowedLink?.('', this.#control))) throw linkedDirectory();
    await this.#target.mkdir('', this.#control);
    const lanes = inLanes(parallel, async () => {
      for (let job = await this.#queue.take(); job !== undefined; job = await this.#queue.take()) await this.#do(job);
    });
    // Failures are handled below, after the walk.
    lanes.catch(() => undefined);
    this.#control.signal?.addEventListener('abort', () => this.#queue.end(true), { once: true });
    try {
      await this.#find();
      this.#queue.end();
      await lanes;
      for (const job of this.#late) await this.#do(job);
      this.#control.signal?.throwIfAborted();
    } catch (error) {
      this.#abandon(error);
      await lanes.catch(() => undefined);
      this.#options.signal?.throwIfAborted();
      throw this.#stop.signal.aborted ? this.#stop.signal.reason : error;
    }
  }

  /** Ends everything: the connection is gone, the disk is full, or somebody pressed Ctrl-C. */
  #abandon(error: unknown): void {
    this.#queue.end(true);
    if (!this.#stop.signal.aborted) this.#stop.abort(error);
  }

  #fail(path: string, error: unknown, folder?: Folder): void {
    if (this.#control.signal?.aborted) throw error;
    if (isFatal(error)) {
      this.#abandon(error);
      throw error;
    }
    this.#counts.failed++;
    for (let above = folder; above !== undefined && !above.failed; above = above.parent) above.failed = true;
    this.#tell({ kind: 'failed', path: this.#source.show(path), error });
  }

  async #find(): Promise<void> {
    const steps = walk(this.#source, '', {
      ...this.#control,
      follow: this.#options.links === 'follow',
      enters: (path, entry, parent) => this.#enters(path, entry, this.#folderOf(parent)),
      onError: (path, error) => this.#fail(path, error, this.#top),
    });
    for await (const step of steps) {
      if (step.kind === 'entered') this.#folderOf(step.directory);
      else if (step.kind === 'left') await this.#leave(step.directory);
      else await this.#entry(step);
    }
    this.#tell({ kind: 'totals', ...this.#found, final: true });
  }

  #folderOf(directory: WalkDirectory): Folder {
    const known = this.#folders.get(directory);
    if (known) return known;
    const parent = directory.parent && this.#folderOf(directory.parent);
    const folder = new Folder(directory.path, directory.entry, parent);
    if (!parent) {
      this.#top = folder;
      folder.made = Promise.resolve();
    }
    this.#folders.set(directory, folder);
    return folder;
  }

  async #leave(directory: WalkDirectory): Promise<void> {
    const folder = this.#folderOf(directory);
    folder.names = undefined;
    await this.#release(folder);
  }

  /** Counts down what a directory still waits for; at zero it is complete. */
  async #release(folder: Folder): Promise<void> {
    for (let done: Folder | undefined = folder; done !== undefined && --done.pending === 0; done = done.parent) {
      done.there = undefined;
      try {
        await this.#complete(done);
      } catch (error) {
        this.#fail(done.path, error, done);
      }
      // Anything left behind keeps the parent directories as well.
      if (done.failed && done.parent) done.parent.failed = true;
    }
  }

  async #complete(folder: Folder): Promise<void> {
    if (this.#options.preserve && (folder.made !== undefined || !this.#filter.narrows)) {
      await this.#target.setFacts(folder.path, factsOf(folder.entry), this.#control);
    }
    // A directory stays if anything in it was left out or failed.
    if (this.#options.move && !folder.failed) await this.#remove(folder.path, true);
  }

  /** Removes from the source what has arrived at the target, even if it is read-only. */
  #remove(path: string, directory: boolean): Promise<void> {
    return this.#source.remove(path, directory, { ...this.#control, readOnly: true });
  }

  /** Whether to enter a directory. It is created right away, unless directories are created only for files in them. */
  async #enters(path: string, entry: TreeEntry, parent: Folder): Promise<boolean> {
    if (parent.away) return false;
    if (!this.#filter.enters(path)) {
      parent.failed = true;
      return false;
    }
    const rival = this.#rival(parent, entry.name);
    try {
      this.#checkName(entry.name);
      if (rival !== undefined) {
        await this.#make(parent);
        await this.#checkRival(path, join(parent.path, rival));
      }
      if (!this.#filter.narrows) {
        await this.#makeOne(parent, path);
        this.#counts.directories++;
      }
      parent.pending++;
      return true;
    } catch (error) {
      this.#fail(path, error, parent);
      return false;
    }
  }

  async #makeOne(parent: Folder, path: string): Promise<void> {
    await this.#make(parent);
    await this.#target.mkdir(path, this.#control);
  }

  /** Creates a directory and its parents, once. */
  #make(folder: Folder): Promise<void> {
    if (folder.made === undefined) {
      const narrow = this.#filter.narrows;
      folder.made = folder.parent && narrow ? this.#makeOne(folder.parent, folder.path) : Promise.resolve();
      if (narrow) this.#counts.directories++;
    }
    return folder.made;
  }

  #checkName(name: string): void {
    const fault = this.#target.nameFault(name);
    if (fault !== undefined) throw new TransferError('TRANSFER_BAD_NAME', fault);
  }

  #rival(folder: Folder, name: string): string | undefined {
    const key = folded(name);
    const rival = folder.names?.get(key);
    if (rival === undefined) folder.names?.set(key, name);
    return rival;
  }

  /** Fails if the target takes this name and an earlier one of this transfer for the same. */
  async #checkRival(path: string, rival: string): Promise<void> {
    const [mine, other] = await Promise.all([
      this.#target.stat(path, this.#control),
      this.#target.stat(rival, this.#control),
    ]);
    if (!mine || (other && mine.id !== '' && mine.id !== other.id)) return;
    const { name } = split(rival);
    throw new TransferError(
      'TRANSFER_COLLISION',
      `at the target this is the same name as ${name}, which is there already`,
    );
  }

  async #entry({ path, entry, in: directory }: WalkEntry): Promise<void> {
    const folder = this.#folderOf(directory);
    if (this.#isAway(folder, entry) || entry.kind === 'directory') return;
    if (!this.#filter.takes(path)) {
      folder.failed = true;
      return;
    }
    const { links = 'skip' } = this.#options;
    if (entry.kind === 'other') return this.#leaveOut(path, folder, 'neither a file nor a directory');
    if (entry.kind === 'link' && links !== 'keep') {
      return this.#leaveOut(path, folder, links === 'skip' ? 'a symbolic link' : 'a symbolic link that leads nowhere');
    }
    const rival = this.#rival(folder, entry.name);
    folder.pending++;
    this.#found.files++;
    this.#found.bytes += entry.size;
    this.#tell({ kind: 'totals', ...this.#found, final: false });
    const job = { from: path, to: path, entry, folder, rival };
    if (rival === undefined) await this.#queue.push(job);
    else this.#late.push(job);
  }

  /** Whether an entry met during a move lies behind a link that the server followed, and must not be moved. */
  #isAway(folder: Folder, { dots }: TreeEntry): boolean {
    if (this.#options.move && folder.dots === undefined && leadsAway(folder.parent?.dots, dots)) {
      folder.away = true;
      this.#fail(folder.path, linkedDirectory(), folder);
    }
    folder.dots ??= dots;
    return folder.away;
  }

  #leaveOut(path: string, folder: Folder, why: string): void {
    folder.failed = true;
    this.#counts.leftOut++;
    this.#tell({ kind: 'left-out', path: this.#source.show(path), why });
  }

  async #do(job: Job): Promise<void> {
    const { folder, from } = job;
    try {
      await this.#transfer(job);
    } catch (error) {
      this.#fail(from, error, folder);
    }
    await this.#release(folder);
  }

  async #transfer(job: Job): Promise<void> {
    const { folder, from, to, entry } = job;
    this.#checkName(entry.name);
    await this.#make(folder);
    if (job.rival !== undefined) await this.#checkRival(to, join(folder.path, job.rival));
    const there = this.#needsList ? await this.#listOnce(folder) : undefined;
    const known = there?.get(folded(entry.name));
    if (known && (await this.#skip({ ...job, there }, known))) return;
    if (entry.kind === 'link') await this.#link(from, to);
    else await this.#file({ ...job, there });
    if (this.#options.move) await this.#remove(from, false);
  }

  async #file(job: Job): Promise<void> {
    const { from, to } = job;
    const size = await this.#copier.copy(job);
    this.#counts.files++;
    this.#counts.bytes += size;
    this.#tell({ kind: 'done', path: this.#source.show(from), to: this.#target.show(to), size });
  }

  async #link(from: string, to: string): Promise<void> {
    const { readLink } = this.#source;
    const { makeLink } = this.#target;
    if (!readLink || !makeLink) {
      throw new TransferError('TRANSFER_KIND', 'a symbolic link, which cannot be made there');
    }
    await makeLink.call(this.#target, to, await readLink.call(this.#source, from, this.#control), this.#control);
    this.#counts.links++;
  }

  async #skip(job: Job, known: TreeEntry): Promise<boolean> {
    const { entry, from } = job;
    const why = await this.#copier.whySkip(job, known);
    if (why === undefined) return false;
    // Only what is certainly at the target may be removed from the source.
    if (why !== COMPLETE) job.folder.failed = true;
    else if (this.#options.move) {
      checkTwo(entry, known);
      await this.#remove(from, false);
    }
    this.#counts.skipped++;
    this.#tell({ kind: 'progress', path: from, bytes: entry.size });
    this.#tell({ kind: 'skipped', path: this.#source.show(from), size: entry.size, why });
    return true;
  }

  /** The entries of a directory of the target, listed once. */
  #listOnce(folder: Folder): Promise<Map<string, TreeEntry>> {
    folder.there ??= this.#list(folder.path);
    return folder.there;
  }

  async #list(path: string): Promise<Map<string, TreeEntry>> {
    const entries = new Map<string, TreeEntry>();
    for await (const entry of this.#target.list(path, this.#control)) entries.set(folded(entry.name), entry);
    return entries;
  }
}

/**
 * Transfers everything in a directory into another one: between two shares, or between a share and this machine. A
 * failure of one entry is reported to `onEvent` and counted, and the rest goes on. A failure that would affect every
 * file (lost connection, full disk, aborted signal) is thrown.
 *
 * @example
 * const result = await copyTree(localTree('photos'), shareTree(share, 'backup/photos'), { resume: true, signal })
 * if (result.failed > 0) …
 */
export function copyTree(source: FileTree, target: FileTree, options: TransferOptions = {}): Promise<TransferResult> {
  return new TreeCopy(source, target, options).run();
}
