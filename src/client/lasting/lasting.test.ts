import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { CreateDisposition, CreateOptions, OplockLevel } from '#wire/smb2/command/create.js';
import { Command } from '#wire/smb2/header.js';
import { settingsFrom } from '../options.js';
import { ALL, bytes, type Fate, make, Network, read } from './lasting.test.network.js';
import { OutcomeUnknown } from './outcome.js';

for (const dialect of ['3.1.1', '3.0', '2.1', '2.0.2'] as const) {
  test(`an open outlives its connection at ${dialect}`, async (t) => {
    const network = new Network(t);
    const share = await network.share(t, { dialects: { min: dialect, max: dialect } });
    const file = await share.open(make);
    for (const [i, fate] of (['unsent', 'unanswered', 'unsent', 'unanswered'] as const).entries()) {
      const said = `${i} ${fate}`.padEnd(20);
      network.lose(Command.Write, fate);
      assert.equal(await share.write(file, 0, bytes(said)), 20);
      assert.equal(await read(share, file), said);
      assert.deepEqual(await network.held(), { opens: 1, disconnectedOpens: 0 });
    }
    assert.equal(network.dialed, 5);
    assert.equal(network.sent.get(Command.Create), 5, 'it was taken up each time, and never opened anew');
    await share.close(file);
    assert.deepEqual(await network.held(), { opens: 0, disconnectedOpens: 0 });
  });
}

test('an open whose answer is lost is made again, and the first one does not stay', async (t) => {
  const network = new Network(t);
  const share = await network.share(t);
  network.lose(Command.Create, 'unanswered');
  const file = await share.open(make);
  assert.deepEqual(await network.held(), { opens: 1, disconnectedOpens: 0 });
  await share.close(file);
});

test('an idle connection with an open file comes back at once, and a lock stays where it was', async (t) => {
  const network = new Network(t);
  const share = await network.share(t);
  const file = await share.open(make);
  await share.lock(file, [{ offset: 0n, length: 1n }], { exclusive: true, wait: false });
  network.cut();
  for (let i = 0; i < 40; i++) await turn();
  assert.equal(network.dialed, 2);
  assert.deepEqual(await network.held(), { opens: 1, disconnectedOpens: 0 });
  assert.equal((await network.server.status()).locks, 1);
  network.lose(Command.Lock, 'unanswered');
  await share.unlock(file, [{ offset: 0n, length: 1n }]);
  assert.equal((await network.server.status()).locks, 0);
});

test('a close whose answer is lost has closed', async (t) => {
  const network = new Network(t);
  const share = await network.share(t);
  for (const fate of ['unsent', 'unanswered'] as const) {
    const file = await share.open(make);
    network.lose(Command.Close, fate);
    await share.close(file);
    assert.deepEqual(await network.held(), { opens: 0, disconnectedOpens: 0 }, fate);
  }
});

test('what must not be done twice says when its outcome is not known', async (t) => {
  const network = new Network(t);
  const share = await network.share(t);
  network.lose(Command.Create, 'unsent');
  await share.mkdir('a');
  network.lose(Command.Create, 'unanswered');
  await assert.rejects(share.mkdir('b'), (error: OutcomeUnknown) => {
    assert.ok(error instanceof OutcomeUnknown);
    assert.equal(error.retryable, true);
    assert.match(error.message, /'b' was to be made.*COLLISION/);
    return true;
  });
  network.lose(Command.Create, 'unanswered');
  await assert.rejects(share.rename('b', 'c', false), { code: 'SMB_OUTCOME_UNKNOWN' });
  await share.stat('c');
  network.lose(Command.Create, 'unanswered');
  await assert.rejects(share.remove('c', true), { code: 'SMB_OUTCOME_UNKNOWN' });
  network.lose(Command.Create, 'unanswered');
  const exclusive = { ...make, path: 'lock', disposition: CreateDisposition.Create };
  await assert.rejects(share.open(exclusive), { code: 'SMB_OUTCOME_UNKNOWN' });
  await assert.rejects(share.mkdir('a'), { code: 'STATUS_OBJECT_NAME_COLLISION' }, 'nothing was lost here');
});

