import { inLanes, Queue } from '#trees/lanes.js';
import { walk } from '#trees/walk.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { errnoCode } from '../errors.js';
import type { NodeStat } from '../node-stat.js';
import { normal } from '../paths.js';
import type { Control } from '../protocol.js';
import { type CopyOptions, copy } from './copy.js';
import { exactTimes, factsOf, isSameNode, itself, lstat, setFacts, stat, whatIs } from './facts.js';
import { readlink, symlink } from './links.js';
import { mkdirs } from './make-directory.js';
import type { Place } from './place.js';
import { rm } from './remove.js';
import { type ShareNode, ShareNodes, walkFault } from './walk-share.js';

/** How to copy a tree; like `fs.cp`. */
export interface CpOptions extends CopyOptions {
  readonly recursive?: boolean | undefined;
  /** Replaces existing files; true by default. */
  readonly force?: boolean | undefined;
  /** With `force: false`, an existing file is an error instead of being skipped. */
  readonly errorOnExist?: boolean | undefined;
  /** Copies what links lead to instead of the links. */
  readonly dereference?: boolean | undefined;
  /** Decides what to copy; skipping a directory skips its contents, too. */
  readonly filter?: ((from: string, to: string) => boolean | Promise<boolean>) | undefined;
}

/** Number of files copied concurrently, and that may be queued. */
const LANES = 16;
const AHEAD = 1000;

/** Copies a file or, with `recursive`, a directory tree. */
export async function cp(place: Place, from: string, to: string, options: CpOptions, control: Control): Promise<void> {
  const [source, target] = [normal(from), normal(to)];
  const about = { command: 'cp', path: source };
  const found = await (options.dereference ? stat : lstat)(place.protocol, source, control);
  if (found.isDirectory() && !found.isSymbolicLink()) {
    if (!options.recursive) throw new StatusError(NtStatus.FileIsADirectory, about);
    if (source === '' || (await leadsInto(place, source, found, target, control))) {
      throw new StatusError(NtStatus.InvalidParameter, { ...about, hint: 'a directory cannot be copied into itself' });
    }
  } else if (source === target) {
    throw itself('cp', source);
  }
  if (options.filter && !(await options.filter(source, target))) return;
  if (found.isDirectory()) return new TreeCopy(place, source, target, options, control).run(found);
  await withParents(place, target, control, () => copyNode(place, source, target, found, options, control));
}

/** Whether the target is the source directory or lies in it, even if spelled in a different case. */
async function leadsInto(
  { protocol }: Place,
  source: string,
  found: NodeStat,
  target: string,
  control: Control,
): Promise<boolean> {
  const above = target.split('/', source.split('/').length).join('/');
  if (above === source) return true;
  if (above.toLowerCase() !== source.toLowerCase()) return false;
  const there = await whatIs(protocol, above, control);
  return there !== undefined && isSameNode(source, found, above, there);
}

async function copyNode(
  place: Place,
  from: string,
  to: string,
  found: NodeStat,
  options: CpOptions,
  control: Control,
): Promise<void> {
  if (found.isSymbolicLink() && !options.dereference) return copyLink(place, from, to, found, options, control);
  try {
    await copy(place, from, to, { ...options, exclusive: options.force === false }, control);
  } catch (error) {
    if (!leaveAlone(error, options)) throw error;
  }
}

/** Creates the missing parents of the target, like `fs.cp`. */
async function withParents(place: Place, target: string, control: Control, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const around = target.slice(0, Math.max(0, target.lastIndexOf('/')));
    if (
      errnoCode(error) !== 'ENOENT' ||
      around === '' ||
      (await mkdirs(place.protocol, around, control)) === undefined
    ) {
      throw error;
    }
    await work();
  }
}

function leaveAlone(error: unknown, { force, errorOnExist }: CpOptions): boolean {
  return force === false && !errorOnExist && errnoCode(error) === 'EEXIST';
}

async function copyLink(
  place: Place,
  from: string,
  to: string,
  found: NodeStat,
  options: CpOptions,
  control: Control,
): Promise<void> {
  const { protocol } = place;
  const target = await readlink(protocol, from, control);
  if (options.force !== false) await rm(protocol, to, { force: true }, control);
  try {
    await symlink(protocol, target, to, found.isDirectory() ? 'dir' : 'file', control);
  } catch (error) {
    if (!leaveAlone(error, options)) throw error;
  }
}

interface Job {
  readonly from: string;
  readonly to: string;
  readonly found: NodeStat;
}

/** Copies a directory tree: one walk finds the entries, and a few lanes copy them. */
class TreeCopy {
  readonly #place: Place;
  readonly #source: string;
  readonly #target: string;
  readonly #options: CpOptions;
  readonly #control: Control;
  readonly #queue = new Queue<Job>(AHEAD);
  readonly #directories: Job[] = [];
  #failed = false;

  constructor(place: Place, source: string, target: string, options: CpOptions, control: Control) {
    this.#place = place;
    this.#source = source;
    this.#target = target;
    this.#options = options;
    this.#control = control;
  }

  async run(found: NodeStat): Promise<void> {
    const lanes = inLanes(LANES, () => this.#lane());
    // Awaited below, after the walk.
    lanes.catch(() => undefined);
    try {
      await this.#make({ from: this.#source, to: this.#target, found });
      await this.#find(found.id);
    } catch (error) {
      this.#stop();
      await lanes;
      throw error;
    }
    this.#queue.end();
    await lanes;
    // Directory times are set last and bottom-up, as creating entries changes them.
    if (!this.#options.preserveTimestamps) return;
    for (const { to, found } of this.#directories.reverse()) {
      await setFacts(this.#place.protocol, to, factsOf(exactTimes(found)), this.#control);
    }
  }

  #stop(): void {
    this.#failed = true;
    this.#queue.end(true);
  }

  async #lane(): Promise<void> {
    for (let job = await this.#queue.take(); job !== undefined; job = await this.#queue.take()) {
      try {
        if (await this.#wants(job)) {
          await copyNode(this.#place, job.from, job.to, job.found, this.#options, this.#control);
        }
      } catch (error) {
        this.#stop();
        throw error;
      }
    }
  }

  async #find(id: bigint): Promise<void> {
    const tree = new ShareNodes(this.#place.protocol, { path: this.#source, id });
    const follow = this.#options.dereference === true;
    const enters = (path: string, { found }: ShareNode): Promise<boolean> => this.#enters(path, found);
    for await (const step of walk(tree, this.#source, { ...this.#control, follow, enters, fault: walkFault })) {
      if (this.#failed) return;
      if (step.kind !== 'entry' || step.entry.kind === 'directory' || !step.entry.found) continue;
      await this.#queue.push(this.#job(step.path, step.entry.found));
    }
  }

  async #enters(path: string, found: NodeStat | undefined): Promise<boolean> {
    if (this.#failed || !found) return false;
    const job = this.#job(path, found);
    if (!(await this.#wants(job))) return false;
    await this.#make(job);
    return true;
  }

  async #make(job: Job): Promise<void> {
    await mkdirs(this.#place.protocol, job.to, this.#control);
    if (this.#options.preserveTimestamps) this.#directories.push(job);
  }

  async #wants({ from, to }: Job): Promise<boolean> {
    return (await this.#options.filter?.(from, to)) ?? true;
  }

  #job(from: string, found: NodeStat): Job {
    return { from, to: this.#target + from.slice(this.#source.length), found };
  }
}
