import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { turn } from '#testing/smb2-peer.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import type { Guid } from '#wire/dtyp/guid.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { CreateDisposition, OplockLevel } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { basicInfo } from '../basic-info.js';
import type { FileProtocol, Handle } from '../protocol.js';
import { isByOthers } from './absence.js';
import type { Standing } from './foothold.js';
import { ALL, bytes, make, Network, read } from './lasting.test.network.js';
import { LastingHandle } from './lasting-handle.js';

/** Without an oplock, the server cannot keep the open. */
const plain = { ...make, oplock: OplockLevel.None };
const NODE = {
  size: 0,
  allocationSize: 0,
  attributes: 32,
  creationTime: 1n,
  lastAccessTime: 1n,
  changeTime: 1n,
  id: 0n,
  links: 1,
};
const AWAY_MS = 20_000;

test('of the times of a file that we wrote, those in the midst of an absence are by others', () => {
  const absence = { lostAt: 100_000, backAt: 160_000 };
  const skew = -5_000_000;
  const at = (ms: number): boolean => isByOthers(filetimeFromMs(ms + skew), absence, skew);
  for (const ms of [0, 99_000, 101_900, 158_100, 160_000, 200_000]) assert.equal(at(ms), false, String(ms));
  for (const ms of [102_100, 130_000, 157_900]) assert.equal(at(ms), true, String(ms));
  assert.equal(isByOthers(filetimeFromMs(130_000), absence, undefined), false, 'the server tells no time');
  assert.equal(isByOthers(filetimeFromMs(130_000), { lostAt: 100_000, backAt: undefined }, 0), false);
});

/** A file of ours whose connection is lost for a while, and a write by others at `at` ms after the loss. */
async function afterAbsence(
  t: TestContext,
  ours: (share: FileProtocol, file: Handle) => Promise<unknown>,
  theirs: { at: number; data: string } | undefined,
): Promise<() => Promise<string>> {
  const network = new Network(t);
  const reconnect = { timeoutMs: 5 * AWAY_MS, initialDelayMs: AWAY_MS, maxDelayMs: AWAY_MS };
  const share = await network.share(t, { reconnect });
  await share.visit(plain, [{ verb: 'write', offset: 0, data: bytes('born') }]);
  const file = await share.open(plain);
  await ours(share, file);
  network.away = true;
  network.cut();
  for (let i = 0; i < 4; i++) await turn();
  network.away = false;
  if (theirs) {
    await network.clock.wind(theirs.at);
    const stranger = await network.take({ shared: false });
    const elsewhere = (await stranger.tree('s')).protocol;
    const opened = await elsewhere.open(plain);
    await elsewhere.write(opened, 0, bytes(theirs.data));
    await elsewhere.close(opened);
    await stranger.close();
  }
  await network.clock.wind(AWAY_MS - (theirs?.at ?? 0));
  for (let i = 0; i < 20; i++) await turn();
  return () => read(share, file);
}

const write = (share: FileProtocol, file: Handle): Promise<number> => share.write(file, 0, bytes('mine'));

test('a file of ours that nobody touched while we were away is opened again', async (t) => {
  assert.equal(await (await afterAbsence(t, write, undefined))(), 'mine');
});

test('a file of ours that others overwrote meanwhile with as many bytes is stale', async (t) => {
  for (const at of [3000, 9000]) {
    await assert.rejects(await afterAbsence(t, write, { at, data: 'them' }), { code: 'ESTALE' });
  }
});

test('in the moment of the loss it cannot be told, and the documents say so', async (t) => {
  assert.equal(await (await afterAbsence(t, write, { at: 1000, data: 'them' }))(), 'them');
});

test('a file that we only read is stale whenever others wrote it', async (t) => {
  assert.equal(await (await afterAbsence(t, read, undefined))(), 'born');
  await assert.rejects(await afterAbsence(t, read, { at: 1, data: 'them' }), { code: 'ESTALE' });
});

test('what we set ourselves makes no file stale', async (t) => {
  const { Basic, EndOfFile } = FileInfoClass;
  const lastWriteTime = filetimeFromMs(Date.UTC(1999, 1, 1));
  const times = basicInfo({ lastWriteTime });
  assert.equal(times.infoClass, Basic);
  const size = { infoType: InfoType.File, infoClass: EndOfFile, data: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0) };
  const deeds: ((share: FileProtocol, file: Handle) => Promise<unknown>)[] = [
    (share, file) => share.setInfo(file, times),
    (share, file) => write(share, file).then(() => share.setInfo(file, times)),
    (share, file) => write(share, file).then(() => share.setInfo(file, size)),
    (share, file) => share.truncate(file, 3),
  ];
  const left: string[] = [];
  for (const deed of deeds) left.push(await (await afterAbsence(t, deed, undefined))());
  assert.deepEqual(left, ['born', 'mine', 'mi', 'bor']);
});

test('an open that made or emptied its file may have that noted as a write when the server closes it', () => {
  const seconds = (s: number): bigint => filetimeFromMs(Date.UTC(2020, 0, 1) + 1000 * s);
  const handle = (existed: boolean, lastWriteTime: bigint): Handle => ({
    path: 'f',
    info: { ...NODE, lastWriteTime },
    existed,
    contexts: [],
    caching: { state: 0, leaseKey: undefined },
  });
  const isUnchanged = (disposition: number, existed: boolean): boolean => {
    const request = { path: 'f', access: ALL, disposition };
    const terms = { request, createGuid: '' as Guid, leaseKey: undefined };
    const opened = new LastingHandle(terms, {} as Standing, handle(existed, seconds(0)));
    return opened.isUnchanged(handle(true, seconds(9)), absence, 0);
  };
  const lostAt = Date.UTC(2020, 0, 1) + 10_000;
  const absence = { lostAt, backAt: lostAt + 1000 };
  const { Create, Open, OpenIf, Overwrite, OverwriteIf, Supersede } = CreateDisposition;
  for (const emptied of [Overwrite, OverwriteIf, Supersede]) assert.equal(isUnchanged(emptied, true), true);
  for (const made of [Create, OpenIf, OverwriteIf, Supersede]) assert.equal(isUnchanged(made, false), true);
  for (const found of [Open, OpenIf]) assert.equal(isUnchanged(found, true), false);
});

test('a control code that writes has written', async (t) => {
  const zero = new Uint8Array(16);
  zero[8] = 2;
  const get = await afterAbsence(
    t,
    async (share, file) => {
      await write(share, file);
      await share.ioctl(file, { code: Fsctl.SetZeroData, input: zero });
    },
    undefined,
  );
  assert.equal(await get(), '\0\0ne');
});
