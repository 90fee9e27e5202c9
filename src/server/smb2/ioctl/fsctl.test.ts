import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { type Answer, FsctlBench, pattern } from '#testing/fsctl-bench.js';
import { fromHex, toHex } from '#testing/golden.js';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { NIL_GUID } from '#wire/dtyp/guid.js';
import { DuplicateExtentsData } from '#wire/fscc/fsctl/duplicate-extents.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { SrvCopychunk, SrvCopychunkCopy, SrvCopychunkResponse } from '#wire/fscc/fsctl/srv-copychunk.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';
import { close } from '../../action/close.js';
import { lock } from '../../action/lock.js';
import { type DiskOpen, writable } from '../../state/open.js';
import { fileIdOf } from '../context.js';

const bytesOf = (wire: Wire): Uint8Array => new Encoder().encode(wire);
const ranges = (...numbers: number[]): Uint8Array => new Uint8Array(new BigUint64Array(numbers.map(BigInt)).buffer);

async function contentOf({ backend, handle }: DiskOpen): Promise<Uint8Array> {
  const bytes = new Uint8Array((await backend.stat(handle)).size);
  await backend.read(handle, bytes, 0);
  return bytes;
}

async function keyOf(bench: FsctlBench, open: DiskOpen): Promise<Uint8Array> {
  const { status, output } = await bench.send(open, Fsctl.SrvRequestResumeKey);
  assert.equal(status, 'STATUS_SUCCESS');
  assert.equal(output.length, 64, 'OutputCount is 32');
  return fromHex(output).slice(0, 24);
}

function copyOf(sourceKey: Uint8Array, ...chunks: [number, number, number][]): Uint8Array {
  const list = chunks.map(([sourceOffset, targetOffset, length]) =>
    Object.assign(new SrvCopychunk(), { sourceOffset, targetOffset, length }),
  );
  return bytesOf(Object.assign(new SrvCopychunkCopy(), { sourceKey, chunks: list }));
}

function counts({ status, output }: Answer): [string, number, number, number] {
  const response = new SrvCopychunkResponse();
  response.layout(new Decoder().reset(fromHex(output)));
  return [status, response.chunksWritten, response.chunkBytesWritten, response.totalBytesWritten];
}

test('a code that nobody knows is refused on what is open, and needs something open', async () => {
  const bench = new FsctlBench();
  const file = await bench.open('f');
  assert.equal((await bench.send(file, 0x0009_ffff)).status, 'STATUS_INVALID_DEVICE_REQUEST');
  assert.equal((await bench.send(file, Fsctl.SrvReadHash)).status, 'STATUS_HASH_NOT_SUPPORTED');
  assert.equal((await bench.send(undefined, Fsctl.DfsGetReferrals)).status, 'STATUS_FS_DRIVER_REQUIRED');
  assert.equal((await bench.send(file, Fsctl.DfsGetReferrals)).status, 'STATUS_INVALID_PARAMETER');
});

test('a resume key stays the same for an open, and has room for itself', async () => {
  const bench = new FsctlBench();
  const [one, other] = [await bench.open('f'), await bench.open('f')];
  assert.deepEqual(await keyOf(bench, one), await keyOf(bench, one));
  assert.notDeepEqual(await keyOf(bench, one), await keyOf(bench, other));
  assert.equal((await bench.send(one, Fsctl.SrvRequestResumeKey, undefined, 31)).status, 'STATUS_INVALID_PARAMETER');
});

test('chunks are copied within a share, to another one and within a file', async () => {
  const bench = new FsctlBench();
  const source = await bench.open('a', 200_000);
  const key = await keyOf(bench, source);
  const other = bench.share('others', memory());
  for (const target of [await bench.open('b'), await bench.open('c', 0, FileGeneric.All, other)]) {
    const copy = copyOf(key, [0, 0, 150_000], [150_000, 150_000, 50_000], [0, 200_010, 3]);
    const answer = await bench.send(target, Fsctl.SrvCopychunk, copy);
    assert.deepEqual(counts(answer), ['STATUS_SUCCESS', 3, 0, 200_003]);
    const expected = new Uint8Array(200_013);
    expected.set(pattern(200_000));
    expected.set(pattern(3), 200_010);
    assert.deepEqual(await contentOf(target), expected);
  }
  // A chunk is read completely before it is written, even if it overlaps itself.
  await bench.send(source, Fsctl.SrvCopychunk, copyOf(key, [0, 10, 100_000]));
  assert.deepEqual((await contentOf(source)).subarray(10, 100_010), pattern(100_000));
  assert.deepEqual(counts(await bench.send(source, Fsctl.SrvCopychunk, copyOf(key))), ['STATUS_SUCCESS', 0, 0, 0]);
});