test('a directory is listed to the end, each name once', async (t) => {
  const network = new Network(t);
  const share = await network.share(t);
  for (let i = 0; i < 300; i++) await share.mkdir(`entry-${i}`);
  for (const fate of ['unsent', 'unanswered'] as const) {
    network.lose(Command.QueryDirectory, fate, 1);
    const names: string[] = [];
    for await (const batch of share.list('', '*')) names.push(...batch.map(({ name }) => name));
    assert.equal(names.length, 300);
    assert.equal(new Set(names).size, 300);
  }
});

test('a watcher is told that it missed something', async (t) => {
  const network = new Network(t);
  const share = await network.share(t);
  const abort = new AbortController();
  const changes = share.watch('', false, { signal: abort.signal });
  const first = changes.next();
  for (let i = 0; i < 20; i++) await turn();
  network.cut();
  assert.deepEqual(await first, { done: false, value: undefined });
  const next = changes.next();
  for (let i = 0; i < 40; i++) await turn();
  await share.mkdir('new');
  assert.equal((await next).value?.[0]?.name, 'new');
  abort.abort();
  await changes.return();
});

test('without a durable open, a file that nobody touched is opened again; one that somebody did is not', async (t) => {
  const network = new Network(t);
  const share = await network.share(t);
  const plain = { ...make, oplock: OplockLevel.None };
  const file = await share.open(plain);
  await share.write(file, 0, bytes('mine'));
  network.lose(Command.Write, 'unanswered');
  await share.write(file, 4, bytes(' too'));
  assert.equal(await read(share, file), 'mine too');
  const all = [{ offset: 0n, length: 1n }];
  const locked = await share.open({ ...plain, path: 'locked' });
  await share.lock(locked, all, { exclusive: true, wait: false });
  network.away = true;
  network.cut();
  await turn();
  await turn();
  network.away = false;
  const other = await network.take({ shared: false });
  const { protocol } = await other.tree('s');
  const theirs = await protocol.open({ ...plain, path: 'f' });
  await protocol.write(theirs, 20, bytes('theirs'));
  await protocol.close(theirs);
  const taken = await protocol.open({ ...plain, path: 'locked' });
  await protocol.lock(taken, all, { exclusive: true, wait: false });
  await network.clock.wind(100);
  await assert.rejects(share.read(locked, 0, 1), { code: 'STATUS_LOCK_NOT_GRANTED' });
  await assert.rejects(share.write(file, 8, bytes('!')), { code: 'ESTALE', retryable: false });
  assert.deepEqual(await network.held(), { opens: 1, disconnectedOpens: 0 }, 'theirs');
  await share.close(file);
  await other.close();
  const access = ALL | FileAccess.Delete;
  const temporary = await share.open({ ...make, path: 'tmp', access, options: CreateOptions.DeleteOnClose });
  network.cut();
  await assert.rejects(share.read(temporary, 0, 1), { code: 'ESTALE' });
});

test('a connection that stays away gives one error, in time, and leaves no timer', async (t) => {
  const network = new Network(t);
  const share = await network.share(t, { reconnect: { timeoutMs: 1000, initialDelayMs: 100, maxDelayMs: 400 } });
  const file = await share.open(make);
  network.away = true;
  network.cut();
  const calls = [share.stat(''), read(share, file), share.mkdir('x')];
  const outcome = Promise.allSettled(calls);
  for (let i = 0; i < 20; i++) await network.clock.wind(100);
  for (const call of await outcome) {
    const { reason } = call as PromiseRejectedResult;
    assert.match(reason.message, /connection to server was lost and did not come back within 1 s: nobody there/);
    assert.deepEqual([reason.code, reason.retryable], ['ETIMEDOUT', true]);
  }
  assert.ok(network.dialed >= 4 && network.dialed <= 9, `${network.dialed} attempts`);
  assert.equal(network.clock.waiting.length, 0);
  await share.close(file);
  network.away = false;
  await share.stat('');
});

