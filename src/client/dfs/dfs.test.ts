import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '#testing/hand-clock.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { MoveDstIpAddr, ShareRedirectError } from '#wire/smb2/error-data/share-redirect.js';
import { SymbolicLinkError } from '#wire/smb2/error-data/symbolic-link.js';
import { abortable } from '../abort.js';
import { entered, referral, refuse } from './dfs.test.network.js';
import { type Place, Places } from './places.js';
import { ReferralCache } from './referral-cache.js';
import { followSymlink } from './symlink.js';
import { parseUnc } from './unc-path.js';

test('names of places', () => {
  assert.deepEqual(parseUnc('\\\\s\\x\\a\\b'), { server: 's', port: undefined, share: 'x', path: 'a\\b' });
  assert.deepEqual(parseUnc('\\s:4450\\x'), { server: 's', port: 4450, share: 'x', path: '' });
  assert.equal(parseUnc('\\s'), undefined);
});

test('referrals are found by the longest beginning and go when their time is over', () => {
  let now = 0;
  const cache = new ReferralCache(() => now);
  assert.ok(cache.add('\\S\\root\\link\\a', referral('\\S\\root\\link', 10, '\\t\\x')));
  cache.add('\\S\\root\\link\\deep\\er', referral('\\S\\root\\link\\deep', 100, '\\t\\y', '\\u\\y'));
  assert.equal(cache.find('\\s\\ROOT\\Link\\f')?.target.share, 'x');
  assert.equal(cache.find('\\s\\root\\link\\deep')?.target.share, 'y');
  assert.equal(cache.find('\\s\\root\\linkage'), undefined);
  const deep = cache.find('\\s\\root\\link\\deep\\f');
  assert.ok(deep);
  const first = deep.target;
  deep.passOver(first);
  deep.passOver(first);
  assert.equal(deep.target.server, 'u');
  now = 10_000;
  assert.equal(cache.find('\\s\\root\\link\\f'), undefined);
  assert.equal(cache.size, 1);
});

test('referrals that make no sense are not taken', () => {
  const cache = new ReferralCache(() => 0);
  assert.equal(cache.add('\\s\\root\\link', referral('\\s\\root\\li', 10, '\\t\\x')), undefined);
  assert.equal(cache.add('\\s\\root', referral('\\s', 10, '\\t\\x')), undefined);
  assert.equal(cache.add('\\s\\root', referral('\\s\\root', 10, 'nonsense')), undefined);
  assert.equal(cache.add('\\s\\root', referral('', 10)), undefined);
  for (let i = 0; i < 1100; i++) cache.add(`\\s\\r\\${i}`, referral(`\\s\\r\\${i}`, 10, '\\t\\x'));
  assert.equal(cache.size, 1000);
});

test('symbolic links stay on the share', () => {
  const here = { server: 'S', share: 'x' };
  const follow = (path: string, unparsed: string, target: string, relative: boolean): string =>
    followSymlink(path, SymbolicLinkError.of({ unparsedPathLength: unparsed.length * 2, target, relative }), here);
  assert.equal(follow('a\\link\\b\\c', '\\b\\c', 'other', true), 'a\\other\\b\\c');
  assert.equal(follow('a\\link', '', '..\\other', true), 'other');
  assert.equal(follow('a\\link\\b', '\\b', '.\\d\\..\\e', true), 'a\\e\\b');
  assert.equal(follow('a\\link\\b', 'b', '\\d', true), 'd\\b');
  assert.equal(follow('a\\link\\b', '\\b', 'd/e', true), 'a\\d\\e\\b');
  assert.equal(follow('a\\link\\b', '\\b', '\\??\\UNC\\s\\X\\d', false), 'd\\b');
  assert.equal(follow('a\\link\\b', '\\b', '\\\\s\\x\\d', false), 'd\\b');
  for (const target of ['\\??\\C:\\d', '\\??\\UNC\\s\\other\\d', '\\??\\UNC\\t\\x\\d', '\\??\\UNC\\s\\x\\..\\d']) {
    assert.throws(() => follow('a\\link\\b', '\\b', target, false), /leads out of the share/);
  }
  assert.throws(() => follow('a\\link\\b', '\\b', '..\\..\\d', true), /leads out of the share/);
  assert.throws(() => follow('a', 'longer than the path', 'd', true), /leads out of the share/);
});

test('a link is asked for once, its dead targets are passed over once', async () => {
  const { protocol, log } = await entered({
    home: {
      stat: (_share, path) => path.startsWith('link') && refuse(NtStatus.PathNotCovered),
      referral: () => referral('\\home\\root\\link', 100, '\\dead\\x', '\\far\\x\\below'),
    },
    far: {},
  });
  await protocol.stat('link\\a');
  await protocol.stat('link\\b');
  await protocol.stat('c');
  assert.deepEqual(log, [
    'dial home',
    'home/root/link\\a',
    'referral \\home\\root\\link\\a',
    'dial dead',
    'dial far',
    'far/x/below\\a',
    'far/x/below\\b',
    'home/root/c',
  ]);
  await protocol.disconnect();
  assert.equal(log.at(-1), 'close far');
});

