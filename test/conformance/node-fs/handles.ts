import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { type Acts, type At, all, type Fs, type Handle, using, wrong } from './act.js';
import { kindsOf, shapeOf } from './outcome.js';

/** Works with an open file, then returns its contents as well. */
function on(flags: string, work: (handle: Handle) => unknown): Acts[string] {
  return async (fs: Fs, at: At) => {
    const gives = await using(fs.open(at('/f'), flags), work);
    return [gives, await fs.readFile(at('/f'), 'latin1')];
  };
}

/** Does the work with a closed handle. */
function closed(work: (handle: Handle) => unknown): Acts[string] {
  return async (fs: Fs, at: At) => {
    const handle = await fs.open(at('/f'), 'r+');
    await handle.close();
    return work(handle);
  };
}

const read = async (reading: Promise<{ bytesRead: number; buffer: NodeJS.ArrayBufferView }>): Promise<unknown> => {
  const { bytesRead, buffer } = await reading;
  return [bytesRead, Buffer.from(buffer.buffer, buffer.byteOffset, Math.min(8, buffer.byteLength)), buffer.byteLength];
};

const READS: Readonly<Record<string, readonly unknown[]>> = {
  'into a buffer': [Buffer.alloc(3)],
  'from where it stands': [Buffer.alloc(3), 0, 3, null],
  'from a position': [Buffer.alloc(3), 0, 3, 1],
  'from a position beyond the end': [Buffer.alloc(3), 0, 3, 50],
  'from a bigint': [Buffer.alloc(3), 0, 3, 2n],
  'from -1': [Buffer.alloc(3), 0, 3, -1],
  'from -2': [Buffer.alloc(3), 0, 3, -2],
  'from a fraction': [Buffer.alloc(3), 0, 3, 1.5],
  'from text': [Buffer.alloc(3), 0, 3, '1'],
  'from infinity': [Buffer.alloc(3), 0, 3, Number.POSITIVE_INFINITY],
  'from a huge bigint': [Buffer.alloc(3), 0, 3, 2n ** 64n],
  'with an offset': [Buffer.alloc(5), 2],
  'with an offset and length': [Buffer.alloc(5), 2, 2],
  'with an offset as text': [Buffer.alloc(5), '2'],
  'with an offset beyond': [Buffer.alloc(5), 6],
  'with an offset below 0': [Buffer.alloc(5), -1],
  'with an offset of a fraction': [Buffer.alloc(5), 0.5],
  'with a length beyond': [Buffer.alloc(5), 0, 6],
  'with a length beyond the offset': [Buffer.alloc(5), 2, 4],
  'with a length below 0': [Buffer.alloc(5), 0, -1],
  'with a length of 0': [Buffer.alloc(5), 0, 0],
  'with null for all': [Buffer.alloc(5), null, null, null],
  'with undefined for all': [Buffer.alloc(5), undefined, undefined, undefined],
  'into no bytes': [Buffer.alloc(0)],
  'into no bytes, by length': [Buffer.alloc(0), 0, 0],
  'into numbers': [new Uint16Array(4)],
  'into a part of numbers': [new Uint16Array(4).subarray(1), 0, 2],
  'into a view': [new DataView(new ArrayBuffer(6), 2)],
  'by options': [{ buffer: Buffer.alloc(4), offset: 1, length: 2, position: 1 }],
  'by options without a buffer': [{ length: 3 }],
  'by no options': [{}],
  'with nothing': [],
  'by buffer and options': [Buffer.alloc(4), { offset: 1, position: 2 }],
  'by buffer and options of null': [Buffer.alloc(4), { offset: null, length: null, position: null }],
  'into text': ['abc'],
  'into a number': [5],
  'into null': [null],
  'into an ArrayBuffer': [new ArrayBuffer(4)],
  'by options with text': [{ buffer: 'abc' }],
};

const WRITES: Readonly<Record<string, readonly unknown[]>> = {
  text: ['XYé'],
  'text at a position': ['XY', 2],
  'text at null': ['XY', null],
  'text at -1': ['XY', -1],
  'text at a fraction': ['XY', 1.5],
  'text at text': ['XY', '1'],
  'text as hex': ['4142', 0, 'hex'],
  'text as hex where it stands': ['4142', null, 'hex'],
  'text as nonsense': ['4142', 0, 'nonsense'],
  'no text': [''],
  bytes: [Buffer.from('XYZ')],
  'a part of bytes': [Buffer.from('XYZ'), 1, 1],
  'a part of bytes at a position': [Buffer.from('XYZ'), 1, 1, 3],
  'bytes from an offset': [Buffer.from('XYZ'), 1],
  'bytes by options': [Buffer.from('XYZ'), { offset: 1, length: 1, position: 4 }],
  'bytes by no options': [Buffer.from('XYZ'), {}],
  'bytes by options of null': [Buffer.from('XYZ'), { offset: null, length: null, position: null }],
  'with an offset beyond': [Buffer.from('XYZ'), 4],
  'with a length beyond': [Buffer.from('XYZ'), 1, 3],
  'with an offset below 0': [Buffer.from('XYZ'), -1],
  'with a length below 0': [Buffer.from('XYZ'), 0, -1],
  'with an offset as text': [Buffer.from('XYZ'), '1'],
  'no bytes': [Buffer.alloc(0)],
  numbers: [new Uint16Array([0x5858, 0x5959])],
  'a view': [new DataView(new ArrayBuffer(2))],
  'a number': [5],
  nothing: [],
  null: [null],
  'an object': [{}],
  'beyond the end': ['X', 8],
};