test('who gives up waiting for the connection leaves nothing behind', async (t) => {
  const network = new Network(t);
  const share = await network.share(t);
  network.away = true;
  network.cut();
  await turn();
  const abort = new AbortController();
  const call = share.stat('', { signal: abort.signal });
  for (let i = 0; i < 5; i++) await network.clock.wind(50);
  assert.notEqual(network.clock.waiting.length, 0);
  abort.abort(new Error('enough'));
  await assert.rejects(call, /enough/);
  await turn();
  assert.equal(network.clock.waiting.length, 0);
  network.away = false;
  await share.stat('');
});

test('who comes just as the others give up waiting is not turned away', async (t) => {
  const network = new Network(t);
  const share = await network.share(t);
  for (let moments = 0; moments < 12; moments++) {
    network.away = true;
    network.cut();
    await turn();
    const abort = new AbortController();
    const call = share.stat('', { signal: abort.signal });
    for (let i = 0; i < 5; i++) await network.clock.wind(50);
    abort.abort(new Error('enough'));
    network.away = false;
    for (let i = 0; i < moments; i++) await undefined;
    const other = share.stat('');
    await assert.rejects(call, /enough/);
    for (let i = 0; i < 10; i++) await network.clock.wind(500);
    await other;
    assert.equal(network.clock.waiting.length, 1, 'only the connection is watched');
  }
});

test('a server that ends each session as soon as it is there is asked more and more seldom, and given up in time', async (t) => {
  const network = new Network(t);
  const reconnect = { timeoutMs: 60_000, initialDelayMs: 100, maxDelayMs: 5000 };
  const share = await network.share(t, { reconnect });
  for (let i = 0; i < 200; i++) network.lose(Command.Create, 'unsent');
  let error: (Error & { code?: string }) | undefined;
  const call = share.stat('').catch((thrown) => {
    error = thrown;
  });
  while (error === undefined && network.clock.time < 100_000) {
    // All of this takes no time.
    for (let i = 0; i < 40; i++) await turn();
    await network.clock.wind(100);
  }
  assert.ok(network.dialed > 15 && network.dialed < 40, `${network.dialed} times`);
  assert.equal(error?.code, 'ETIMEDOUT');
  assert.ok(network.clock.time <= 61_000, `${network.clock.time} ms`);
  await call;
  network.forgive();
  network.clock.time += 60_000;
  await share.stat('');
});

/** Advances the clock step by step and lets all pending work run. */
async function windOn({ clock }: Network, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 250) {
    await clock.wind(250);
    for (let i = 0; i < 40; i++) await turn();
  }
}

test('a server that answers a write before it has read it, and reads no further, is given up in time', async (t) => {
  const network = new Network(t);
  const once = await network.take({ reconnect: false, timeoutMs: 1000, shared: false });
  t.after(() => once.close());
  const share = (await once.tree('s')).protocol;
  const file = await share.open(make);
  network.lose(Command.Write, 'untaken');
  const write = share.write(file, 0, bytes('early'));
  const refused = assert.rejects(write, { code: 'ETIMEDOUT', message: /reads no further/ });
  // The server answers the keep-alive probe.
  await windOn(network, 1500);
  await refused;
  const lasting = await network.share(t, { timeoutMs: 1000 });
  const kept = await lasting.open({ ...make, path: 'g' });
  network.lose(Command.Write, 'untaken');
  const again = lasting.write(kept, 0, bytes('early'));
  await windOn(network, 1500);
  assert.equal(await again, 5, 'over another connection');
  await lasting.close(kept);
});

test('a logon that is called off leaves no connection, whatever the server does', async (t) => {
  const network = new Network(t);
  network.lose(Command.SessionSetup, 'swallowed');
  const abort = new AbortController();
  const settings = settingsFrom('smb://ann:secret@server/s', { signal: abort.signal });
  const taking = network.pool.take(settings);
  for (let i = 0; i < 5; i++) await turn();
  abort.abort(new Error('enough'));
  await assert.rejects(taking, /enough/);
  for (let i = 0; i < 5; i++) await turn();
  assert.equal((await network.server.status()).connections, 0);
  assert.equal(network.clock.waiting.length, 0);
});

