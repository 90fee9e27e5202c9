import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { OplockLevel } from '#wire/smb2/command/create.js';
import { Command } from '#wire/smb2/header.js';
import { bytes, make, Network, read } from './lasting.test.network.js';

/** The server keeps no such open, and requests are unsigned, so that the test can forge refusals. */
const plain = { ...make, oplock: OplockLevel.None };
const unsigned = { signing: 'enabled' } as const;

/** Refuses the next `times` requests of that command. */
function refuse(network: Network, command: number, status: number, times: number): void {
  let left = times;
  network.weather = (sent) => {
    if (sent !== command || left === 0) return undefined;
    left--;
    return { status };
  };
}

/** Advances the clock and lets all pending work run. */
async function windOn({ clock }: Network, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 100) {
    await clock.wind(100);
    for (let i = 0; i < 40; i++) await turn();
  }
}

test('our own open that the server has not let go of yet is waited for, and the file opened again', async (t) => {
  const network = new Network(t, { unsigned: true });
  const share = await network.share(t, unsigned);
  const file = await share.open({ ...plain, share: 0 });
  await share.write(file, 0, bytes('mine'));
  refuse(network, Command.Create, NtStatus.SharingViolation, 5);
  network.cut();
  const reading = read(share, file);
  await windOn(network, 600);
  assert.equal(await reading, 'mine');
  await share.close(file);
});

test('so is one whose answer was lost', async (t) => {
  const network = new Network(t, { unsigned: true });
  const share = await network.share(t, unsigned);
  network.lose(Command.Create, 'unanswered');
  const opening = share.open({ ...plain, share: 0 });
  refuse(network, Command.Create, NtStatus.SharingViolation, 3);
  await windOn(network, 600);
  await share.close(await opening);
  assert.deepEqual(await network.held(), { opens: 0, disconnectedOpens: 0 });
});

test('who else has it open is waited for two seconds, and then told', async (t) => {
  const network = new Network(t, { unsigned: true });
  const share = await network.share(t, unsigned);
  const file = await share.open(plain);
  refuse(network, Command.Create, NtStatus.SharingViolation, 1000);
  network.cut();
  const refused = assert.rejects(read(share, file), { code: 'STATUS_SHARING_VIOLATION' });
  await windOn(network, 2500);
  await refused;
  const first = assert.rejects(share.open(plain), { code: 'STATUS_SHARING_VIOLATION' });
  await first;
  await share.close(file);
});

test('what goes wrong where the share was says nothing of where it is now', async (t) => {
  const network = new Network(t, { unsigned: true });
  const share = await network.share(t, unsigned);
  const files = [await share.open({ ...plain, path: 'a' }), await share.open({ ...plain, path: 'b' })];
  const connects = network.sent.get(Command.TreeConnect) ?? 0;
  // The new session is lost again right away for one file, while the other is still being reopened.
  const refusals = [{ status: NtStatus.UserSessionDeleted }, { status: NtStatus.NetworkNameDeleted, turns: 60 }];
  network.weather = (command) => (command === Command.Create ? refusals.shift() : undefined);
  network.cut();
  await windOn(network, 500);
  for (const file of files) assert.equal(await read(share, file), '');
  assert.equal((network.sent.get(Command.TreeConnect) ?? 0) - connects, 2, 'one for each session');
  assert.deepEqual(await network.held(), { opens: 2, disconnectedOpens: 0 });
});

test('what a session that ends has called off is asked again over the next one', async (t) => {
  const network = new Network(t, { unsigned: true });
  const share = await network.share(t, unsigned);
  const file = await share.open(make);
  for (const status of [NtStatus.Cancelled, NtStatus.FileClosed]) {
    refuse(network, Command.Write, status, 1);
    await assert.rejects(share.write(file, 0, bytes('x')), { status }, 'of a session that lives');
    // The session is gone by the time this status arrives.
    network.weather = (command) => {
      if (command !== Command.Write) return undefined;
      network.weather = () => undefined;
      network.cut();
      return { status };
    };
    assert.equal(await share.write(file, 0, bytes('x')), 1);
  }
  await share.close(file);
});

