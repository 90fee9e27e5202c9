import { PassThrough, Readable } from 'node:stream';
import { type Acts, type At, type Fs, using, wrong } from './act.js';

/** Writes, then returns the contents. */
async function after(fs: Fs, path: string, writing: Promise<unknown>): Promise<string> {
  await writing;
  return fs.readFile(path, 'latin1');
}

async function* pieces(...all: readonly unknown[]): AsyncGenerator<never, void, undefined> {
  for (const piece of all) yield piece as never;
}

const FLAGS = ['r', 'r+', 'rs', 'rs+', 'sr', 'w', 'wx', 'xw', 'w+', 'wx+', 'a', 'ax', 'a+', 'ax+', 'as', 'as+'];
const NO_FLAGS: readonly unknown[] = ['', 'rw', 'z', 'R', 'rx', 'ws', 'w++', 'xs', null, true, {}, 1.5, Number.NaN];

/** Opens a file that exists and one that does not; reads, writes, reads again. */
async function tried(fs: Fs, path: string, flags: string | number): Promise<unknown> {
  const steps: unknown[] = [];
  const step = async (work: Promise<unknown>): Promise<void> => {
    steps.push(await work.catch(({ code, syscall }) => ({ code, syscall })));
  };
  await step(
    using(fs.open(path, flags), async (handle) => {
      await step(handle.read(Buffer.alloc(2)).then(({ bytesRead, buffer }) => [bytesRead, buffer]));
      await step(handle.write('AB').then(({ bytesWritten }) => bytesWritten));
      await step(handle.write('CD', 0).then(({ bytesWritten }) => bytesWritten));
      await step(handle.truncate(6));
      await step(handle.sync());
      await step(handle.stat().then(({ size }) => size));
    }),
  );
  await step(fs.readFile(path, 'latin1'));
  return steps;
}

function flagged(): Acts {
  const acts: [string, Acts[string]][] = [];
  for (const flag of FLAGS) {
    acts.push([`open ${flag}`, async (fs, at) => [await tried(fs, at('/f'), flag), await tried(fs, at('/new'), flag)]]);
    acts.push([`open a directory ${flag}`, async (fs, at) => (await fs.open(at('/e'), flag)).close()]);
    acts.push([`readFile ${flag}`, (fs, at) => fs.readFile(at('/f'), { flag })]);
    acts.push([`writeFile ${flag}`, (fs, at) => after(fs, at('/f'), fs.writeFile(at('/f'), 'XY', { flag }))]);
    acts.push([`writeFile anew ${flag}`, (fs, at) => after(fs, at('/n'), fs.writeFile(at('/n'), 'XY', { flag }))]);
    acts.push([`appendFile ${flag}`, (fs, at) => after(fs, at('/f'), fs.appendFile(at('/f'), 'XY', { flag }))]);
  }
  for (const flag of NO_FLAGS) {
    const text = String(flag) || "''";
    acts.push([`no flag ${text}`, async (fs, at) => (await fs.open(at('/f'), wrong(flag))).close()]);
    acts.push([`no flag ${text} to read`, (fs, at) => fs.readFile(at('/f'), { flag: wrong(flag) })]);
    acts.push([`no flag ${text} to write`, (fs, at) => fs.writeFile(at('/f'), 'x', { flag: wrong(flag) })]);
  }
  return Object.fromEntries(acts);
}

function numbered(name: string, pick: (constants: Fs['constants']) => number): Acts {
  return {
    [`open ${name}`]: async (fs, at) => {
      const bits = pick(fs.constants);
      return [await tried(fs, at('/f'), bits), await tried(fs, at('/new'), bits)];
    },
  };
}

const ENCODINGS = ['utf8', 'latin1', 'ascii', 'hex', 'base64', 'base64url', 'utf16le', 'ucs2', 'binary', 'UTF-8'];
const DATA: Readonly<Record<string, () => unknown>> = {
  text: () => 'téxt',
  'no text': () => '',
  bytes: () => Buffer.from([1, 2, 255]),
  'numbers of 16 bits': () => new Uint16Array([1, 2]),
  'a part of numbers': () => new Uint16Array([1, 2, 3]).subarray(1),
  'a view': () => new DataView(new ArrayBuffer(3), 1),
  'pieces of text': () => ['a', 'b', 'é'],
  'pieces of both': () => ['a', Buffer.from('b'), new Uint8Array([99])],
  'pieces that come': () => pieces('a', Buffer.from('b')),
  'a stream': () => Readable.from(['x', 'y']),
  'a stream of bytes': () => new PassThrough().end('through'),
  'a set': () => new Set(['a', 'b']),
  'a number': () => 5,
  undefined: () => undefined,
  null: () => null,
  'an object': () => ({}),
  'an object that speaks': () => ({ toString: () => 'x' }),
  'an ArrayBuffer': () => new ArrayBuffer(2),
  'pieces that are none': () => [5],
  'pieces that come and are none': () => pieces('a', {}),
  'a promise': () => Promise.resolve('x'),
};