test('with reconnect turned off, what is lost stays lost', async (t) => {
  const network = new Network(t);
  const share = await network.share(t, { reconnect: false });
  network.cut();
  await turn();
  await turn();
  await assert.rejects(share.stat(''), ConnectionLost);
  assert.equal(network.dialed, 1);
});

test('the users of a process share a connection, and the last one closes it', async (t) => {
  const network = new Network(t);
  const [first, second, bob] = [await network.take(), await network.take(), await network.take({}, 'bob')];
  const alone = await network.take({ shared: false });
  assert.equal(network.dialed, 2);
  await Promise.all([first.tree('s'), second.tree('other'), bob.tree('s')]);
  const { connections, sessions, trees } = await network.server.status();
  assert.deepEqual({ connections, sessions, trees }, { connections: 2, sessions: 3, trees: 3 });
  network.cut();
  await turn();
  await Promise.all([first.tree('s'), bob.tree('s'), second.echo()]);
  assert.equal(network.dialed, 3, 'both sessions came back over one connection');
  await Promise.all([first.close(), first.close(), alone.close()]);
  await second.echo();
  await Promise.all([second.close(), bob.close()]);
  for (let i = 0; i < 10; i++) await turn();
  assert.equal((await network.server.status()).connections, 0);
  assert.equal(network.pool.size, 0);
  assert.equal(network.clock.waiting.length, 0);
});

test('a wrong password is the error of who has it, and does not disturb the others', async (t) => {
  const network = new Network(t);
  const good = await network.take();
  await assert.rejects(network.pool.take(settingsFrom('smb://ann:wrong@server/s')), { code: 'STATUS_LOGON_FAILURE' });
  await good.tree('s');
  assert.equal(network.dialed, 1);
  assert.equal(network.pool.size, 1);
  await good.close();
});

test('a call that is called off at any moment, while connections are lost, leaves nothing open', async (t) => {
  const network = new Network(t);
  const share = await network.share(t);
  const verbs: ((signal: AbortSignal) => Promise<unknown>)[] = [
    (signal) => share.stat('', { signal }),
    (signal) => share.open(make, { signal }).then((file) => share.close(file)),
    async (signal) => {
      const file = await share.open({ ...make, path: 'w' });
      await share.write(file, 0, bytes('x'), { signal }).finally(() => share.close(file));
    },
    async (signal) => {
      for await (const _ of share.list('', '*', { signal }));
    },
    (signal) => share.mkdir(`d${network.dialed}-${network.clock.time}`, { signal }),
  ];
  const fates: (Fate | 'none')[] = ['none', 'unsent', 'unanswered'];
  for (const verb of verbs) {
    for (const fate of fates) {
      for (let turns = 0; turns < 24; turns += 2) {
        for (const command of [Command.Create, Command.Write, Command.QueryDirectory]) {
          if (fate !== 'none') network.lose(command, fate);
        }
        const abort = new AbortController();
        const call = verb(abort.signal);
        call.catch(() => undefined);
        for (let i = 0; i < turns; i++) await turn();
        abort.abort(new Error('enough'));
        await call.catch((error: Error) => assert.match(error.message, /enough|asked again/));
        network.forgive();
        network.clock.time += 1000;
        // Requests under way are closed by now.
        for (let i = 0; i < 40; i++) await turn();
        await share.stat('');
        for (let i = 0; i < 10; i++) await turn();
        const { opens, disconnectedOpens } = await network.held();
        assert.equal(opens, 0, `${verbs.indexOf(verb)} ${fate} ${turns}`);
        assert.equal(disconnectedOpens, 0, `${verbs.indexOf(verb)} ${fate} ${turns}`);
      }
    }
  }
});