test('a connection that is lost while it proves its negotiation is made again', async (t) => {
  const network = new Network(t);
  const share = await network.share(t, { dialects: { min: '3.0', max: '3.0.2' } });
  const file = await share.open(make);
  for (const fate of ['unsent', 'unanswered'] as const) {
    network.cut();
    network.lose(Command.Ioctl, fate);
    const reading = read(share, file);
    await windOn(network, 300);
    assert.equal(await reading, '');
  }
  await share.close(file);
});

test('a share that is taken away again and again is connected to more and more seldom, and given up in time', async (t) => {
  const network = new Network(t, { unsigned: true });
  const reconnect = { timeoutMs: 20_000, initialDelayMs: 100, maxDelayMs: 5000 };
  const share = await network.share(t, { ...unsigned, reconnect });
  const connects = network.sent.get(Command.TreeConnect) ?? 0;
  refuse(network, Command.Create, NtStatus.NetworkNameDeleted, 1000);
  const given = assert.rejects(share.stat(''), { code: 'ETIMEDOUT', message: /takes the share s away/ });
  await windOn(network, 1000);
  const soon = (network.sent.get(Command.TreeConnect) ?? 0) - connects;
  assert.ok(soon >= 10 && soon <= 16, `${soon} at once`);
  await windOn(network, 30_000);
  await given;
  const all = (network.sent.get(Command.TreeConnect) ?? 0) - connects;
  assert.ok(all <= 24, `${all} in all`);
  const enough = new AbortController();
  const called = assert.rejects(share.stat('', { signal: enough.signal }), /enough/);
  await windOn(network, 1000);
  assert.equal(network.clock.waiting.length, 2, 'a pause, and the watch of the connection');
  enough.abort(new Error('enough'));
  await called;
  await turn();
  assert.equal(network.clock.waiting.length, 1);
  network.weather = () => undefined;
  await windOn(network, 30_000);
  await share.stat('');
  assert.equal(network.dialed, 1);
});

test('closing does not wait for a server that is away, and is made up for when it comes back', async (t) => {
  const network = new Network(t);
  const reconnect = { timeoutMs: 20_000, initialDelayMs: 100, maxDelayMs: 1000 };
  const share = await network.share(t, { reconnect });
  const [first, second] = [await share.open(make), await share.open({ ...make, path: 'g' })];
  await share.write(first, 0, bytes('done'));
  network.away = true;
  network.cut();
  const closing = share.close(first);
  for (let i = 0; i < 20; i++) await turn();
  await closing;
  assert.equal(network.clock.time, 0, 'no time has gone by');
  await share.close(second);
  assert.deepEqual(await network.held(), { opens: 0, disconnectedOpens: 2 });
  network.away = false;
  await windOn(network, 2000);
  assert.deepEqual(await network.held(), { opens: 0, disconnectedOpens: 0 });
  assert.equal(network.clock.waiting.length, 1, 'the watch of the connection');
});

test('nor for one that says nothing, and the last to leave waits for nobody', async (t) => {
  const network = new Network(t);
  const connection = await network.take({ timeoutMs: 60_000 });
  const share = (await connection.tree('s')).protocol;
  const file = await share.open(make);
  network.weather = () => 'silent';
  network.cut();
  for (let i = 0; i < 20; i++) await turn();
  let closed = false;
  const closing = share.close(file).then(() => {
    closed = true;
  });
  await windOn(network, 1900);
  assert.equal(closed, false, 'it may come back in a moment');
  await windOn(network, 200);
  await closing;
  await connection.close();
  assert.equal(network.clock.waiting.length, 0);
});

test('a write under way when its file is closed at a server that is away has its own end', async (t) => {
  const network = new Network(t);
  const reconnect = { timeoutMs: 2000, initialDelayMs: 100, maxDelayMs: 1000 };
  const share = await network.share(t, { reconnect });
  const file = await share.open(make);
  network.lose(Command.Write, 'unsent');
  const writing = assert.rejects(share.write(file, 0, bytes('lost')), { code: 'ETIMEDOUT' });
  network.away = true;
  for (let i = 0; i < 20; i++) await turn();
  await share.close(file);
  await windOn(network, 3000);
  await writing;
});