test('nobody at the end of a link, and circles', async () => {
  const dead = await entered({
    home: {
      stat: () => refuse(NtStatus.PathNotCovered),
      referral: () => referral('\\home\\root\\link', 100, '\\dead\\x', '\\gone\\x'),
    },
  });
  await assert.rejects(dead.protocol.stat('link\\a'), (error: ConnectionLost) => {
    assert.equal(error.code, 'SMB_DFS_UNREACHABLE');
    assert.match(error.message, /\\\\dead\\x, \\\\gone\\x/);
    return true;
  });
  const circle = await entered({
    home: { stat: () => refuse(NtStatus.PathNotCovered), referral: (path) => referral(path, 100, '\\far\\y\\z') },
    far: { stat: () => refuse(NtStatus.PathNotCovered), referral: (path) => referral(path, 100, '\\home\\root\\link') },
  });
  await assert.rejects(circle.protocol.stat('link'), /in a circle/);
  const growing = await entered({
    home: { stat: () => refuse(NtStatus.PathNotCovered), referral: (path) => referral(path, 100, `${path}\\more`) },
  });
  await assert.rejects(growing.protocol.stat('link'), /in a circle/);
  const silent = await entered({ home: { stat: () => refuse(NtStatus.PathNotCovered) } });
  await assert.rejects(silent.protocol.stat('link'), { code: 'STATUS_PATH_NOT_COVERED' });
});

test('symbolic links are followed if wanted, a bounded number of times', async () => {
  const stopped = (target: string): SymbolicLinkError =>
    SymbolicLinkError.of({ unparsedPathLength: 2 * 2, target, relative: true });
  const servers = {
    home: { stat: (_: string, path: string) => path === 'l\\f' && refuse(NtStatus.StoppedOnSymlink, stopped('d')) },
  };
  const { protocol, log } = await entered(servers);
  await protocol.stat('l\\f');
  assert.equal(log.at(-1), 'home/root/d\\f');
  const off = await entered(servers, { symlinks: false });
  await assert.rejects(off.protocol.stat('l\\f'), { code: 'STATUS_STOPPED_ON_SYMLINK' });
  const loop = await entered({ home: { stat: () => refuse(NtStatus.StoppedOnSymlink, stopped('l')) } });
  await assert.rejects(loop.protocol.stat('l\\f'), /in a circle/);
  assert.ok(loop.log.length < 40);
});

test('a share that has moved is followed to where it is', async () => {
  const moved = new ShareRedirectError();
  moved.resourceName = '\\\\node2\\root';
  moved.ipAddrMoveList = [
    Object.assign(new MoveDstIpAddr(), { type: 1, address: Uint8Array.of(10, 0, 0, 9, ...new Array(12).fill(0)) }),
    Object.assign(new MoveDstIpAddr(), { type: 1, address: Uint8Array.of(10, 0, 0, 2, ...new Array(12).fill(0)) }),
  ];
  const { protocol, log } = await entered({
    home: { tree: () => refuse(NtStatus.BadNetworkName, moved) },
    '10.0.0.2': {},
  });
  await protocol.stat('f');
  assert.deepEqual(log, ['dial home', 'dial 10.0.0.9', 'dial 10.0.0.2', 'close home', '10.0.0.2/root/f']);
  await assert.rejects(entered({ home: { tree: () => refuse(NtStatus.BadNetworkName, moved) } }), {
    code: 'SMB_DFS_UNREACHABLE',
  });
  const ring = { tree: () => refuse(NtStatus.BadNetworkName, moved) };
  await assert.rejects(entered({ home: ring, '10.0.0.2': ring }), /from one to another|nobody is reached/);
});

test('servers that send us to many others do not keep us for long', async () => {
  const moved = new ShareRedirectError();
  moved.resourceName = '\\\\home\\root';
  const address = (last: number): Uint8Array => Uint8Array.of(10, 0, 0, last, ...new Array(12).fill(0));
  moved.ipAddrMoveList = Array.from({ length: 20 }, (_, i) =>
    Object.assign(new MoveDstIpAddr(), { type: 1, address: address(i) }),
  );
  let asked = 0;
  const ring = {
    tree: () => {
      asked++;
      return refuse(NtStatus.BadNetworkName, moved);
    },
  };
  const servers = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`10.0.0.${i}`, ring]));
  await assert.rejects(entered({ home: ring, ...servers }), ConnectionLost);
  assert.equal(asked, 1 + 16);
});

test('a root that others have', async () => {
  const home = {
    tree: () => refuse(NtStatus.BadNetworkName),
    referral: (path: string) => referral(path, 100, '\\dc1\\root', '\\dc2\\root'),
  };
  const { protocol, log } = await entered({ home, dc2: {} });
  await protocol.stat('f');
  assert.deepEqual(log.slice(1), ['referral \\home\\root', 'dial dc1', 'dial dc2', 'close home', 'dc2/root/f']);
  await assert.rejects(entered({ home, dc2: {} }, { dfs: false }), { code: 'STATUS_BAD_NETWORK_NAME' });
  await assert.rejects(entered({ home: { tree: home.tree } }), { code: 'STATUS_BAD_NETWORK_NAME' });
});

test('a share that is closed no longer tries to reach others', async () => {
  const home = { server: 'home', port: 445, share: 'root' } as Place;
  const places = new Places(
    home,
    (_where, signal) => abortable(new Promise<Place>(() => undefined), signal),
    new HandClock(),
  );
  const reaching = places.at({ server: 'away', port: 445, share: 'x' }, {});
  await Promise.all([assert.rejects(reaching, { code: 'SMB_CLOSED' }), places.close()]);
});
