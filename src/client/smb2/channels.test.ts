import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Transport } from '#engine/transport.js';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer, type SmbServer } from '#server/server.js';
import { HandClock } from '#testing/hand-clock.js';
import { turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { type ConnectOptions, settingsFrom } from '../options.js';
import { Pool } from '../pool.js';
import type { FileProtocol } from '../protocol.js';

const access = FileAccess.GenericRead | FileAccess.GenericWrite;
const make = { path: 'f', access, disposition: CreateDisposition.OpenIf };

/** A server in memory, and the connections to it in the order of their coming about. */
async function joined(
  t: TestContext,
  options: ConnectOptions,
): Promise<{ server: SmbServer; share: FileProtocol; lines: Transport[]; sent: number[] }> {
  const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } } });
  t.after(() => server.close());
  const lines: Transport[] = [];
  const sent: number[] = [];
  let count = 0;
  const pool = new Pool({
    clock: new HandClock(),
    random: (length) => Uint8Array.from({ length }, () => ++count & 255),
    dial: async () => {
      const [near, far] = memoryPair();
      server.accept(far);
      const at = lines.push(near) - 1;
      sent[at] = 0;
      const counting: Transport = {
        endpoints: near.endpoints,
        start: (receiver) => near.start(receiver),
        send: (parts, done) => {
          sent[at] = (sent[at] ?? 0) + 1;
          near.send(parts, done);
        },
        end: () => near.end(),
        destroy: (cause) => near.destroy(cause),
      };
      return counting;
    },
  });
  const connection = await pool.take(settingsFrom('smb://ann:secret@server/s', options));
  t.after(() => connection.close());
  const { protocol } = await connection.tree('s');
  return { server, share: protocol, lines, sent };
}

for (const [name, options] of Object.entries({
  '3.1.1': {},
  '3.1.1 encrypted': { encryption: 'required' },
  '3.0': { dialects: { min: '3.0', max: '3.0' } },
  '3.0 encrypted': { dialects: { min: '3.0', max: '3.0' }, encryption: 'required' },
} satisfies Record<string, ConnectOptions>)) {
  test(`requests go over all channels of a session, and on over those that are left: ${name}`, async (t) => {
    const { server, share, lines, sent } = await joined(t, { channels: 3, ...options });
    assert.equal(lines.length, 3);
    assert.equal((await server.status()).sessions, 1);
    const file = await share.open(make);
    const before = [...sent];
    const data = new Uint8Array(1000).fill(7);
    const writes = Array.from({ length: 30 }, (_, i) => share.write(file, i * 1000, data));
    await turn();
    lines[0]?.destroy();
    assert.deepEqual(new Set(await Promise.all(writes)), new Set([1000]));
    for (const [i, count] of sent.entries()) assert.ok(count > (before[i] ?? 0) + 5, `channel ${i} sent ${count}`);
    lines[2]?.destroy();
    const { size } = await share.inspect(file);
    assert.equal(size, 30_000);
    assert.equal(lines.length, 3, 'nobody connected again');
    assert.equal((await server.status()).opens, 1);
    lines[1]?.destroy();
    assert.equal((await share.read(file, 29_000, 5000)).length, 1000);
    assert.ok(lines.length > 3, 'the session came back');
    await share.close(file);
  });
}

test('what cannot be done twice is asked again over another channel only to find out', async (t) => {
  const { share, lines } = await joined(t, { channels: 2 });
  const made = Promise.allSettled([share.mkdir('a'), share.mkdir('b'), share.mkdir('c')]);
  await turn();
  lines[0]?.destroy();
  for (const outcome of await made) {
    if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'SMB_OUTCOME_UNKNOWN');
  }
  for (const name of ['a', 'b', 'c']) await share.stat(name);
});

test('a dialect without channels has one', async (t) => {
  const { lines } = await joined(t, { channels: 3, dialects: { max: '2.1' } });
  assert.equal(lines.length, 1);
});
