import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import nodeFs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { inLanes } from '#trees/lanes.js';
import { type Acts, FIXTURE, type Fs, LINKS } from './act.js';
import { type Difference, EVERYWHERE, excuse } from './differences.js';
import { DIRECTORIES } from './directories.js';
import { FACTS } from './facts.js';
import { FILES } from './files.js';
import { HANDLES } from './handles.js';
import { LINK_ACTS } from './links.js';
import { type Outcome, outcome } from './outcome.js';
import { PATHS } from './paths.js';
import { TREES } from './trees.js';
import { WATCHING } from './watching.js';

const fsPromises = nodeFs as Fs;
const nodeGlobs = fsPromises.glob !== undefined;

/** Acts by topic. */
export const GROUPS: Readonly<Record<string, Acts>> = {
  paths: PATHS,
  files: FILES,
  handles: HANDLES,
  directories: DIRECTORIES,
  trees: TREES,
  facts: FACTS,
  links: LINK_ACTS,
  watching: WATCHING,
};

/** A file system to perform acts on. */
export interface Stage {
  readonly fs: Fs;
  /** Prefix of its paths. */
  readonly prefix: string;
  /** The local directory that is its root, if there is one. */
  readonly folder?: string;
}

/** Acts performed at a time: each has its own directory. */
const LANES = 8;

/** Performs each act of a group in its own directory. */
export async function play(group: string, stage: Stage): Promise<Record<string, Outcome>> {
  const acts = Object.entries(GROUPS[group] as Acts).filter(([name]) => !name.startsWith('glob') || nodeGlobs);
  const found: Record<string, Outcome> = {};
  const left = [...acts.entries()].reverse();
  await inLanes(LANES, async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [number, [name, act]] = next;
      const root = `${stage.prefix}/${group}-${number}`;
      await fill(stage, root, group === 'links' ? LINKS : {});
      const at = (path: string): string => root + path;
      found[name] = await outcome(act, stage.fs, at, (text) => text.replaceAll(root, '').replaceAll(root.slice(1), ''));
    }
  });
  return found;
}

/**
 * Results that differ from those of the local `fs.promises` and are not known differences, and known differences that
 * no longer occur.
 */
export async function compare(
  group: string,
  folder: string,
  stage: Stage,
  more: readonly Difference[] = [],
): Promise<unknown[]> {
  const here = await play(group, { fs: fsPromises, prefix: folder, folder });
  const there = await play(group, stage);
  const differences = [...EVERYWHERE, ...more];
  return Object.keys(here).flatMap((name) => {
    const why = excuse(`${group}: ${name}`, differences);
    const same = isDeepStrictEqual(there[name], here[name]);
    if (same === (why === undefined)) return [];
    return [{ act: name, node: here[name], share: there[name], ...(same && { noLonger: why }) }];
  });
}

async function fill(stage: Stage, root: string, links: Readonly<Record<string, string>>): Promise<void> {
  if (stage.folder !== undefined) return fillHere(join(stage.folder, root.slice(stage.prefix.length)), links);
  const { fs } = stage;
  await fs.mkdir(root);
  for (const [name, content] of Object.entries(FIXTURE)) {
    await (content === undefined ? fs.mkdir(`${root}/${name}`) : fs.writeFile(`${root}/${name}`, content));
  }
  for (const [name, target] of Object.entries(links)) await fs.symlink(target, `${root}/${name}`);
}

// The owner of the folder owns its contents, and everybody has all rights: servers do not run as the user of the tests.
function fillHere(top: string, links: Readonly<Record<string, string>>): void {
  const { uid, gid } = statSync(dirname(top));
  const shared = (path: string): void => {
    if (uid === process.getuid?.()) return;
    chmodSync(path, 0o777);
    chownSync(path, uid, gid);
  };
  mkdirSync(top);
  shared(top);
  for (const [name, content] of Object.entries(FIXTURE)) {
    const path = join(top, name);
    if (content === undefined) mkdirSync(path);
    else writeFileSync(path, content);
    shared(path);
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(top, name));
}
