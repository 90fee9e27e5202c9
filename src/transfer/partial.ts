import { createHash, randomBytes } from 'node:crypto';
import { below as join } from '#trees/names.js';
import { isLonger } from './names.js';
import { type FileTree, split, type TreeControl, type TreeEntry } from './tree.js';

/** Leaves room in a name of 255 bytes for what is added. */
const MAX_KEPT_BYTES = 180;

/** What all partial files of one version of a file begin with: its name, its size and its time. */
function prefixOf(name: string, version: Pick<TreeEntry, 'size' | 'mtime'>): string {
  let kept = name;
  while (isLonger(kept, MAX_KEPT_BYTES)) kept = kept.slice(0, -1);
  // Half of a surrogate pair is no character.
  kept = kept.replace(/[\ud800-\udbff]$/, '');
  const hash = createHash('sha256').update(`${name}\0${version.size}\0${version.mtime.getTime()}`).digest('hex');
  // No dot in front: Samba would hide it, and what it becomes.
  return `${kept}.${hash.slice(0, 12)}.`;
}

/** Asking for four random bytes takes as long as asking for thousands. */
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
 * Where a file is written until it is complete. The name tells of which version it is a part, so that a later transfer
 * can go on with it; no two transfers have the same.
 */
export function partialPath(to: string, version: Pick<TreeEntry, 'size' | 'mtime'>): string {
  const { directory, name } = split(to);
  return join(directory, `${prefixOf(name, version)}${randomSuffix()}.part`);
}

/** Whether a name may be that of a partial file. */
export function isPartial(name: string): boolean {
  return /^.+\.[0-9a-f]{12}\.[0-9a-f]{8}\.part$/.test(name);
}

/**
 * Takes over what an earlier transfer has left of this version of a file: the largest, renamed so that nobody else goes
 * on with it, and so that he who may still be at it cannot put it in place.
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
      // Somebody else was faster, or has it open: the next one, or a new one.
      control.signal?.throwIfAborted();
    }
  }
  return undefined;
}