test('a copy ends where the source does, and says how far it came', async () => {
  const bench = new FsctlBench();
  const [source, target] = [await bench.open('a', 100), await bench.open('b')];
  const copy = copyOf(await keyOf(bench, source), [0, 0, 60], [50, 60, 60], [0, 0, 1]);
  const answer = await bench.send(target, Fsctl.SrvCopychunk, copy);
  assert.deepEqual(counts(answer), ['STATUS_INVALID_VIEW_SIZE', 1, 0, 60]);
  assert.deepEqual(await contentOf(target), pattern(60));
});

test('what a persistent open copies or zeroes is on the medium before that is answered', async () => {
  let flushes = 0;
  const bench = new FsctlBench(Object.assign(memory(), { flush: async () => void flushes++ }));
  const [source, target] = [await bench.open('a', 100), await bench.open('b')];
  const copy = copyOf(await keyOf(bench, source), [0, 0, 60], [60, 60, 40], [0, 0, 101]);
  await bench.send(target, Fsctl.SrvCopychunk, copy);
  assert.equal(flushes, 0);
  const durable = { owner: 'ann', client: NIL_GUID, createGuid: NIL_GUID, timeoutMs: 1, action: 0 };
  target.durable = { ...durable, tenacity: 'persistent' };
  assert.equal((await bench.send(target, Fsctl.SrvCopychunk, copy)).status, 'STATUS_INVALID_VIEW_SIZE');
  assert.equal(flushes, 1, 'once, for what was copied');
  await bench.send(target, Fsctl.SetZeroData, ranges(0, 10));
  assert.equal(flushes, 2);
});

test('what is beyond the limits is answered with the limits', async () => {
  const bench = new FsctlBench();
  const file = await bench.open('a', 10);
  const key = await keyOf(bench, file);
  const limits = ['STATUS_INVALID_PARAMETER', 256, 1_048_576, 16_777_216];
  const beyond = [
    copyOf(key, [0, 0, 1_048_577]),
    copyOf(key, [0, 0, 0]),
    copyOf(key, [0, -1, 1]),
    copyOf(key, [-1, 0, 1]),
    copyOf(key, ...Array.from({ length: 257 }, (): [number, number, number] => [0, 0, 1])),
    copyOf(key, ...Array.from({ length: 17 }, (): [number, number, number] => [0, 0, 1_048_576])),
    // More chunks announced than sent.
    copyOf(key, [0, 0, 1], [0, 0, 1]).subarray(0, -1),
  ];
  for (const copy of beyond) {
    assert.deepEqual(counts(await bench.send(file, Fsctl.SrvCopychunk, copy)), limits);
    const refused = await bench.send(file, Fsctl.SrvCopychunk, copy, 11);
    assert.deepEqual(refused, { status: 'STATUS_INVALID_PARAMETER', output: '' });
  }
  const short = await bench.send(file, Fsctl.SrvCopychunk, key);
  assert.deepEqual(short, { status: 'STATUS_INVALID_PARAMETER', output: '' });
});

test('a key that is not that of an open names nothing', async () => {
  const bench = new FsctlBench();
  const [source, target] = [await bench.open('a', 10), await bench.open('b')];
  const key = await keyOf(bench, source);
  const copy = copyOf(key, [0, 0, 10]);
  copy[23] = (copy[23] ?? 0) ^ 1;
  assert.equal((await bench.send(target, Fsctl.SrvCopychunk, copy)).status, 'STATUS_OBJECT_NAME_NOT_FOUND');
  await close(bench.core, source);
  const closed = await bench.send(target, Fsctl.SrvCopychunk, copyOf(key, [0, 0, 10]));
  assert.equal(closed.status, 'STATUS_OBJECT_NAME_NOT_FOUND');
  // A file for which no key was requested has none.
  const guess = new Uint8Array(24);
  new DataView(guess.buffer).setUint32(0, target.id, true);
  const guessed = await bench.send(target, Fsctl.SrvCopychunk, copyOf(guess, [0, 0, 10]));
  assert.equal(guessed.status, 'STATUS_OBJECT_NAME_NOT_FOUND');
});

