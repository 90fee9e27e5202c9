import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer, type SmbServer } from '#server/server.js';
import { connectOver } from './connect.js';
import { errnoCode } from './errors.js';
import type { File } from './file.js';
import type { Share } from './share.js';

async function place(t: TestContext): Promise<{ share: Share; server: SmbServer }> {
  const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } } });
  t.after(() => server.close());
  const [here, there] = memoryPair();
  server.accept(there);
  const share = await connectOver(here, 'smb://ann:secret@server/s');
  t.after(() => share.close());
  await share.writeFile('f', 'hello');
  await share.mkdir('d');
  return { share, server };
}

const isClosed = (error: unknown): boolean =>
  errnoCode(error) === 'EBADF' && /(?:^| )(?:f|s) is closed$/.test((error as Error).message);

const bytes = new Uint8Array(4);

/** Every method of a file except `close`. */
const CALLS: Readonly<Record<string, (file: File) => Promise<unknown>>> = {
  read: (file) => file.read(bytes, 0),
  readEach: (file) => file.readEach(0, 4, () => undefined),
  readv: (file) => file.readv([bytes], 0),
  readFile: (file) => file.readFile(),
  write: (file) => file.write('x', 0),
  writev: (file) => file.writev([bytes], 0),
  writeFile: (file) => file.writeFile('x'),
  appendFile: (file) => file.appendFile('x'),
  chunks: (file) => file.chunks().next(),
  createReadStream: (file) => file.createReadStream().toArray(),
  readable: (file) => file.readable().getReader().read(),
  writable: (file) => file.writable().close(),
  readLines: (file) => file.readLines().next(),
  stat: (file) => file.stat(),
  utimes: (file) => file.utimes({ mtime: new Date() }),
  truncate: (file) => file.truncate(1),
  makeSparse: (file) => file.makeSparse(),
  dataRanges: (file) => file.dataRanges(),
  flush: (file) => file.flush(),
  lock: (file) => file.lock(),
  unlock: (file) => file.unlock(),
  query: (file) => file.query({ infoType: 1, infoClass: 5 }),
  setInfo: (file) => file.setInfo({ infoType: 1, infoClass: 4, data: bytes }),
  ioctl: (file) => file.ioctl({ code: 1 }),
  copyFrom: (file) => file.copyFrom(file),
};

/** Every method of a share except `close` and `info`. */
const SHARE_CALLS: Readonly<Record<string, (share: Share) => Promise<unknown>>> = {
  readFile: (share) => share.readFile('f'),
  writeFile: (share) => share.writeFile('f', 'x'),
  appendFile: (share) => share.appendFile('f', 'x'),
  truncate: (share) => share.truncate('f'),
  readdir: (share) => share.readdir('').toArray(),
  names: (share) => share.readdir('').names(),
  opendir: (share) => share.opendir(''),
  stat: (share) => share.stat('f'),
  lstat: (share) => share.lstat('f'),
  exists: (share) => share.exists('f'),
  access: (share) => share.access('f'),
  realpath: (share) => share.realpath('f'),
  mkdir: (share) => share.mkdir('e'),
  mkdirs: (share) => share.mkdir('e', { recursive: true }),
  mkdtemp: (share) => share.mkdtemp('e'),
  rmdir: (share) => share.rmdir('d'),
  unlink: (share) => share.unlink('f'),
  rm: (share) => share.rm('f', { force: true, recursive: true }),
  rename: (share) => share.rename('f', 'g'),
  utimes: (share) => share.utimes('f', { mtime: new Date() }),
  setAttributes: (share) => share.setAttributes('f', 0x20),
  symlink: (share) => share.symlink('f', 'l'),
  readlink: (share) => share.readlink('f'),
  link: (share) => share.link('f', 'l'),
  open: (share) => share.open('f'),
  createReadStream: (share) => share.createReadStream('f').toArray(),
  readable: (share) => share.readable('f').getReader().read(),
  writable: (share) => share.writable('f').close(),
  copy: (share) => share.copy('f', 'g'),
  cp: (share) => share.cp('d', 'e', { recursive: true }),
  glob: (share) => share.glob('*').next(),
  watch: (share) => share.watch().next(),
  acl: (share) => share.acl('f'),
  setAcl: (share) => share.setAcl('f', 'D:(A;;FA;;;WD)'),
  namedStreams: (share) => share.namedStreams('f'),
  extendedAttributes: (share) => share.extendedAttributes('f'),
  snapshots: (share) => share.snapshots(),
  listShares: (share) => share.listShares(),
  serverInfo: (share) => share.serverInfo(),
  statfs: (share) => share.statfs(),
  ping: (share) => share.ping(),
};

