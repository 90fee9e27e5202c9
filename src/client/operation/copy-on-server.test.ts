import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Command } from '#wire/smb2/header.js';
import { make, Network } from '../lasting/lasting.test.network.js';
import type { FileProtocol } from '../protocol.js';
import { writeAll } from '../transfer.js';
import { copyData, isNear, type OpenFile } from './copy-data.js';

const MIB = 1024 * 1024;
/** Takes two requests, one of them full. */
const SIZE = 17 * MIB + 5;

interface Sides {
  readonly network: Network;
  readonly source: OpenFile;
  readonly target: OpenFile;
  readonly protocols: readonly FileProtocol[];
}

/** A source file in which each MiB differs, and an empty target on another share of the session. */
async function sides(t: TestContext, { reconnect = true, together = true } = {}): Promise<Sides> {
  const network = new Network(t);
  await network.server.ready();
  const options = reconnect ? {} : { reconnect: false as const };
  const [one, two] = [await network.take(options), await network.take({ ...options, shared: together })];
  t.after(() => Promise.all([one.close(), two.close()]));
  const [s, other] = [(await one.tree('s')).protocol, (await two.tree('other')).protocol];
  const source = await s.open({ ...make, path: 'from' });
  const data = new Uint8Array(MIB);
  for (let at = 0; at < SIZE; at += MIB) {
    await writeAll(s, source, data.fill(1 + at / MIB).subarray(0, SIZE - at), at, {});
  }
  const target = await other.open({ ...make, path: 'to' });
  network.sent.clear();
  const [from, to] = [
    { protocol: s, handle: source },
    { protocol: other, handle: target },
  ];
  return { network, source: from, target: to, protocols: [s, other] };
}

function counts({ sent }: Network): { reads: number; writes: number } {
  return { reads: sent.get(Command.Read) ?? 0, writes: sent.get(Command.Write) ?? 0 };
}

async function check({ source, target }: Sides): Promise<void> {
  assert.equal((await target.protocol.inspect(target.handle)).size, SIZE);
  for (const at of [0, 16 * MIB - 2, SIZE - 5]) {
    const [was, is] = await Promise.all([
      source.protocol.read(source.handle, at, 5),
      target.protocol.read(target.handle, at, 5),
    ]);
    assert.deepEqual(is, was, `at ${at}`);
  }
}

for (const reconnect of [true, false]) {
  test(`the server copies between two shares of a session${reconnect ? '' : ' that would not come back'}`, async (t) => {
    const both = await sides(t, { reconnect });
    assert.ok(isNear(both.source, both.target));
    const told: number[] = [];
    await copyData(both.source, both.target, { onCopied: (done) => told.push(done) });
    assert.deepEqual(told, [16 * MIB, SIZE]);
    assert.deepEqual(counts(both.network), { reads: 0, writes: 0 });
    await check(both);
  });
}

test('between two sessions the bytes go through here', async (t) => {
  const both = await sides(t, { together: false });
  assert.ok(!isNear(both.source, both.target));
  await copyData(both.source, both.target, {});
  const { reads, writes } = counts(both.network);
  assert.ok(reads > 0 && writes > 0);
  assert.equal(both.network.sent.get(Command.Ioctl) ?? 0, 0, 'nobody is asked to copy');
  await check(both);
});

test('what is copied is not copied again when the connection is lost meanwhile', async (t) => {
  const both = await sides(t);
  const { network } = both;
  const told: number[] = [];
  await copyData(both.source, both.target, {
    onCopied: (done) => {
      told.push(done);
      if (done === 16 * MIB) network.cut();
    },
  });
  assert.deepEqual(told, [16 * MIB, SIZE]);
  assert.equal(network.dialed, 2);
  assert.deepEqual(counts(network), { reads: 0, writes: 0 });
  await check(both);
});

test('where the answer to a copy is lost, it is asked for again, by a key of the new session', async (t) => {
  for (const skip of [1, 2]) {
    const both = await sides(t);
    both.network.lose(Command.Ioctl, 'unanswered', skip);
    await copyData(both.source, both.target, {});
    assert.equal(both.network.dialed, 2);
    assert.deepEqual(counts(both.network), { reads: 0, writes: 0 });
    await check(both);
  }
});

test('where the source becomes shorter meanwhile, what there is of it is copied', async (t) => {
  const both = await sides(t);
  const { source, target } = both;
  let shrunk: Promise<void> | undefined;
  await copyData(source, target, {
    onCopied: () => {
      shrunk ??= source.protocol.truncate(source.handle, 2 * MIB);
    },
  });
  await shrunk;
  const ends = await Promise.all([0, 2 * MIB - 5].map((at) => target.protocol.read(target.handle, at, 5)));
  assert.deepEqual(ends, [new Uint8Array(5).fill(1), new Uint8Array(5).fill(2)]);
  assert.ok(counts(both.network).reads > 2, 'it is read');
});
