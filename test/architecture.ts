/** A source file: its path below src, with slashes, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

interface Layer {
  /** Other layers whose files may be imported; the pattern limits it to some of them. */
  readonly layers: Readonly<Record<string, RegExp>>;
  readonly node: readonly string[];
  /** May import packages (which test/dependencies.test.ts lists). */
  readonly packages?: boolean;
}

const NAMES = [
  'wire',
  'crypto',
  'tap',
  'auth',
  'engine',
  'net',
  'fs',
  'coord',
  'trees',
  'client',
  'transfer',
  'server',
  'viewer',
  'cli',
];
const ANY = /./;
const ERRORS = /^erref\//;
const PUBLIC = /^index\.js$/;
const HANDY = ['node:stream', 'node:stream/web', 'node:stream/promises', 'node:events', 'node:util', 'node:crypto'];

/** See "Layers and allowed imports" in docs/architecture.md. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  wire: { layers: {}, node: [] },
  crypto: { layers: { wire: ERRORS }, node: ['node:crypto'], packages: true },
  tap: { layers: { wire: ANY }, node: ['node:diagnostics_channel'] },
  auth: { layers: { wire: ANY, crypto: ANY }, node: [] },
  engine: { layers: { wire: ANY, crypto: ANY, auth: ANY, tap: ANY }, node: [] },
  net: {
    layers: { engine: ANY, tap: ANY, wire: ERRORS },
    node: ['node:net', 'node:tls', 'node:os', 'node:dns/promises'],
  },
  fs: {
    layers: { wire: /^(fscc|dtyp|erref)\// },
    // Of the timers only setImmediate, to yield to others; setTimeout is banned below.
    node: [
      'node:timers/promises',
      // For loading optional modules at first use.
      'node:module',
      'node:fs',
      'node:fs/promises',
      'node:path',
      'node:os',
      'node:crypto',
      'node:stream',
      'node:url',
      'node:util',
    ],
    packages: true,
  },
  coord: { layers: { wire: ANY }, node: [], packages: true },
  trees: { layers: { wire: ERRORS }, node: [] },
  client: {
    layers: { wire: ANY, auth: ANY, engine: ANY, net: ANY, tap: ANY, trees: ANY },
    node: [...HANDY, 'node:string_decoder'],
  },
  transfer: {
    layers: { client: PUBLIC, trees: ANY, fs: /^local\/(?:at-once|data-ranges|node-time)\.js$/ },
    node: ['node:crypto', 'node:fs', 'node:fs/promises', 'node:path'],
  },
  server: {
    layers: { wire: ANY, auth: ANY, engine: ANY, net: ANY, tap: ANY, fs: /^(?!local\/|s3\/|memory\/)/, coord: ANY },
    node: [...HANDY, 'node:os'],
  },
  viewer: {
    // To decrypt captures with a password.
    layers: { wire: ANY, tap: ANY, crypto: ANY, auth: /^captured-logon\.js$/ },
    node: ['node:http', 'node:fs', 'node:fs/promises', 'node:path', 'node:url', 'node:stream', 'node:tty'],
    packages: true,
  },
  cli: {
    layers: {
      wire: PUBLIC,
      auth: PUBLIC,
      fs: PUBLIC,
      client: PUBLIC,
      transfer: PUBLIC,
      server: PUBLIC,
      viewer: PUBLIC,
    },
    node: ['node:*'],
    packages: true,
  },
  testing: { layers: Object.fromEntries(NAMES.map((name) => [name, ANY])), node: ['node:*'], packages: true },
};

const ADVICE: Readonly<Record<string, string>> = {
  wire: 'wire runs in the browser as is: take what you need as an argument, or move the code up a layer',
  crypto: 'crypto knows bytes only: pass values in, decode and encode in the layer that calls',
  tap: 'tap sees types of wire only: publish plain values from the layer that has them',
  auth: 'auth is bytes in, bytes out: clock, random and stores come as arguments',
  engine: 'the engine is sans-IO: sockets and timers belong in net/, time comes as an argument',
  net: 'net moves bytes between sockets and an engine: policy belongs in client/ or server/',
  fs: 'a back end knows its own I/O and the values of fscc, dtyp and erref: semantics belong in server/action',
  coord: 'coord decides on keys it is given: pass them in',
  trees: 'what is below a directory, whoever keeps it: the file system comes as an argument',
  client: 'the client speaks through engine and net; what it shares with the server belongs below both',
  transfer: 'transfers are made of what the client offers to everybody, and of the files of this machine',
  server:
    'the server knows the contract of a back end, not the back ends; what it shares with the client belongs below both',
  viewer: 'the viewer decodes with wire and listens to tap; let the caller bring connections and files',
  cli: 'the CLI is the first user of the library: import `#<layer>/index.js`, and export there what is missing',
  testing: 'testing is for tests',
};

/** Source without comments; with `blank`, also without the contents of strings. Line numbers do not change. */
export function strip(text: string, blank: boolean): string {
  const pattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;
  return text.replace(pattern, (found) => {
    const isComment = found.startsWith('//') || found.startsWith('/*');
    return isComment || blank ? found.replace(/[^\n]/g, ' ') : found;
  });
}

/** The specifiers that a file imports, re-exports or loads. */
export function imports(text: string): string[] {
  const found = strip(text, false).matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"\n]+)\1/g);
  return Array.from(found, (match) => match[2] as string);
}

