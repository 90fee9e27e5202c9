import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { FileProtocol, Handle, Lent } from './protocol.js';
import { readAhead, readEach, readInto, readRanges, writeAll } from './transfer.js';

const handle = { path: 'f' } as Handle;

/** An in-memory file on a server that reads and writes at most `piece` bytes at a time, in any order. */
function server(
  content: Uint8Array,
  piece: number,
  delays: readonly number[] = [0],
): { protocol: FileProtocol; file: () => Uint8Array; lent: () => number } {
  let file = content;
  let turn = 0;
  let flying = 0;
  let lent = 0;
  const wait = async (): Promise<void> => {
    flying++;
    assert.ok(flying <= 4, 'more requests under way than the window allows');
    for (let i = delays[turn++ % delays.length] ?? 0; i > 0; i--) await null;
    flying--;
  };
  const protocol = {
    maxRead: 10,
    maxWrite: 10,
    window: 40,
    readSize: 10,
    writeSize: () => 10,
    async read(_: Handle, offset: number, length: number): Promise<Uint8Array> {
      assert.ok(length <= 10);
      await wait();
      return file.subarray(offset, offset + Math.min(length, piece));
    },
    async lend(_: Handle, offset: number, length: number): Promise<Lent> {
      const bytes = (await protocol.read(handle, offset, length)).slice();
      lent++;
      // Overwrites the memory, so that any use after its release shows.
      const release = (): void => {
        lent--;
        bytes.fill(0xee);
      };
      return { bytes, release };
    },
    async write(_: Handle, offset: number, data: Uint8Array): Promise<number> {
      assert.ok(data.length <= 10);
      await wait();
      const taken = data.subarray(0, piece);
      const size = Math.max(file.length, offset + taken.length);
      const grown = new Uint8Array(size);
      grown.set(file);
      grown.set(taken, offset);
      file = grown;
      return taken.length;
    },
  } as unknown as FileProtocol;
  return { protocol, file: () => file, lent: () => lent };
}

const cases = fc.record({
  content: fc.uint8Array({ maxLength: 200 }),
  piece: fc.integer({ min: 1, max: 12 }),
  delays: fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }),
});

test('readInto brings what there is, whatever the server cuts off or shuffles', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.nat(220), fc.nat(50), async ({ content, piece, delays }, room, offset) => {
      const { protocol } = server(content, piece, delays);
      const into = new Uint8Array(room);
      const got = await readInto(protocol, handle, into, offset);
      assert.deepEqual(into.subarray(0, got), content.subarray(offset, offset + room));
    }),
  );
});

test('readEach lends each piece until it is taken, and one that could not be for good', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.nat(220), fc.nat(50), fc.nat(9), async (given, length, offset, fault) => {
      const { content, piece, delays } = given;
      const { protocol, lent } = server(content, piece, delays);
      const expected = content.subarray(offset, offset + length);
      const all = new Uint8Array(expected.length);
      let pieces = 0;
      let failed = 0;
      const take = async (bytes: Uint8Array, at: number): Promise<void> => {
        if (pieces++ === fault) {
          failed++;
          throw new Error('the disk is full');
        }
        await null;
        all.set(bytes, at);
      };
      const done = readEach(protocol, handle, offset, length, take).then(
        (got) => assert.deepEqual([got, all], [expected.length, Uint8Array.from(expected)]),
        (error) => assert.match(String(error), /the disk is full/),
      );
      await done;
      assert.equal(lent(), failed, 'what was called off may still be looked at');
    }),
  );
});

test('readAhead keeps the order', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.nat(50), fc.nat(220), async ({ content, piece, delays }, start, end) => {
      const { protocol } = server(content, piece, delays);
      const all: number[] = [];
      for await (const chunk of readAhead(protocol, handle, start, end)) all.push(...chunk);
      assert.deepEqual(all, [...content.subarray(start, Math.max(start, end))]);
    }),
  );
});

test('writeAll writes all of it', async () => {
  await fc.assert(
    fc.asyncProperty(cases, fc.nat(30), async ({ content, piece, delays }, offset) => {
      const { protocol, file } = server(new Uint8Array(0), piece, delays);
      await writeAll(protocol, handle, content, offset);
      if (content.length > 0) assert.deepEqual(file().subarray(offset), content);
    }),
  );
});

test('a server that takes nothing has a full disk', async () => {
  const { protocol } = server(new Uint8Array(0), 0);
  await assert.rejects(writeAll(protocol, handle, new Uint8Array(100), 0), { status: NtStatus.DiskFull });
});

test('the first failure of several lanes is the one that is told, and ends the others', async () => {
  let calls = 0;
  const protocol = {
    maxRead: 10,
    window: 40,
    readSize: 10,
    lend: async () => {
      calls++;
      throw new Error(`fault ${calls}`);
    },
  } as unknown as FileProtocol;
  await assert.rejects(readInto(protocol, handle, new Uint8Array(1000), 0), /fault 1/);
  assert.ok(calls <= 4);
});

test('the window may grow and shrink while a transfer is under way', async () => {
  let flying = 0;
  const most: number[] = [];
  const protocol = {
    readSize: 10,
    window: 20,
    async lend(_: Handle, offset: number, length: number): Promise<Lent> {
      most[offset] = ++flying;
      for (let i = 0; i < 5; i++) await null;
      flying--;
      if (offset === 200) protocol.window = 60;
      if (offset === 600) protocol.window = 10;
      return { bytes: new Uint8Array(length), release: () => undefined };
    },
  };
  assert.equal(await readInto(protocol as unknown as FileProtocol, handle, new Uint8Array(1000), 0), 1000);
  const peak = (from: number, to: number): number => Math.max(...most.slice(from, to).filter((n) => n !== undefined));
  assert.deepEqual([peak(0, 200), peak(300, 600), peak(700, 1000)], [2, 6, 1]);
});

test('ranges are read in their order, none far ahead of what has not been taken, and to the end of the file', async () => {
  const far = 2 ** 26;
  const asked: number[] = [];
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const protocol = {
    window: 40,
    readSize: 10,
    lend: async (_: Handle, offset: number, length: number): Promise<Lent> => {
      asked.push(offset);
      return { bytes: new Uint8Array(Math.min(length, Math.max(0, far + 15 - offset))), release: () => undefined };
    },
  } as unknown as FileProtocol;
  const ranges = [
    { start: 5, end: 18 },
    { start: far, end: far + 100 },
  ];
  const took: number[] = [];
  const reading = readRanges(protocol, handle, ranges, async (_bytes, at) => {
    if (at === 5) await held;
    took.push(at);
  });
  for (let turns = 0; turns < 20; turns++) await null;
  assert.deepEqual([asked, took], [[5, 15], [15]]);
  letGo();
  assert.equal(await reading, far + 15);
  assert.deepEqual(took.slice(0, 4), [15, 5, far, far + 10]);
});