test('copying needs the rights to read and write, and COPYCHUNK to read the target', async () => {
  const bench = new FsctlBench();
  const copy = async (source: number, target: number, code: number = Fsctl.SrvCopychunk): Promise<string> => {
    const from = await bench.open('a', 0, source);
    const to = await bench.open('b', 0, target);
    return (await bench.send(to, code, copyOf(await keyOf(bench, from), [0, 0, 5]))).status;
  };
  await close(bench.core, await bench.open('a', 10));
  const { ReadData, WriteData, AppendData, Execute, ReadAttributes } = FileAccess;
  assert.equal(await copy(ReadData, ReadData | WriteData), 'STATUS_SUCCESS');
  assert.equal(await copy(Execute, ReadData | WriteData), 'STATUS_SUCCESS');
  assert.equal(await copy(ReadData, ReadData | AppendData), 'STATUS_ACCESS_DENIED', 'there is something already');
  assert.equal(await copy(ReadAttributes, ReadData | WriteData), 'STATUS_ACCESS_DENIED');
  assert.equal(await copy(ReadData, ReadData), 'STATUS_ACCESS_DENIED');
  assert.equal(await copy(ReadData, WriteData), 'STATUS_ACCESS_DENIED');
  assert.equal(await copy(ReadData, WriteData, Fsctl.SrvCopychunkWrite), 'STATUS_SUCCESS');
});

test('locks of others stop copies and zeros, not the question where data is', async () => {
  const bench = new FsctlBench();
  const [source, target] = [await bench.open('a', 100), await bench.open('b', 100)];
  const other = await bench.open('b');
  const key = await keyOf(bench, source);
  await lock(bench.core, other, [{ offset: 50n, length: 10n, exclusive: true }]);
  const answer = await bench.send(target, Fsctl.SrvCopychunk, copyOf(key, [0, 0, 50], [0, 50, 1]));
  assert.deepEqual(counts(answer), ['STATUS_FILE_LOCK_CONFLICT', 1, 0, 50]);
  assert.equal((await bench.send(target, Fsctl.SetZeroData, ranges(55, 56))).status, 'STATUS_FILE_LOCK_CONFLICT');
  assert.equal((await bench.send(target, Fsctl.QueryAllocatedRanges, ranges(0, 100))).status, 'STATUS_SUCCESS');
});

test('a file becomes sparse, with and without a buffer; a directory never', async () => {
  const bench = new FsctlBench();
  const file = await bench.open('f');
  const isSparse = async (): Promise<boolean> => ((await file.backend.stat(file.handle)).attributes & 0x200) !== 0;
  assert.equal((await bench.send(file, Fsctl.SetSparse)).status, 'STATUS_SUCCESS');
  assert.equal(await isSparse(), true);
  await bench.send(file, Fsctl.SetSparse, Uint8Array.of(0));
  assert.equal(await isSparse(), false);
  await bench.send(file, Fsctl.SetSparse, new Uint8Array(100).fill(1, 0, 1));
  assert.equal(await isSparse(), true);
  const directory = await bench.directory('d');
  assert.equal((await bench.send(directory, Fsctl.SetSparse)).status, 'STATUS_INVALID_PARAMETER');
  const reader = await bench.open('f', 0, FileAccess.WriteEa | FileAccess.ReadData);
  assert.equal((await bench.send(reader, Fsctl.SetSparse)).status, 'STATUS_ACCESS_DENIED');
});

test('allocated ranges are those with data, as many as there is room for', async () => {
  const bench = new FsctlBench();
  const file = await bench.open('f', 10);
  const ask = (input: Uint8Array, room?: number) => bench.send(file, Fsctl.QueryAllocatedRanges, input, room);
  await writable(file).write(file.handle, pattern(10), 2 ** 20);
  const [first, second] = [toHex(ranges(0, 65_536)), toHex(ranges(2 ** 20, 10))];
  // A file that is not sparse is allocated completely.
  assert.equal((await ask(ranges(5, 2 ** 30))).output, toHex(ranges(5, 2 ** 20 + 5)));
  await bench.send(file, Fsctl.SetSparse);
  assert.deepEqual(await ask(ranges(0, 2 ** 30)), { status: 'STATUS_SUCCESS', output: first + second });
  assert.deepEqual(await ask(ranges(0, 2 ** 30), 31), { status: 'STATUS_BUFFER_OVERFLOW', output: first });
  assert.equal((await ask(ranges(0, 2 ** 30), 15)).status, 'STATUS_BUFFER_TOO_SMALL');
  assert.deepEqual(await ask(ranges(2 ** 21, 5), 0), { status: 'STATUS_SUCCESS', output: '' });
  assert.deepEqual(await ask(ranges(0, 0), 0), { status: 'STATUS_SUCCESS', output: '' });
  const wraps = fromHex(`0002000000000000 ${'ff'.repeat(8)}`);
  for (const bad of [
    wraps,
    new Uint8Array(15),
    fromHex(`${'00'.repeat(15)}80`),
    fromHex('ffffffffffff1f00'.repeat(2)),
  ]) {
    assert.equal((await ask(bad)).status, 'STATUS_INVALID_PARAMETER');
  }
  const writer = await bench.open('f', 0, FileAccess.WriteData);
  const refused = await bench.send(writer, Fsctl.QueryAllocatedRanges, ranges(0, 1));
  assert.equal(refused.status, 'STATUS_ACCESS_DENIED');
});