function inputs(): Acts {
  const acts: [string, Acts[string]][] = [];
  for (const [name, list] of Object.entries(READS)) {
    acts.push([`handle.read ${name}`, on('r', (handle) => read(Reflect.apply(handle.read, handle, list)))]);
  }
  for (const [name, list] of Object.entries(WRITES)) {
    for (const flags of ['r+', 'a'])
      acts.push([`handle.write ${name} (${flags})`, on(flags, (handle) => Reflect.apply(handle.write, handle, list))]);
  }
  for (const value of [0, 3, 9, -5, undefined, null, 1.5, '3', 2n]) {
    const said = `${typeof value} ${value}`;
    acts.push([`handle.truncate ${said}`, on('r+', (handle) => handle.truncate(wrong(value)))]);
  }
  return Object.fromEntries(acts);
}

const AFTER: Readonly<Record<string, (handle: Handle) => unknown>> = {
  read: (handle) => handle.read(Buffer.alloc(1)),
  readv: (handle) => handle.readv([Buffer.alloc(1)]),
  write: (handle) => handle.write('x'),
  'write bytes': (handle) => handle.write(Buffer.from('x')),
  writev: (handle) => handle.writev([Buffer.from('x')]),
  readFile: (handle) => handle.readFile(),
  writeFile: (handle) => handle.writeFile('x'),
  appendFile: (handle) => handle.appendFile('x'),
  stat: (handle) => handle.stat(),
  truncate: (handle) => handle.truncate(1),
  utimes: (handle) => handle.utimes(1, 2),
  chmod: (handle) => handle.chmod(0o644),
  chown: (handle) => handle.chown(0, 0),
  sync: (handle) => handle.sync(),
  datasync: (handle) => handle.datasync(),
  close: (handle) => handle.close(),
  fd: (handle) => handle.fd,
  readableWebStream: (handle) => handle.readableWebStream(),
};

