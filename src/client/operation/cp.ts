import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { errnoCode } from '../errors.js';
import type { DirectoryEntry, NodeStat } from '../node-stat.js';
import { below, normal } from '../paths.js';
import type { Control } from '../protocol.js';
import { type CopyOptions, copy } from './copy.js';
import { factsOf, isSameNode, itself, lstat, setFacts, stat, whatIs } from './facts.js';
import { readlink, symlink } from './links.js';
import { mkdirs } from './make-directory.js';
import type { Place } from './place.js';
import { entries } from './read-directory.js';
import { rm } from './remove.js';

/** How to copy a tree; as `fs.cp` has it. */
export interface CpOptions extends CopyOptions {
  readonly recursive?: boolean | undefined;
  /** What is there already is replaced; true when absent. */
  readonly force?: boolean | undefined;
  /** With `force: false`, what is there already is an error, not left alone. */
  readonly errorOnExist?: boolean | undefined;
  /** Copies what links lead to, not the links. */
  readonly dereference?: boolean | undefined;
  /** Says what to copy; a directory that is left out is left out with all that is in it. */
  readonly filter?: ((from: string, to: string) => boolean | Promise<boolean>) | undefined;
}

/** Files of one directory that are copied at a time. */
const LANES = 8;

/** Copies a file or, with `recursive`, a directory and all that is in it. */
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
  await copyNode(place, source, target, found, options, control);
}

/** Whether a target is a directory or in it, also where its names are spelled in another case. */
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
  if (options.filter && !(await options.filter(from, to))) return;
  if (found.isSymbolicLink() && !options.dereference) return copyLink(place, from, to, found, options, control);
  if (found.isDirectory()) return copyDirectory(place, from, to, found, options, control);
  try {
    await copy(place, from, to, { ...options, exclusive: options.force === false }, control);
  } catch (error) {
    if (!leaveAlone(error, options)) throw error;
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

async function copyDirectory(
  place: Place,
  from: string,
  to: string,
  found: NodeStat,
  options: CpOptions,
  control: Control,
): Promise<void> {
  await mkdirs(place.protocol, to, control);
  const waiting = entries(place.protocol, from, {}, control);
  let failed = false;
  const lane = async (): Promise<void> => {
    for (let next = await waiting.next(); !next.done && !failed; next = await waiting.next()) {
      const entry: DirectoryEntry = next.value;
      await copyNode(place, entry.path, below(to, entry.name), entry, options, control).catch((error) => {
        failed = true;
        throw error;
      });
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  await waiting.return();
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  if (options.preserveTimestamps) await setFacts(place.protocol, to, factsOf(found), control);
}