function encodings(): Acts {
  const acts: [string, Acts[string]][] = [];
  for (const encoding of ENCODINGS as BufferEncoding[]) {
    acts.push([`readFile as ${encoding}`, (fs, at) => fs.readFile(at('/f'), encoding)]);
    acts.push([`readFile with encoding ${encoding}`, (fs, at) => fs.readFile(at('/f'), { encoding })]);
    acts.push([
      `writeFile as ${encoding}`,
      (fs, at) => after(fs, at('/f'), fs.writeFile(at('/f'), 'abcdé', { encoding })),
    ]);
    acts.push([`writeFile ${encoding}`, (fs, at) => after(fs, at('/f'), fs.writeFile(at('/f'), 'abcd', encoding))]);
    acts.push([
      `writeFile pieces as ${encoding}`,
      (fs, at) => after(fs, at('/f'), fs.writeFile(at('/f'), ['abcd', '0011'], { encoding })),
    ]);
  }
  for (const encoding of ['nonsense', 'buffer', '', null, undefined, 5, {}, true]) {
    const said = String(encoding);
    acts.push([`readFile as no ${said}`, (fs, at) => fs.readFile(at('/f'), wrong(encoding))]);
    acts.push([`readFile in no ${said}`, (fs, at) => fs.readFile(at('/f'), { encoding: wrong(encoding) })]);
    acts.push([`writeFile as no ${said}`, (fs, at) => fs.writeFile(at('/f'), 'x', wrong(encoding))]);
    acts.push([`writeFile in no ${said}`, (fs, at) => fs.writeFile(at('/f'), 'x', { encoding: wrong(encoding) })]);
    acts.push([`writeFile bytes in no ${said}`, (fs, at) => fs.writeFile(at('/f'), Buffer.from('x'), wrong(encoding))]);
  }
  for (const [name, make] of Object.entries(DATA)) {
    const written = (work: (fs: Fs, path: string) => Promise<unknown>) => (fs: Fs, at: At) =>
      after(fs, at('/f'), work(fs, at('/f')));
    acts.push([`writeFile ${name}`, written((fs, path) => fs.writeFile(path, wrong(make())))]);
    acts.push([`appendFile ${name}`, written((fs, path) => fs.appendFile(path, wrong(make())))]);
    acts.push([
      `handle.writeFile ${name}`,
      written((fs, path) => using(fs.open(path, 'r+'), (handle) => handle.writeFile(wrong(make())))),
    ]);
    acts.push([
      `handle.appendFile ${name}`,
      written((fs, path) => using(fs.open(path, 'a'), (handle) => handle.appendFile(wrong(make())))),
    ]);
  }
  return Object.fromEntries(acts);
}

