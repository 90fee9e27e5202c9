import { createHash, randomBytes } from 'node:crypto';
import { below as join } from '#trees/names.js';
import { isLonger } from './names.js';
import { type FileTree, split, type TreeControl, type TreeEntry } from './tree.js';

/** Leaves room for the suffix in a name of 255 bytes. */
const MAX_KEPT_BYTES = 180;

/** The prefix of all partial files for one version of a file, made of its name, size and time. */
function prefixOf(name: string, version: Pick<TreeEntry, 'size' | 'mtime'>): string {
  let kept = name;
  while (isLonger(kept, MAX_KEPT_BYTES)) kept = kept.slice(0, -1);
  // Do not cut a surrogate pair in half.
  kept = kept.replace(/[\ud800-\udbff]$/, '');
  const hash = createHash('sha256').update(`${name}\0${version.size}\0${version.mtime.getTime()}`).digest('hex');
  // No leading dot: Samba would hide the partial file, and then the renamed one.
  return `${kept}.${hash.slice(0, 12)}.`;
}

/** Four random bytes take as long to get as thousands. */
const RESERVE = 2048;
const SUFFIX = 8;
let reserve = '';

function randomSuffix(): string {
  if (reserve.length < SUFFIX) reserve = randomBytes(RESERVE).toString('hex');
  const suffix = reserve.slice(0, SUFFIX);
  reserve = reserve.slice(SUFFIX);
  return suffix;
}

/**
 * The temporary path of a file until it is complete. It identifies the version, so that a later transfer can resume it,
 * and is unique to each transfer.
 */
export function partialPath(to: string, version: Pick<TreeEntry, 'size' | 'mtime'>): string {
  const { directory, name } = split(to);
  return join(directory, `${prefixOf(name, version)}${randomSuffix()}.part`);
}

/** Whether a name looks like that of a partial file. */
export function isPartial(name: string): boolean {
  return /^.+\.[0-9a-f]{12}\.[0-9a-f]{8}\.part$/.test(name);
}

/**
 * Claims the largest partial file that an earlier transfer left of this version. It is renamed, so that nobody else
 * resumes it and a transfer that is still writing it cannot put it in place.
 */
export async function claimPartial(
  target: FileTree,
  to: string,
  version: Pick<TreeEntry, 'size' | 'mtime'>,
  there: Iterable<TreeEntry>,
  control: TreeControl,
): Promise<string | undefined> {
  const { directory, name } = split(to);
  const prefix = prefixOf(name, version);
  const found = [...there].filter(
    (entry) => entry.kind === 'file' && entry.name.startsWith(prefix) && isPartial(entry.name),
  );
  found.sort((a, b) => b.size - a.size);
  for (const entry of found) {
    const mine = partialPath(to, version);
    try {
      await target.rename(join(directory, entry.name), mine, false, control);
      return mine;
    } catch {
      // Somebody else was faster or has it open: try the next.
      control.signal?.throwIfAborted();
    }
  }
  return undefined;
}