test('zeroing and trimming keep the size', async () => {
  const bench = new FsctlBench();
  const file = await bench.open('f', 100);
  assert.equal((await bench.send(file, Fsctl.SetZeroData, ranges(10, 2 ** 40))).status, 'STATUS_SUCCESS');
  const expected = new Uint8Array(100);
  expected.set(pattern(10));
  assert.deepEqual(await contentOf(file), expected);
  assert.equal((await bench.send(file, Fsctl.SetZeroData, ranges(200, 300))).status, 'STATUS_SUCCESS');
  assert.equal((await bench.send(file, Fsctl.SetZeroData, ranges(5, 4))).status, 'STATUS_INVALID_PARAMETER');
  const trim = fromHex(`00000000 02000000 ${toHex(ranges(0, 5, 8, 2 ** 50))}`);
  assert.deepEqual(await bench.send(file, Fsctl.FileLevelTrim, trim), { status: 'STATUS_SUCCESS', output: '02000000' });
  expected.fill(0, 0, 5).fill(0, 8);
  assert.deepEqual(await contentOf(file), expected);
  const more = fromHex(`00000000 ffffffff ${toHex(ranges(0, 5))}`);
  assert.equal((await bench.send(file, Fsctl.FileLevelTrim, more)).status, 'STATUS_INVALID_PARAMETER');
  const appender = await bench.open('f', 0, FileAccess.AppendData);
  assert.equal((await bench.send(appender, Fsctl.SetZeroData, ranges(0, 1))).status, 'STATUS_ACCESS_DENIED');
  const directory = await bench.directory('d');
  assert.equal((await bench.send(directory, Fsctl.SetZeroData, ranges(0, 1))).status, 'STATUS_INVALID_PARAMETER');
});

test('zeros are written where the medium cannot make them', async () => {
  const plain = memory();
  const backend = new Proxy(plain, {
    get: (target, name) => {
      const own = name === 'extents' || name === 'copies' ? undefined : Reflect.get(target, name);
      return typeof own === 'function' ? own.bind(target) : own;
    },
  });
  const bench = new FsctlBench(backend);
  const file = await bench.open('f', 200_000);
  await bench.send(file, Fsctl.SetZeroData, ranges(1, 199_999));
  const expected = new Uint8Array(200_000);
  expected[0] = pattern(1)[0] as number;
  expected[199_999] = pattern(200_000)[199_999] as number;
  assert.deepEqual(await contentOf(file), expected);
  for (const code of [Fsctl.SetSparse, Fsctl.FileLevelTrim]) {
    const input = code === Fsctl.SetSparse ? undefined : new Uint8Array(8);
    assert.equal((await bench.send(file, code, input)).status, 'STATUS_INVALID_DEVICE_REQUEST');
  }
  const duplicate = bytesOf(new DuplicateExtentsData());
  const refused = await bench.send(file, Fsctl.DuplicateExtentsToFile, duplicate);
  assert.equal(refused.status, 'STATUS_INVALID_DEVICE_REQUEST');
});

