/** Parts of a pattern, and what each is as a regular expression. */
const PART = /\*\*\/|\*\*|\*|\?|\[[!^]?\]?[^\]]*\]|\{[^{}]*\}|\\.|./gsu;

/** `*` and `?` stay within a name, `**` does not; `[a-z]`, `[!a-z]`, `{jpg,png}`; a backslash takes the meaning away. */
function source(pattern: string): string {
  return pattern.replace(PART, (part) => SIMPLE[part] ?? (part.length === 1 ? literal(part) : compound(part)));
}

const SIMPLE: Readonly<Record<string, string>> = {
  // `**/x` is x too.
  '**/': '(?:[^/]+/)*',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};

function compound(part: string): string {
  if (part.startsWith('[')) return part.length > 2 ? setOf(part.slice(1, -1)) : '\\[\\]';
  if (part.startsWith('{')) return `(?:${part.slice(1, -1).split(',').map(source).join('|')})`;
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

/** A test for names or paths with slashes, case ignored as on a share. */
export function globTest(pattern: string): (text: string) => boolean {
  const expression = new RegExp(`^(?:${source(pattern)})$`, 'isu');
  return (text) => expression.test(text);
}

/** Which part of a tree is meant. */
export interface Filter {
  /** Whether a directory is looked into. `path` counts from the top of what is transferred. */
  enters(path: string): boolean;
  /** Whether a file or link is taken. */
  takes(path: string): boolean;
  /** Whether directories come with what is in them only. */
  readonly narrows: boolean;
}

/**
 * What matches one of `include` (if there are any) and none of `exclude`. A pattern without a slash is about the name,
 * wherever it is; one with a slash about the path from the top. What is excluded as a directory is not looked into.
 */
export function filterOf(include: readonly string[] = [], exclude: readonly string[] = []): Filter {
  const wanted = include.map(pathTest);
  const unwanted = exclude.map(pathTest);
  const kept = (path: string): boolean => !unwanted.some((test) => test(path));
  return {
    enters: kept,
    takes: (path) => kept(path) && (wanted.length === 0 || wanted.some((test) => test(path))),
    narrows: wanted.length > 0,
  };
}

function pathTest(pattern: string): (path: string) => boolean {
  const plain = pattern.replace(/\/+$/, '');
  const test = globTest(plain.replace(/^\//, ''));
  if (plain.includes('/')) return test;
  return (path) => test(path.slice(path.lastIndexOf('/') + 1));
}
