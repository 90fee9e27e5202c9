import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '#testing/hand-clock.js';
import { turn } from '#testing/smb2-peer.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { OutcomeUnknown } from '../lasting/outcome.js';
import { entered, referral, refuse, type Server } from './dfs.test.network.js';

/** A root with one link to these targets. */
const linked = (...targets: string[]): Server => ({
  stat: (_share, path) => path.startsWith('link') && refuse(NtStatus.PathNotCovered),
  referral: () => referral('\\home\\root\\link', 10_000, ...targets),
});

test('targets that do not answer share one time-out, and leave enough to those that do', async () => {
  const servers = { home: linked('\\one\\x', '\\two\\x', '\\far\\x'), one: { silent: true }, two: { silent: true } };
  const alive = await entered({ ...servers, far: {} }, { timeoutMs: 8000 });
  const found = alive.protocol.stat('link\\a');
  await turn();
  await alive.clock.wind(3999);
  assert.equal(alive.log.at(-1), 'dial one');
  await alive.clock.wind(1);
  assert.deepEqual(alive.log.slice(-2), ['give up one', 'dial two']);
  await alive.clock.wind(2000);
  await found;
  assert.equal(alive.log.at(-1), 'far/x/a');
  assert.equal(alive.clock.time, 6000);
  const dead = await entered({ ...servers, far: { silent: true } }, { timeoutMs: 8000 });
  const lost = assert.rejects(dead.protocol.stat('link\\a'), (error: ConnectionLost) => {
    assert.equal(error.code, 'SMB_DFS_UNREACHABLE');
    assert.match(error.message, /did not answer within 4\.0 s/);
    assert.equal((error.cause as AggregateError).errors.length, 3);
    return true;
  });
  for (const ms of [4000, 2000, 2000]) {
    await turn();
    await dead.clock.wind(ms);
  }
  await lost;
  assert.equal(dead.clock.waiting.length, 0);
});

test('servers of a share that has moved share one time-out, too', async () => {
  const home = {
    tree: () => refuse(NtStatus.BadNetworkName),
    referral: (path: string) => referral(path, 100, '\\dc1\\root', '\\dc2\\root'),
  };
  const clock = new HandClock();
  const entering = entered({ home, dc1: { silent: true }, dc2: {} }, { timeoutMs: 8000 }, clock);
  for (let i = 0; i < 4; i++) await turn();
  await clock.wind(4000);
  const { log } = await entering;
  assert.deepEqual(log.slice(2), ['dial dc1', 'give up dc1', 'dial dc2', 'close home']);
  assert.equal(clock.waiting.length, 0);
});

test('nobody goes on to a server when all who waited for it have given up', async () => {
  const { protocol, log, clock } = await entered({ home: linked('\\far\\x'), far: { silent: true } });
  const [one, two] = [new AbortController(), new AbortController()];
  const calls = [one, two].map(({ signal }) => assert.rejects(protocol.stat('link\\a', { signal }), /enough/));
  for (let i = 0; i < 4; i++) await turn();
  one.abort(new Error('enough'));
  await turn();
  assert.equal(log.at(-1), 'dial far');
  two.abort(new Error('enough'));
  await Promise.all(calls);
  await turn();
  assert.equal(log.at(-1), 'give up far');
  assert.equal(clock.waiting.length, 0);
});

test('a server where nothing is done any more is left, and gone to again', async () => {
  const { protocol, log, clock } = await entered({ home: linked('\\far\\x'), far: {} });
  const open = { path: 'link\\f', access: FileAccess.ReadData, disposition: CreateDisposition.Open };
  await protocol.stat('link\\a');
  const file = await protocol.open(open);
  const names = protocol.list('link', '*');
  await names.next();
  await clock.wind(300_000);
  await protocol.close(file);
  await clock.wind(300_000);
  assert.ok(!log.includes('close far'), 'it is still being listed');
  await names.return();
  await clock.wind(119_000);
  assert.ok(!log.includes('close far'));
  await clock.wind(121_000);
  await clock.wind(121_000);
  assert.equal(log.at(-1), 'close far');
  assert.equal(clock.waiting.length, 0, 'nobody is waited for');
  await protocol.stat('link\\b');
  assert.deepEqual(log.slice(-2), ['dial far', 'far/x/b']);
  await protocol.disconnect();
  assert.equal(clock.waiting.length, 0);
});

test('servers where nothing is done are kept up to a number', async () => {
  const names = Array.from({ length: 40 }, (_, i) => `far${i}`);
  const home: Server = {
    stat: (_share, path) => path.startsWith('far') && refuse(NtStatus.PathNotCovered),
    referral: (path) => referral(path, 100, `\\${path.split('\\').at(-1)}\\x`),
  };
  const { protocol, log } = await entered({ home, ...Object.fromEntries(names.map((name) => [name, {}])) });
  for (const name of names) await protocol.stat(name);
  await turn();
  const closed = log.filter((line) => line.startsWith('close'));
  assert.deepEqual(
    closed,
    names.slice(0, 40 - 1 - 32).map((name) => `close ${name}`),
  );
});

test('what is not known to have been done is not done again elsewhere', async () => {
  const far: Server = {
    mkdir: (path) => {
      throw new OutcomeUnknown('made', path, new StatusError(NtStatus.ObjectNameCollision));
    },
  };
  const { protocol, log } = await entered({ home: linked('\\far\\x', '\\other\\x'), far, other: {} });
  await protocol.stat('link\\a');
  for (const lost of [undefined, new ConnectionLost('gone again')]) {
    far.lost = lost;
    await assert.rejects(protocol.mkdir('link\\d'), (error) => error instanceof OutcomeUnknown);
    assert.equal(log.at(-1), 'far/x/d', 'it was asked once, of one');
  }
  far.lost = undefined;
  await protocol.stat('link\\a');
  assert.equal(log.filter((line) => line === 'dial far').length, 1, 'those who wait there are not disturbed');
  assert.ok(!log.includes('dial other'));
});
