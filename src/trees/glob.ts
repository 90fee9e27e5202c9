import { UsageError } from '#wire/erref/errors.js';

/** The tokens of a pattern. */
const PART = /\*\*\/|\*\*|\*|\?|\[[!^]?\]?[^\]]*\]|\\.|./gsu;
/** The first braces without braces in them. */
const BRACES = /(?<!\\)\{([^{}]*)\}/;
/** Most patterns to which braces may expand. */
const MOST = 1024;

const SIMPLE: Readonly<Record<string, string>> = {
  // `**/x` matches `x`, too.
  '**/': '(?:[^/]+/)*',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};

/**
 * A pattern as a regular expression. `*` and `?` match within a name, `**` across slashes; `[a-z]`, `[!a-z]`; a
 * backslash escapes.
 */
function source(pattern: string): string {
  return pattern.replace(PART, (part) => SIMPLE[part] ?? (part.length === 1 ? literal(part) : compound(part)));
}

function compound(part: string): string {
  if (part.startsWith('[')) return part.length > 2 ? setOf(part.slice(1, -1)) : '\\[\\]';
  return literal(part.startsWith('\\') ? part.slice(1) : part);
}

function setOf(inner: string): string {
  const negated = inner.startsWith('!') || inner.startsWith('^');
  const members = (negated ? inner.slice(1) : inner).replace(/[\\\]^[]/g, '\\$&');
  return `[${negated ? '^/' : ''}${members}]`;
}

function literal(character: string): string {
  return /[\\^$+.()|[\]{}*?]/.test(character) ? `\\${character}` : character;
}

/** Expands braces, such as `{a,b}`. */
function expanded(pattern: string): string[] {
  const done: string[] = [];
  const left = [pattern];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const found = BRACES.exec(one);
    if (!found) done.push(one);
    else {
      const [before, behind] = [one.slice(0, found.index), one.slice(found.index + found[0].length)];
      const parts = (found[1] as string).split(',').map((part) => before + part + behind);
      left.push(...parts.reverse());
    }
    if (done.length + left.length > MOST) throw new UsageError(`'${pattern}' stands for more than ${MOST} patterns`);
  }
  return done;
}

function expression(patterns: readonly string[]): RegExp {
  try {
    return new RegExp(`^(?:${patterns.map(source).join('|')})$`, 'isu');
  } catch (cause) {
    throw new UsageError(`'${patterns[0]}' is no pattern`, { cause });
  }
}

/** A test for names, or for paths with slashes; ignores case, as shares do. */
export function globTest(pattern: string): (text: string) => boolean {
  const test = expression(expanded(pattern));
  return (text) => test.test(text);
}

type Segment = RegExp | '**';

function segmentsOf(pattern: string): Segment[] {
  const names = pattern.split('/').filter((name) => name !== '' && name !== '.');
  // Two in a row mean the same as one.
  const plain = names.filter((name, index) => name !== '**' || names[index - 1] !== '**');
  return plain.map((name) => (name === '**' ? '**' : expression([name])));
}

/** How far each pattern has matched on the way to a directory: positions in its segments. */
export type GlobState = readonly ReadonlySet<number>[];

/**
 * Path patterns that are matched name by name during a walk, so that directories without possible matches can be
 * skipped. `**` stands for any number of directories, including none, and at the end for everything.
 */
export class PathPatterns {
  readonly #patterns: readonly Segment[][];

  constructor(patterns: readonly string[]) {
    this.#patterns = patterns.flatMap(expanded).map(segmentsOf);
  }

  /** The state at the top, before any name. */
  get start(): GlobState {
    return this.#patterns.map((segments) => this.#reach(segments, [0]));
  }

  /** The state after one more name: whether that path matches (`hit`), and whether anything below it may (`more`). */
  step(state: GlobState, name: string): { readonly state: GlobState; readonly hit: boolean; readonly more: boolean } {
    const next = this.#patterns.map((segments, index) =>
      this.#reach(segments, this.#taken(segments, state[index], name)),
    );
    const ends = this.#patterns.map(({ length }) => length);
    return {
      state: next,
      hit: next.some((positions, index) => positions.has(ends[index] as number)),
      more: next.some((positions, index) => [...positions].some((at) => at < (ends[index] as number))),
    };
  }

  #taken(segments: readonly Segment[], positions: Iterable<number> = [], name: string): number[] {
    return [...positions].flatMap((at) => {
      const segment = segments[at];
      if (segment === '**') return [at];
      return segment?.test(name) ? [at + 1] : [];
    });
  }

  /** The positions, and those after a `**` that matches nothing. */
  #reach(segments: readonly Segment[], positions: readonly number[]): Set<number> {
    const all = new Set(positions);
    for (const at of all) if (segments[at] === '**') all.add(at + 1);
    return all;
  }
}