test('a closed file says so to every call, and is closed at the server once', async (t) => {
  const { share, server } = await place(t);
  const file = await share.open('f', { access: 'read-write' });
  const lock = await file.lock({ length: 1 });
  await using other = await share.open('f', { access: 'read-write' });
  let over = 0;
  await Promise.all([file.close(), file.close(), file[Symbol.asyncDispose]()].map((close) => close.then(() => over++)));
  assert.deepEqual([over, (await server.status()).opens, file.isOpen, file.caching], [3, 1, false, '']);
  for (const [name, call] of Object.entries(CALLS)) await assert.rejects(call(file), isClosed, name);
  await assert.rejects(other.copyFrom(file), isClosed);
  await lock.release();
  await file.close();
  assert.equal(await other.readFile('utf8'), 'hello');
});

test('a closed share says so to every call, and closes what is open of it', async (t) => {
  const { share, server } = await place(t);
  const file = await share.open('f', { access: 'read-write' });
  const begun = file.chunks();
  const handle = await share.fs.open('/f');
  const dir = await share.fs.opendir('/d');
  const watcher = share.fs.watcher('/');
  const watch = share.watch();
  const change = watch.next();
  const opening = share.open('d/new', { access: 'write', create: 'exclusive' });
  await Promise.all([share.close(), share.close()]);
  await opening.catch((error) => assert.equal(errnoCode(error), 'ENOTCONN'));
  assert.deepEqual([share.isOpen, file.isOpen, (await server.status()).opens], [false, false, 0]);
  for (const [name, call] of Object.entries(CALLS)) await assert.rejects(call(file), isClosed, name);
  for (const [name, call] of Object.entries(SHARE_CALLS)) await assert.rejects(call(share), isClosed, name);
  await assert.rejects(begun.next(), isClosed);
  await assert.rejects(share.fs.readFile('/f'), { code: 'EBADF', syscall: 'open' });
  await assert.rejects(handle.stat(), { code: 'EBADF' });
  assert.equal((await change).done, true);
  await Promise.all([file.close(), handle.close(), dir.close(), watcher.close(), watch.return(), share.close()]);
});

test('await using closes everything, in whatever order', async (t) => {
  const { share, server } = await place(t);
  {
    await using file = await share.open('f');
    await using handle = await share.fs.open('/f');
    await using dir = await share.fs.opendir('/');
    await using listing = await share.opendir('');
    await using watcher = share.fs.watcher('/');
    await using watch = share.watch();
    await using found = share.glob('*');
    await using chunks = file.chunks();
    await using lines = file.readLines();
    await using _lock = await file.lock({ exclusive: false });
    await Promise.all([dir.read(), listing.next(), found.next(), chunks.next(), lines.next(), handle.stat()]);
    watch.next().catch(() => undefined);
    watcher.on('error', (error) => assert.fail(String(error)));
  }
  assert.equal((await server.status()).opens, 0);
  const file = await share.open('f');
  {
    await using _file = file;
    await using _share = share;
  }
  assert.equal(file.isOpen, false);
});

test('whoever leaves a watch need not wait for a change', async (t) => {
  const { share, server } = await place(t);
  for (const leave of [
    (watch: ReturnType<Share['watch']>) => watch.return(),
    (watch: ReturnType<Share['watch']>) => watch.throw(new Error('enough')).catch(() => undefined),
  ]) {
    let ready: (() => void) | undefined;
    const begun = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const watch = share.watch('', { onReady: ready });
    const next = watch.next();
    await begun;
    await leave(watch);
    assert.deepEqual(await next, { done: true, value: undefined });
    assert.deepEqual(await watch.next(), { done: true, value: undefined });
    assert.equal((await server.status()).opens, 0);
  }
});