test('extents are shared by the rules of ReFS', async () => {
  const bench = new FsctlBench();
  const [source, target] = [await bench.open('a', 32_768), await bench.open('b', 16_384)];
  const duplicate = async (from: DiskOpen | FileId, to: DiskOpen, range: [number, number, number]) => {
    const data = new DuplicateExtentsData();
    data.sourceFileId = from instanceof FileId ? from : fileIdOf(from);
    [data.sourceFileOffset, data.targetFileOffset, data.byteCount] = range;
    return (await bench.send(to, Fsctl.DuplicateExtentsToFile, bytesOf(data))).status;
  };
  assert.equal(await duplicate(source, target, [4096, 0, 8192]), 'STATUS_SUCCESS');
  assert.deepEqual((await contentOf(target)).subarray(0, 8192), pattern(32_768).subarray(4096, 12_288));
  // A range is cut off at the target's end, and refused beyond the source's end.
  assert.equal(await duplicate(source, target, [0, 0, 32_768]), 'STATUS_SUCCESS');
  assert.deepEqual(await contentOf(target), pattern(16_384));
  assert.equal(await duplicate(source, target, [0, 0, 65_536]), 'STATUS_NOT_SUPPORTED');
  assert.equal(await duplicate(source, target, [0, 20_480, 4096]), 'STATUS_INVALID_PARAMETER');
  assert.equal(await duplicate(source, target, [1, 0, 4096]), 'STATUS_INVALID_PARAMETER');
  assert.equal(await duplicate(source, target, [0, 0, 4095]), 'STATUS_INVALID_PARAMETER');
  assert.equal(await duplicate(source, target, [0, 0, -1]), 'STATUS_INVALID_PARAMETER');
  assert.equal(await duplicate(source, target, [0, 0, 0]), 'STATUS_SUCCESS');
  assert.equal(await duplicate(source, source, [0, 4096, 8192]), 'STATUS_NOT_SUPPORTED');
  assert.equal(await duplicate(source, source, [0, 8192, 8192]), 'STATUS_SUCCESS');
  assert.equal(await duplicate(new FileId(1, 2, 3, 4), target, [0, 0, 4096]), 'STATUS_INVALID_HANDLE');
  await bench.send(source, Fsctl.SetSparse);
  assert.equal(await duplicate(source, target, [0, 0, 4096]), 'STATUS_NOT_SUPPORTED');
  const other = await bench.open('c', 0, FileGeneric.All, bench.share('others', memory()));
  assert.equal(await duplicate(source, other, [0, 0, 4096]), 'STATUS_INVALID_HANDLE');
});

test('nothing is compressed, and may be told so', async () => {
  const bench = new FsctlBench();
  const file = await bench.open('f');
  const ask = (state: string) => bench.send(file, Fsctl.SetCompression, fromHex(state));
  assert.deepEqual(await bench.send(file, Fsctl.GetCompression), { status: 'STATUS_SUCCESS', output: '0000' });
  assert.equal((await bench.send(file, Fsctl.GetCompression, undefined, 1)).status, 'STATUS_INVALID_USER_BUFFER');
  assert.equal((await ask('0000')).status, 'STATUS_SUCCESS');
  assert.equal((await ask('0100')).status, 'STATUS_NOT_SUPPORTED');
  assert.equal((await ask('4200')).status, 'STATUS_INVALID_PARAMETER');
  assert.equal((await ask('00')).status, 'STATUS_INVALID_PARAMETER');
  const reader = await bench.open('f', 0, FileAccess.ReadData);
  const refused = await bench.send(reader, Fsctl.SetCompression, fromHex('0000'));
  assert.equal(refused.status, 'STATUS_ACCESS_DENIED');
});

test('an object id is made of numbers that stay', async () => {
  const bench = new FsctlBench();
  const file = await bench.open('f');
  const { output } = await bench.send(file, Fsctl.CreateOrGetObjectId);
  assert.equal(output.length, 128);
  assert.equal(BigInt(fromHex(output)[0] ?? 0), (await file.backend.stat(file.handle)).id);
  assert.deepEqual(await bench.send(file, Fsctl.GetObjectId), { status: 'STATUS_SUCCESS', output });
  assert.equal((await bench.send(file, Fsctl.GetObjectId, undefined, 63)).status, 'STATUS_INVALID_PARAMETER');
});

test('former states are told, or how much room they need', async () => {
  const tokens = ['@GMT-2026.11.23-10.50.36', '@GMT-2026.11.22-10.50.36'];
  const bench = new FsctlBench();
  const file = await bench.open('f');
  const ask = (room: number) => bench.send(file, Fsctl.SrvEnumerateSnapshots, undefined, room);
  assert.equal((await ask(16)).output, '00000000 00000000 02000000 00000000'.replaceAll(' ', ''));
  assert.equal((await ask(15)).status, 'STATUS_INVALID_PARAMETER');
  const snapshots = { list: () => tokens, open: () => undefined };
  const backend = Object.assign(memory(), { snapshots });
  const opened = await new FsctlBench(backend).open('f');
  const told = await bench.send(opened, Fsctl.SrvEnumerateSnapshots, undefined, 16);
  assert.equal(told.output, '02000000000000006600000000000000');
  const all = (await bench.send(opened, Fsctl.SrvEnumerateSnapshots, undefined, 114)).output;
  assert.equal(all.slice(0, 24), '020000000200000066000000');
  assert.equal(Buffer.from(all.slice(24), 'hex').toString('utf16le'), `${tokens.join('\0')}\0\0`);
});
