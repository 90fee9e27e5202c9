import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { memory } from '#fs/index.js';
import { memoryPair } from '#net/memory.js';
import { createServer } from '#server/server.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { machine, openClient } from '../connection.js';
import { ALL } from '../lasting/lasting.test.network.js';
import { writeAtomically } from '../operation/atomic-write.js';
import { settingsFrom } from '../options.js';
import type { FileProtocol, Handle } from '../protocol.js';
import { readInto, writeFully } from '../transfer.js';

const MIB = 1024 * 1024;
const DATA = Uint8Array.from({ length: 4 * MIB }, (_, i) => i / 1000);

type Limits = { readonly credits?: number; readonly unauthenticatedCredits?: number; readonly transfer?: number };

async function fileAt(t: TestContext, limits: Limits): Promise<{ protocol: FileProtocol; file: Handle }> {
  const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } }, limits });
  t.after(() => server.close());
  const [here, there] = memoryPair();
  server.accept(there);
  const client = await openClient(here, settingsFrom('smb://ann:secret@server/s'), machine);
  t.after(() => client.close());
  const { protocol } = await client.tree('s');
  return { protocol, file: await protocol.open({ path: 'f', access: ALL, disposition: CreateDisposition.OpenIf }) };
}

// A piece may be sized for one connection, and then have to be sent over the next one.
for (const [what, limits] of [
  ['credits', { credits: 40, transfer: 8 * MIB }],
  ['requests', { transfer: MIB }],
] as const) {
  test(`what is too long for a server of few ${what} goes in parts`, async (t) => {
    const { protocol, file } = await fileAt(t, limits);
    const count = await protocol.write(file, 0, DATA);
    assert.ok(count > 0 && count < DATA.length, `${count}`);
    await writeFully(protocol, file, DATA, 0, {});
    const some = await protocol.read(file, 0, DATA.length);
    assert.ok(some.length > 0 && some.length < DATA.length, `${some.length}`);
    const { bytes, release } = await protocol.lend(file, 0, DATA.length);
    assert.deepEqual(bytes.length, some.length);
    release();
    const back = new Uint8Array(DATA.length);
    assert.equal(await readInto(protocol, file, back, 0), DATA.length);
    assert.deepEqual(back, DATA);
  });
}

test('a server with one credit is asked for no more than that pays for', async (t) => {
  const { protocol, file } = await fileAt(t, { credits: 1, unauthenticatedCredits: 1, transfer: 8 * MIB });
  assert.deepEqual([protocol.maxRead, protocol.maxWrite], [65_536, 65_536]);
  await protocol.write(file, 0, DATA);
  assert.notEqual(
    await protocol.ioctl(file, { code: Fsctl.QueryAllocatedRanges, input: new Uint8Array(16), limit: MIB }),
    undefined,
  );
  const names: string[] = [];
  for await (const batch of protocol.names('', '*')) names.push(...batch);
  assert.deepEqual(names, ['f']);
  const partial = 'g.part';
  await writeAtomically(
    protocol,
    { path: 'g', partial, data: DATA.subarray(0, 200_000), times: {}, replace: true },
    {},
  );
  assert.equal((await protocol.stat('g')).size, 200_000);
});
