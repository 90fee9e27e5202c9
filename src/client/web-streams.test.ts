import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer } from '#server/server.js';
import { connectOver } from './connect.js';
import { errnoCode } from './errors.js';
import type { Share } from './share.js';

const SIZE = 3_000_000;
const CONTENT: Uint8Array = Uint8Array.from({ length: SIZE }, (_, i) => i * 7 + (i >> 8));

async function place(t: TestContext): Promise<{ share: Share; opens: () => Promise<number> }> {
  const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } } });
  t.after(() => server.close());
  const [here, there] = memoryPair();
  server.accept(there);
  const share = await connectOver(here, 'smb://ann:secret@server/s');
  t.after(() => share.close());
  await share.writeFile('f', CONTENT);
  return { share, opens: async () => (await server.status()).opens };
}

/** What was requested before the stream was abandoned is closed as soon as it is answered. */
async function nothingOpen(opens: () => Promise<number>): Promise<void> {
  for (let turns = 0; (await opens()) > 0; turns++) {
    assert.ok(turns < 1000, 'something stays open');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const isMissing = (error: unknown): boolean => errnoCode(error) === 'ENOENT';

test('what is read is all there is, and the file is closed before that is said', async (t) => {
  const { share, opens } = await place(t);
  const told: number[] = [];
  const parts: Uint8Array[] = [];
  for await (const part of share.readable('f', { onProgress: ({ bytes }) => told.push(bytes) })) parts.push(part);
  assert.equal(await opens(), 0);
  assert.deepEqual([Buffer.compare(Buffer.concat(parts), CONTENT), told.at(-1)], [0, SIZE]);
  const text = await new Response(share.readable('f', { start: 10, end: 12 })).arrayBuffer();
  assert.deepEqual(new Uint8Array(text), CONTENT.subarray(10, 13));
  await share.writeFile('empty', '');
  assert.equal(await new Response(share.readable('empty')).text(), '');
  assert.equal(await opens(), 0);
});

test('readers may bring their own buffers, of whatever size', async (t) => {
  const { share, opens } = await place(t);
  const reader = share.readable('f').getReader({ mode: 'byob' });
  let at = 0;
  for (let size = 1; ; size = (size * 5) % 700_001) {
    const { done, value } = await reader.read(new Uint8Array(size));
    if (done) break;
    assert.ok(value.length > 0 && value.length <= size);
    assert.equal(Buffer.compare(value, CONTENT.subarray(at, at + value.length)), 0);
    at += value.length;
  }
  assert.deepEqual([at, await opens()], [SIZE, 0]);
});

test('a file is opened for the first read, and closed by who leaves', async (t) => {
  const { share, opens } = await place(t);
  const stream = share.readable('f');
  assert.equal(await opens(), 0);
  const reader = stream.getReader();
  await reader.read();
  assert.equal(await opens(), 1);
  await reader.cancel();
  assert.equal(await opens(), 0);
  const early = share.readable('f').getReader();
  const first = early.read();
  await early.cancel();
  assert.equal((await first).done, true);
  assert.equal(await opens(), 0);
  await share.readable('none').cancel();
});

test('what cannot be opened says so to who reads, writes or closes', async (t) => {
  const { share, opens } = await place(t);
  await assert.rejects(share.readable('none').getReader().read(), isMissing);
  await assert.rejects(share.writable('none/f').close(), isMissing);
  const writer = share.writable('none/f').getWriter();
  writer.closed.catch(() => undefined);
  await assert.rejects(writer.write(CONTENT), isMissing);
  await assert.rejects(share.readable('f').pipeTo(share.writable('none/f')), isMissing);
  assert.equal(await opens(), 0);
  assert.throws(() => share.readable('f', { start: 3, end: 1 }), { code: 'SMB_USAGE' });
});

test('what is written is there, and the file closed, once close says so', async (t) => {
  const { share, opens } = await place(t);
  const told: number[] = [];
  const writer = share.writable('g', { onProgress: ({ bytes }) => told.push(bytes) }).getWriter();
  const pieces = [CONTENT.subarray(0, 5), CONTENT.slice(5, 8).buffer, new DataView(CONTENT.buffer, 8, 2), 'text'];
  for (const piece of pieces) await writer.write(piece as Uint8Array);
  await writer.close();
  assert.equal(await opens(), 0);
  assert.deepEqual(await share.readFile('g'), new Uint8Array([...CONTENT.subarray(0, 10), ...Buffer.from('text')]));
  assert.equal(told.at(-1), 14);
  await share.readable('f').pipeTo(share.writable('h'));
  assert.equal(Buffer.compare(await share.readFile('h'), CONTENT), 0);
  const nonsense = share.writable('g').getWriter();
  nonsense.closed.catch(() => undefined);
  await assert.rejects(nonsense.write(7 as unknown as Uint8Array), { code: 'SMB_USAGE' });
  assert.equal(await opens(), 0);
});

test('a signal ends a stream at once, also where nobody waits for it', async (t) => {
  const { share, opens } = await place(t);
  for (const when of ['before', 'idle', 'busy'] as const) {
    const stop = new AbortController();
    const enough = new Error('enough');
    if (when === 'before') stop.abort(enough);
    const options = { signal: stop.signal };
    const reader = share.readable('f', options).getReader();
    const writer = share.writable('g', options).getWriter();
    for (const { closed } of [reader, writer]) closed.catch(() => undefined);
    if (when === 'idle') await Promise.all([reader.read(), writer.write(CONTENT)]);
    const under = [reader.read(), writer.write(CONTENT)];
    if (when === 'idle') await Promise.all(under);
    stop.abort(enough);
    if (when !== 'idle') for (const each of under) await assert.rejects(each, enough, when);
    await assert.rejects(reader.closed, enough, when);
    await assert.rejects(writer.closed, enough, when);
    await nothingOpen(opens);
  }
});

test('aborted pipes leave nothing open', async (t) => {
  const { share, opens } = await place(t);
  for (let turns = 0; turns < 40; turns++) {
    const stop = new AbortController();
    const piped = share.readable('f').pipeTo(share.writable('g'), { signal: stop.signal });
    piped.catch(() => undefined);
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    await piped.catch(() => undefined);
    await nothingOpen(opens);
  }
});

test('a stream over an open file leaves it open', async (t) => {
  const { share, opens } = await place(t);
  await using file = await share.open('f', { access: 'read-write' });
  const writer = file.writable({ start: 2 }).getWriter();
  await writer.write(Uint8Array.of(9, 9));
  await writer.close();
  const { value } = await file.readable({ start: 1, end: 4 }).getReader().read();
  assert.deepEqual(value, Uint8Array.of(CONTENT[1] as number, 9, 9, CONTENT[4] as number));
  assert.equal(await opens(), 1);
});