/** Files that do I/O of their own although their layer has none. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'auth/file-accounts.ts': ['node:fs/promises', 'node:crypto'],
  // Types only.
  'client/node-fs/node-types.ts': ['node:fs/promises'],
};

const isTest = (path: string): boolean => /\.test\.(?:[a-z]+\.)?ts$/.test(path) || path.startsWith('testing/');

function target(path: string, specifier: string): { layer: string; file: string } | undefined {
  const own = /^#([a-z]+)\/(.+)$/.exec(specifier);
  if (own) return { layer: own[1] as string, file: own[2] as string };
  if (!specifier.startsWith('.')) return undefined;
  const parts = path.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return { layer: parts[0] ?? '', file: parts.slice(1).join('/') };
}

/** Why a file may not import something, or undefined if it may. */
export function edgeFault(path: string, specifier: string): string | undefined {
  const from = path.split('/')[0] as string;
  const layer = LAYERS[from];
  if (!layer) return `${from}/ is no layer: put the file into one of ${Object.keys(LAYERS).join(', ')}`;
  const to = target(path, specifier);
  if (to === undefined) {
    if (isTest(path) || EXCEPTIONS[path]?.includes(specifier)) return undefined;
    const allowed = specifier.startsWith('node:')
      ? layer.node.includes(specifier) || layer.node.includes('node:*')
      : layer.packages === true;
    return allowed ? undefined : ADVICE[from];
  }
  if (to.layer === from) {
    return specifier.startsWith('#')
      ? 'within a layer use a relative import, so that the layer can become a package'
      : undefined;
  }
  if (specifier.startsWith('.'))
    return `across layers write #${to.layer}/${to.file}, so that the rule can be read off it`;
  if (to.layer === 'testing') return isTest(path) ? undefined : 'testing is imported by *.test.ts and test/ only';
  if (isTest(path)) return undefined;
  return layer.layers[to.layer]?.test(to.file) ? undefined : ADVICE[from];
}

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly where: (path: string) => boolean;
  /** Looks at comments and strings as well. */
  readonly raw?: boolean;
}

const inLayer = (path: string, ...layers: string[]): boolean => layers.includes(path.split('/')[0] as string);
const everywhere = (): boolean => true;

export const BANS: readonly Ban[] = [
  {
    pattern: /\bBuffer\.concat\b/,
    instead: 'one allocation of the known size and one copy, or keep the parts as a list',
    where: (path) => !isTest(path) && !inLayer(path, 'net'),
  },
  {
    pattern: /\b(?:Date\.now|setTimeout|setInterval)\b|\bnew Date\(\s*\)/,
    instead: 'take the clock as an argument (net/clock.ts is the real one): tests set the time',
    where: (path) => !isTest(path) && !inLayer(path, 'net', 'cli') && path !== 'fs/clock.ts',
  },
  {
    pattern: /\bMath\.random\b/,
    instead: 'take the source of random bytes as an argument: a handshake must be reproducible',
    where: (path) => !isTest(path),
  },
  { pattern: /\benum\s+\w/, instead: 'a const object `as const` with a namesOf() table', where: everywhere },
  {
    pattern: /\bnew Function\b|\beval\(/,
    instead: 'plain code: hardened hosts forbid generated code',
    where: everywhere,
  },
  {
    pattern: /\.(?:read|write)(?:U?Int|BigU?Int|Float|Double)\w*[LB]E\(/,
    instead: 'a verb of Layout, or one DataView per chunk: the Buffer methods are several times slower',
    where: (path) => inLayer(path, 'wire') && !isTest(path),
  },
  {
    pattern: /\bBuffer\b/,
    instead: 'Uint8Array: wire runs in the browser',
    where: (path) => inLayer(path, 'wire') && !isTest(path),
  },
  { pattern: /(?::|\bas|<)\s*any\b/, instead: '`unknown` and a check, or the real type', where: everywhere },
  {
    pattern: /@ts-(?:ignore|nocheck|expect-error)|biome-ignore/,
    instead: 'mend what is complained about',
    where: everywhere,
    raw: true,
  },
  { pattern: /\b(?:TODO|FIXME|XXX)\b/, instead: 'do it, or write an issue', where: everywhere, raw: true },
];

const MAX_LINES = 400;
/** Tables of codes and recorded bytes may be long. */
const isTable = (path: string): boolean =>
  /^wire\/erref\/|(?:-table|-codes|-names|\.test\.(?:data|samples))\.ts$/.test(path);

/** Faults in a set of sources, one sentence each; `edges` counts the imports that were checked. */
export function inspectSources(sources: readonly Source[]): { faults: string[]; edges: number } {
  const faults: string[] = [];
  let edges = 0;
  for (const { path, text } of sources) {
    for (const specifier of imports(text)) {
      edges++;
      const fault = edgeFault(path, specifier);
      if (fault) faults.push(`src/${path} imports ${specifier}: ${fault}`);
    }
    const lines = text.split('\n').length - 1;
    if (lines > MAX_LINES && !isTable(path))
      faults.push(`src/${path} has ${lines} lines, ${MAX_LINES} are the limit: split it`);
    const bans = BANS.filter((ban) => ban.where(path));
    const bare = strip(text, true).split('\n');
    text.split('\n').forEach((line, index) => {
      for (const ban of bans) {
        const found = ban.pattern.exec(ban.raw ? line : (bare[index] as string));
        if (found) faults.push(`src/${path}:${index + 1} has \`${found[0].trim()}\`; instead: ${ban.instead}`);
      }
    });
  }
  return { faults, edges };
}
