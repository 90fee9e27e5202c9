import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Transport } from '#engine/transport.js';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer, type SmbServer } from '#server/server.js';
import { frames } from '#tap/events.js';
import { HandClock } from '#testing/hand-clock.js';
import { turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { type ConnectOptions, settingsFrom } from '../options.js';
import { Pool } from '../pool.js';
import type { ClientConnection, FileProtocol } from '../protocol.js';

const access = FileAccess.GenericRead | FileAccess.GenericWrite;
const make = { path: 'f', access, disposition: CreateDisposition.OpenIf };

/** An in-memory server, and its connections in order. */
async function joined(
  t: TestContext,
  options: ConnectOptions,
): Promise<{
  server: SmbServer;
  share: FileProtocol;
  connection: ClientConnection;
  lines: Transport[];
  sent: number[];
  clock: HandClock;
  network: { away: boolean; dialed: number };
}> {
  const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } } });
  t.after(() => server.close());
  const lines: Transport[] = [];
  const sent: number[] = [];
  const clock = new HandClock();
  const network = { away: false, dialed: 0 };
  let count = 0;
  const pool = new Pool({
    clock,
    random: (length) => Uint8Array.from({ length }, () => ++count & 255),
    dial: async () => {
      network.dialed++;
      if (network.away) throw new ConnectionLost('nobody there');
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
  return { server, share: protocol, connection, lines, sent, clock, network };
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

/** FSCTL_VALIDATE_NEGOTIATE_INFO, and the offset of the control code in a request frame ([MS-SMB2] 2.2.31). */
const CODE = Buffer.from('04021400', 'hex');
const CODE_AT = 4 + 64 + 4;

test('each channel has what it negotiated confirmed, below 3.1.1', async (t) => {
  for (const [dialect, times] of [
    ['3.0', 1],
    ['3.0.2', 1],
    ['3.1.1', 0],
  ] as const) {
    const asked = new Map<number, number>();
    const end = frames.subscribe(({ connection: { id, role }, direction, frame }) => {
      if (role !== 'client' || direction !== 'sent') return;
      const confirms = CODE.equals(frame.subarray(CODE_AT, CODE_AT + CODE.length));
      asked.set(id, (asked.get(id) ?? 0) + (confirms ? 1 : 0));
    });
    const { server } = await joined(t, { channels: 3, dialects: { min: dialect, max: dialect } });
    end();
    assert.deepEqual([...asked.values()], [times, times, times], dialect);
    assert.equal((await server.status()).trees, 1, 'what was connected to for that is not kept');
  }
});

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await turn();
};

test('a channel that was lost is made again, alone, also the first one', async (t) => {
  for (const encryption of ['enabled', 'required'] as const) {
    const { server, share, lines, sent, clock } = await joined(t, { channels: 3, encryption });
    const file = await share.open(make);
    for (const lost of [0, 2, 1, 3, 4]) {
      lines[lost]?.destroy();
      await settle();
      const before = lines.length;
      assert.equal((await server.status()).connections, 2);
      await clock.wind(100);
      await settle();
      assert.equal(lines.length, before + 1);
      const { connections, sessions, opens } = await server.status();
      assert.deepEqual({ connections, sessions, opens }, { connections: 3, sessions: 1, opens: 1 });
      const told = sent.at(-1) ?? 0;
      await Promise.all([0, 1, 2, 3, 4, 5].map((i) => share.write(file, i, new Uint8Array(1))));
      assert.ok((sent.at(-1) ?? 0) > told, 'it has its share of the requests');
      // Long enough for the channel to count as stable.
      clock.time += 40_000;
    }
    await share.close(file);
  }
});

test('a channel that does not come back is done without after a while', async (t) => {
  const reconnect = { timeoutMs: 20_000, initialDelayMs: 100, maxDelayMs: 5000 };
  const { share, lines, clock, network } = await joined(t, { channels: 2, reconnect, timeoutMs: 1_000_000 });
  network.away = true;
  const before = network.dialed;
  lines[1]?.destroy();
  for (let i = 0; i < 600; i++) {
    await clock.wind(50);
    await turn();
  }
  const tries = network.dialed - before;
  assert.ok(tries > 8 && tries < 40, `${tries} attempts`);
  await clock.wind(60_000);
  assert.equal(network.dialed - before, tries);
  await share.stat('');
  network.away = false;
});

test('channels that are lost as soon as they are there are made ever more seldom', async (t) => {
  const { lines, clock } = await joined(t, { channels: 2, timeoutMs: 1_000_000 });
  lines[1]?.destroy();
  for (let i = 0; i < 600; i++) {
    await clock.wind(50);
    await settle();
    lines.slice(2).at(-1)?.destroy();
  }
  assert.ok(lines.length > 6 && lines.length < 20, `${lines.length} connections in 30 s`);
});

test('with the session, or where nothing comes back, no channel is made any more', async (t) => {
  const { connection, lines, clock } = await joined(t, { channels: 3 });
  lines[1]?.destroy();
  await settle();
  assert.ok(clock.waiting.length > 2, 'it is about to');
  await connection.close();
  await settle();
  assert.equal(clock.waiting.length, 0);
  assert.equal(lines.length, 3);
  const alone = await joined(t, { channels: 2, reconnect: false });
  alone.lines[1]?.destroy();
  await settle();
  await alone.clock.wind(10_000);
  assert.equal(alone.lines.length, 2);
});

test('what says of itself that it comes again goes over another channel by itself', async (t) => {
  // Nothing above the session repeats requests here.
  const { share, lines, clock } = await joined(t, { channels: 3, reconnect: false });
  const file = await share.open(make);
  for (const lost of [0, 1]) {
    const calls: Promise<unknown>[] = [];
    for (let i = 1; i <= 6; i++) {
      calls.push(share.truncate(file, 100));
      calls.push(share.write(file, i, new Uint8Array(1)));
      calls.push(share.ioctl(file, { code: Fsctl.QueryAllocatedRanges, input: new Uint8Array(16) }));
      calls.push(share.query(file, { infoType: InfoType.File, infoClass: FileInfoClass.Standard }));
    }
    lines[lost]?.destroy();
    const all = Promise.all(calls);
    // The server delays the repeated requests until it has processed the originals.
    for (let i = 0; i < 5; i++) {
      await settle();
      await clock.wind(100);
    }
    await all;
    assert.equal((await share.inspect(file)).size, 100);
  }
  await share.close(file);
});

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