export const FILES: Acts = {
  ...flagged(),
  ...numbered('O_RDONLY', (c) => c.O_RDONLY),
  ...numbered('O_WRONLY', (c) => c.O_WRONLY),
  ...numbered('O_RDWR | O_CREAT', (c) => c.O_RDWR | c.O_CREAT),
  ...numbered('O_RDWR | O_CREAT | O_EXCL', (c) => c.O_RDWR | c.O_CREAT | c.O_EXCL),
  ...numbered('O_WRONLY | O_TRUNC', (c) => c.O_WRONLY | c.O_TRUNC),
  ...numbered('O_RDWR | O_APPEND', (c) => c.O_RDWR | c.O_APPEND),
  ...numbered('O_WRONLY | O_CREAT | O_APPEND | O_SYNC', (c) => c.O_WRONLY | c.O_CREAT | c.O_APPEND | c.O_SYNC),
  ...numbered('O_RDONLY | O_DIRECTORY', (c) => c.O_RDONLY | c.O_DIRECTORY),
  ...numbered('O_RDONLY | O_NOFOLLOW', (c) => c.O_RDONLY | c.O_NOFOLLOW),
  ...encodings(),
  'open a directory to write': async (fs, at) => (await fs.open(at('/d'), fs.constants.O_RDWR)).close(),
  'open a directory as one': async (fs, at) =>
    using(fs.open(at('/d'), fs.constants.O_DIRECTORY), async (handle) => (await handle.stat()).isDirectory()),
  'read a directory': (fs, at) => using(fs.open(at('/d')), (handle) => handle.read(Buffer.alloc(5))),
  'readFile of an open directory': (fs, at) => using(fs.open(at('/d')), (handle) => handle.readFile()),
  'open with a mode that is none': (fs, at) => fs.open(at('/new'), 'w', 'zz'),
  'open with a mode below 0': (fs, at) => fs.open(at('/new'), 'w', -1),
  'open with a mode of a fraction': (fs, at) => fs.open(at('/new'), 'w', 1.5),
  'open with a mode as text': async (fs, at) => (await fs.open(at('/new'), 'w', '0644')).close(),
  'open with a mode of null': async (fs, at) => (await fs.open(at('/new'), 'w', wrong(null))).close(),
  'open without a mode': async (fs, at) => (await fs.open(at('/new'), 'w', undefined)).close(),
  'writeFile read-only': async (fs, at) => {
    await fs.writeFile(at('/new'), 'x', { mode: 0o444 });
    return [(await fs.stat(at('/new'))).mode & 0o222, await fs.readFile(at('/new'), 'utf8')];
  },
  'writeFile with a mode that is none': (fs, at) => fs.writeFile(at('/new'), 'x', { mode: 'zz' }),
  'writeFile with a mode of null': (fs, at) => fs.writeFile(at('/new'), 'x', { mode: wrong(null) }),
  'writeFile and flush': async (fs, at) => fs.writeFile(at('/new'), 'x', wrong({ flush: true })),
  'writeFile and flush nonsense': (fs, at) => fs.writeFile(at('/new'), 'x', wrong({ flush: 'yes' })),
  'writeFile with options that are none': (fs, at) => fs.writeFile(at('/new'), 'x', wrong(5)),
  'appendFile with options that are none': (fs, at) => fs.appendFile(at('/new'), 'x', wrong(true)),
  'appendFile anew': (fs, at) => after(fs, at('/new'), fs.appendFile(at('/new'), 'x')),
  'appendFile as hex': (fs, at) => after(fs, at('/f'), fs.appendFile(at('/f'), '4142', 'hex')),
  'readFile called off': (fs, at) => fs.readFile(at('/f'), { signal: AbortSignal.abort() }),
  'readFile called off for a reason': (fs, at) =>
    fs.readFile(at('/f'), { signal: AbortSignal.abort(new RangeError('enough')) }),
  'readFile of nothing, called off': (fs, at) => fs.readFile(at('/missing'), { signal: AbortSignal.abort() }),
  'readFile with no signal': (fs, at) => fs.readFile(at('/f'), { signal: wrong('now') }),
  'writeFile called off': (fs, at) => fs.writeFile(at('/f'), 'x', { signal: AbortSignal.abort() }),
  'writeFile with no signal': (fs, at) => fs.writeFile(at('/f'), 'x', { signal: wrong({}) }),
  'writeFile of a stream, called off': async (fs, at) => {
    const stop = new AbortController();
    const stopping = (async function* () {
      yield 'a';
      stop.abort();
      yield 'b';
    })();
    await fs.writeFile(at('/f'), stopping, { signal: stop.signal });
  },
  'writeFile of a stream that fails': async (fs, at) => {
    const failing = (async function* () {
      yield 'a';
      throw new RangeError('of the stream');
    })();
    await fs.writeFile(at('/f'), failing);
  },
  'readFile of a handle': (fs, at) => using(fs.open(at('/f')), (handle) => fs.readFile(handle, 'utf8')),
  'writeFile of a handle': async (fs, at) => {
    await using(fs.open(at('/f'), 'r+'), (handle) => fs.writeFile(handle, 'J'));
    return fs.readFile(at('/f'), 'utf8');
  },
  'appendFile of a handle': async (fs, at) => {
    await using(fs.open(at('/f'), 'r+'), (handle) => fs.appendFile(handle, 'J'));
    return fs.readFile(at('/f'), 'utf8');
  },
  'a file of a MiB': async (fs, at) => {
    const bytes = Buffer.alloc(1 << 20, 'sombrero');
    await fs.writeFile(at('/big'), bytes);
    await fs.appendFile(at('/big'), bytes.subarray(0, 100_001));
    return (await fs.readFile(at('/big'))).equals(Buffer.concat([bytes, bytes.subarray(0, 100_001)]));
  },
};