export const HANDLES: Acts = {
  ...inputs(),
  ...Object.fromEntries(Object.entries(AFTER).map(([name, work]) => [`closed: ${name}`, closed(work)])),
  'handle.read again and again': on('r', async (handle) => {
    const found: unknown[] = [];
    for (let i = 0; i < 4; i++) found.push(await read(handle.read(Buffer.alloc(2))));
    return found;
  }),
  'a position is none of where it stands': on('r', async (handle) => [
    await read(handle.read(Buffer.alloc(2), 0, 2, 3)),
    await read(handle.read(Buffer.alloc(2))),
  ]),
  'handle.read for what is open to be written': on('w', (handle) => handle.read(Buffer.alloc(1))),
  'handle.readFile for what is open to be written': on('w', (handle) => handle.readFile()),
  'handle.readv for what is open to be written': on('w', (handle) => handle.readv([Buffer.alloc(1)])),
  'handle.write for what is open to be read': on('r', (handle) => handle.write('x')),
  'handle.write of bytes to what is open to be read': on('r', (handle) => handle.write(Buffer.from('x'))),
  'handle.writev to what is open to be read': on('r', (handle) => handle.writev([Buffer.from('x')])),
  'handle.writeFile to what is open to be read': on('r', (handle) => handle.writeFile('x')),
  'handle.truncate of what is open to be read': on('r', (handle) => handle.truncate(1)),
  'handle.sync of what is open to be read': on('r', (handle) => handle.sync()),
  'handle.utimes of what is open to be read': on('r', (handle) => handle.utimes(1, 2)),
  'handle.readv': on('r', async (handle) => {
    const buffers = [Buffer.alloc(1), Buffer.alloc(3), Buffer.alloc(5)];
    return [await handle.readv(buffers), buffers];
  }),
  'handle.readv from a position': on('r', async (handle) => [
    await handle.readv([Buffer.alloc(2)], 3),
    await handle.readv([new Uint16Array(1)]),
  ]),
  'handle.readv of nothing': on('r', (handle) => handle.readv([])),
  'handle.readv of no list': on('r', (handle) => handle.readv(wrong(Buffer.alloc(1)))),
  'handle.readv of text': on('r', (handle) => handle.readv(wrong(['x']))),
  'handle.writev': on('r+', async (handle) => [
    await handle.writev([Buffer.from('A'), Buffer.from('BC')]),
    await handle.writev([new Uint8Array([68])], 4),
  ]),
  'handle.writev to the end': on('a', (handle) => handle.writev([Buffer.from('A'), Buffer.from('BC')], 0)),
  'handle.writev of nothing': on('r+', (handle) => handle.writev([])),
  'handle.writev of no list': on('r+', (handle) => handle.writev(wrong('x'))),
  'handle.writev of text': on('r+', (handle) => handle.writev(wrong(['x']))),
  'handle.write one after the other': on('r+', async (handle) => {
    await handle.write('A');
    await handle.write(Buffer.from('B'));
    await handle.write('Z', 4);
    await handle.write('C');
  }),
  'handle.readFile from where it stands': on('r', async (handle) => {
    await handle.read(Buffer.alloc(2));
    return [await handle.readFile(), await handle.readFile('utf8'), await handle.readFile({ encoding: 'hex' })];
  }),
  'handle.readFile called off': on('r', (handle) => handle.readFile({ signal: AbortSignal.abort() })),
  'handle.readFile as nonsense': on('r', (handle) => handle.readFile(wrong('nonsense'))),
  'handle.writeFile where it stands': on('r+', async (handle) => {
    await handle.writeFile('A');
    await handle.writeFile(wrong(['B', 'C']));
  }),
  'handle.writeFile as hex': on('r+', (handle) => handle.writeFile('4142', 'hex')),
  'handle.writeFile as nonsense': on('r+', (handle) => handle.writeFile('4142', wrong('nonsense'))),
  'handle.writeFile called off': on('r+', (handle) => handle.writeFile('x', wrong({ signal: AbortSignal.abort() }))),
  'handle.appendFile where it stands': on('r+', (handle) => handle.appendFile('A')),
  'handle.stat': on('r', async (handle) => {
    const stats = await handle.stat();
    return [kindsOf(stats), shapeOf(stats), stats.size];
  }),
  'handle.stat with bigint': on('r', async (handle) => {
    const stats = await handle.stat({ bigint: true });
    return [kindsOf(stats), shapeOf(stats), stats.size];
  }),
  'handle.utimes': on('r+', async (handle) => {
    await handle.utimes(1.5, new Date(2500));
    const { atimeMs, mtimeMs } = await handle.stat();
    return [atimeMs, mtimeMs];
  }),
  'handle.utimes with nonsense': on('r+', (handle) => handle.utimes(wrong({}), 1)),
  'handle.chmod with nonsense': on('r+', (handle) => handle.chmod(wrong('zz'))),
  'handle.chown with nonsense': on('r+', (handle) => handle.chown(wrong('a'), 1)),
  'handle.sync and datasync': on('r+', async (handle) => [await handle.sync(), await handle.datasync()]),
  'its methods': on('r', (handle) =>
    Object.keys(AFTER)
      .concat(['readLines', 'createReadStream', 'createWriteStream', 'on', 'once', 'emit'])
      .filter((name) => typeof Reflect.get(handle, name) === 'function'),
  ),
  'its descriptor': on('r', (handle) => [typeof handle.fd, handle.fd > 2]),
  'it tells that it closes': async (fs, at) => {
    const handle = await fs.open(at('/f'));
    const told = once(wrong(handle), 'close');
    const closing = [handle.close(), handle.close()];
    return [await told, await Promise.all(closing), await handle.close(), handle.fd];
  },
  'it can be disposed of': async (fs, at) => {
    const handle = await fs.open(at('/f'));
    const dispose = Symbol.asyncDispose === undefined ? () => handle.close() : handle[Symbol.asyncDispose];
    await dispose.call(handle);
    return handle.fd;
  },
  'handle.readLines': async (fs, at) => {
    const handle = await fs.open(at('/lines'));
    const closing = once(wrong(handle), 'close');
    return [await all(handle.readLines()), await closing, handle.fd];
  },
  'handle.readLines, some of them': async (fs, at) => {
    const handle = await fs.open(at('/lines'));
    return all(handle.readLines({ start: 4 }));
  },
  'handle.createReadStream': on('r', async (handle) => text(handle.createReadStream())),
  'handle.createReadStream of a part': on('r', async (handle) => [
    await text(handle.createReadStream({ start: 1, end: 3, autoClose: false })),
    await text(handle.createReadStream({ autoClose: false })),
    await text(handle.createReadStream({ autoClose: false })),
    await text(handle.createReadStream({ start: 2, encoding: 'hex', highWaterMark: 1 })),
    handle.fd,
  ]),
  'handle.createReadStream from where it stands': on('r', async (handle) => {
    await handle.read(Buffer.alloc(2));
    return text(handle.createReadStream());
  }),
  'handle.createWriteStream': on('r+', async (handle) => {
    const stream = handle.createWriteStream();
    stream.write('A');
    stream.end('B');
    await once(stream, 'close');
    return [handle.fd, stream.bytesWritten];
  }),
  'handle.createWriteStream from a place': on('r+', async (handle) => {
    const stream = handle.createWriteStream({ start: 3 });
    stream.end('Z');
    await once(stream, 'close');
    return handle.fd;
  }),
  'handle.readableWebStream': on('r', async (handle) => text(handle.readableWebStream() as never)),
};
