import { type GlobState, PathPatterns } from '#trees/glob.js';
import type { WalkDirectory } from '#trees/walk.js';
import type { DirectoryEntry } from '../node-stat.js';
import { normal } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';
import { leadsOn } from './read-directory.js';
import { type ShareNode, walkShare } from './walk-share.js';

/** Where to search and what to exclude. */
export interface GlobOptions {
  /** Directory to search; the share's root by default. */
  readonly cwd?: string | undefined;
  /** Patterns to exclude, together with everything below a match. */
  readonly exclude?: readonly string[] | undefined;
}

interface Reached {
  readonly state: GlobState;
  readonly hit: boolean;
  readonly more: boolean;
}

/** How far the patterns have matched in each directory of a walk. */
class Progress {
  readonly #patterns: PathPatterns;
  readonly #states = new WeakMap<WalkDirectory<ShareNode>, GlobState>();

  constructor(patterns: readonly string[]) {
    this.#patterns = new PathPatterns(patterns);
  }

  at(directory: WalkDirectory<ShareNode>, name: string): Reached {
    return this.#patterns.step(this.#stateOf(directory), name);
  }

  #stateOf(directory: WalkDirectory<ShareNode>): GlobState {
    const known = this.#states.get(directory);
    if (known) return known;
    const { parent, entry } = directory;
    const state = parent ? this.at(parent, entry.name).state : this.#patterns.start;
    this.#states.set(directory, state);
    return state;
  }
}

/** Matches a path pattern; `**` stands for any number of directories. */
export async function* glob(
  protocol: FileProtocol,
  pattern: string | readonly string[],
  { cwd = '', exclude = [] }: GlobOptions,
  control: Control,
): AsyncGenerator<DirectoryEntry, void, undefined> {
  const wanted = new Progress([pattern].flat());
  const unwanted = new Progress(exclude);
  const enters = (_path: string, node: ShareNode, parent: WalkDirectory<ShareNode>): boolean =>
    leadsOn(node) && wanted.at(parent, node.name).more && !unwanted.at(parent, node.name).hit;
  for await (const step of walkShare(protocol, normal(cwd), { enters }, control)) {
    if (step.kind !== 'entry' || !step.entry.found) continue;
    const { name, found } = step.entry;
    if (wanted.at(step.in, name).hit && !unwanted.at(step.in, name).hit) yield found;
  }
}
