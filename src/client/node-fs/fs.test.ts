import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { Backend } from '#fs/backend.js';
import { fromNodeFs } from '#fs/from-node-fs.js';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer } from '#server/server.js';
import { connectOver } from '../connect.js';
import type { Share } from '../share.js';
import { openFlags } from './flags.js';

async function visit(t: TestContext, backend: Backend): Promise<Share> {
  const server = createServer({ shares: { s: backend }, users: { ann: { password: 'secret' } } });
  const [here, there] = memoryPair();
  server.accept(there);
  const share = await connectOver(here, 'smb://ann:secret@server/s');
  t.after(async () => {
    await share.close();
    await server.close();
  });
  return share;
}

test('a share in the shape of fs.promises is served again', async (t) => {
  const behind = await visit(t, memory());
  const front = await visit(t, fromNodeFs(behind.fs, '/', { caseSensitive: false }));
  await front.mkdir('a/b', { recursive: true });
  await front.writeFile('a/b/f', 'hello');
  assert.equal(await behind.readFile('a/b/f', 'utf8'), 'hello');
  await front.appendFile('a/b/f', ' world');
  assert.equal(await front.readFile('a/b/f', 'utf8'), 'hello world');
  await front.rename('a/b/f', 'a/g');
  await front.copy('a/g', 'a/h');
  await front.link('a/g', 'a/i');
  const mtime = new Date('2020-01-02T03:04:05Z');
  await front.utimes('a/h', { mtime });
  assert.deepEqual((await behind.stat('a/h')).mtime, mtime);
  assert.deepEqual((await front.readdir('a').names()).sort(), ['b', 'g', 'h', 'i']);
  assert.equal((await front.stat('a/g')).links, 2);
  await front.rm('a', { recursive: true });
  assert.deepEqual(await behind.readdir().names(), []);
});

test('what a mode says of writing is kept', async (t) => {
  const { fs } = await visit(t, memory());
  await (await fs.open('/f', 'w', 0o444)).close();
  assert.equal((await fs.stat('/f')).mode, 0o100444);
  await (await fs.open('/f', 'r')).sync();
  const modeOf = async (path: string): Promise<number> => (await fs.stat(path)).mode & 0o777;
  const big = Buffer.alloc(200_000, 'x');
  await fs.writeFile('/w', 'text', { mode: 0o400 });
  await fs.writeFile('/big', big, { mode: '0444' });
  await fs.appendFile('/a', 'text', { mode: 0o444 });
  await fs.writeFile('/plain', 'text', { mode: 0o600 });
  assert.deepEqual(await Promise.all(['/w', '/big', '/a', '/plain'].map(modeOf)), [0o444, 0o444, 0o444, 0o666]);
  assert.equal(await fs.readFile('/w', 'utf8'), 'text');
  assert.deepEqual(await fs.readFile('/big'), big);
  await assert.rejects(fs.writeFile('/w', 'more', { mode: 0o666 }), { code: 'EACCES' });
  // The mode does not affect an existing file.
  for (const flag of ['w', 'a', 'r+']) await fs.writeFile('/plain', flag, { mode: 0o444, flag });
  await (await fs.open('/plain', 'w', 0o444)).close();
  assert.equal(await modeOf('/plain'), 0o666);
  await assert.rejects(fs.writeFile('/plain', 'x', { mode: 0o444, flag: 'wx' }), { code: 'EEXIST' });
});

test('a mode takes nothing away but the right to write', async (t) => {
  const share = await visit(t, memory());
  const { fs } = share;
  await fs.writeFile('/f', 'x');
  const hidden = 0x02;
  await share.setAttributes('f', hidden);
  const handle = await fs.open('/f', 'r+');
  await handle.chmod(0o444);
  await handle.close();
  assert.equal((await share.stat('f')).attributes, hidden | 0x01);
  await fs.chmod('/f', '644');
  assert.equal((await share.stat('f')).attributes, hidden);
});

test('O_TRUNC without O_CREAT empties what is there, and makes nothing', async (t) => {
  const { fs } = await visit(t, memory());
  const { O_RDWR, O_TRUNC } = fs.constants;
  await fs.writeFile('/f', 'text');
  await (await fs.open('/f', O_RDWR | O_TRUNC)).close();
  assert.equal((await fs.stat('/f')).size, 0);
  await assert.rejects(fs.open('/none', O_RDWR | O_TRUNC), { code: 'ENOENT' });
});

test('its functions are those of a module: taken out, spread and handed on', async (t) => {
  const share = await visit(t, memory());
  const { writeFile, readFile, mkdir } = share.fs;
  await mkdir('/d');
  await writeFile('/d/f', 'text');
  assert.equal(await readFile('/d/f', 'utf8'), 'text');
  const spread = { ...share.fs } as typeof share.fs;
  assert.deepEqual(await spread.readdir('/d'), ['f']);
  assert.deepEqual(await Promise.resolve('/d/f').then(spread.unlink), undefined);
  assert.ok(
    ['open', 'rm', 'glob', 'watch', 'opendir', 'constants'].every((name) => Object.keys(spread).includes(name)),
  );
});

test('what comes bit by bit fails as node:fs does', async (t) => {
  const { fs } = await visit(t, memory());
  const drain = async (items: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of items);
  };
  await drain(fs.glob('*', { cwd: '/none' }));
  await assert.rejects(drain(fs.watch('/none')), { code: 'ENOENT', syscall: 'watch', path: '/none' });
});

test('of what is missing it is found out by one question whether a file is on the way', async (t) => {
  const share = await visit(t, memory());
  const { fs } = share;
  await fs.mkdir('/d');
  await fs.writeFile('/f', 'x');
  let questions = 0;
  const { stat } = share;
  share.stat = (...about) => {
    questions++;
    return stat.apply(share, about);
  };
  await assert.rejects(fs.readFile('/f/x'), { code: 'ENOTDIR', syscall: 'open', path: '/f/x' });
  assert.equal(questions, 1);
  await assert.rejects(fs.readFile('/d/none/x'), { code: 'ENOENT', syscall: 'open', path: '/d/none/x' });
  assert.equal(questions, 2);
  await assert.rejects(fs.readFile('/d/none'), { code: 'ENOENT' });
  await fs.readFile('/f');
  assert.equal(questions, 2);
});

test('names come in the encoding that was asked for', async (t) => {
  const { fs } = await visit(t, memory());
  await fs.mkdir('/d/ä', { recursive: true });
  const bytes = Buffer.from('ä');
  assert.deepEqual(await fs.readdir('/d', 'buffer'), [bytes]);
  assert.deepEqual(await fs.readdir('/', { encoding: 'buffer', recursive: true }), [
    Buffer.from('d'),
    Buffer.from('d/ä'),
  ]);
  assert.deepEqual(await fs.readdir('/d', 'hex'), ['c3a4']);
  assert.deepEqual(await fs.readdir('/d', { encoding: 'utf8' }), ['ä']);
  assert.deepEqual(await fs.realpath('/d/../d', { encoding: 'buffer' }), Buffer.from('/d'));
  assert.ok(Buffer.isBuffer(await fs.mkdtemp('/d/t-', 'buffer')));
});

test('a filter of cp is told paths as they were given', async (t) => {
  const { fs } = await visit(t, memory());
  await fs.mkdir('/a/b', { recursive: true });
  await fs.writeFile('/a/b/f', 'x');
  await fs.writeFile('/a/no', 'x');
  const seen: string[] = [];
  const filter = (from: string, to: string): boolean => {
    seen.push(`${from} ${to}`);
    return !from.endsWith('no');
  };
  await fs.cp('/a', '/c', { recursive: true, filter });
  assert.deepEqual(seen.sort(), ['/a /c', '/a/b /c/b', '/a/b/f /c/b/f', '/a/no /c/no']);
  assert.deepEqual((await fs.readdir('/c', { recursive: true })).sort(), ['b', 'b/f']);
});

test('what a handle or a directory may not, or no longer, is said as Node does', async (t) => {
  const { fs } = await visit(t, memory());
  await fs.mkdir('/d');
  await fs.writeFile('/f', 'text');
  const reader = await fs.open('/f', 'r');
  await assert.rejects(reader.write('x'), { code: 'EBADF', syscall: 'write' });
  assert.equal(await reader.readFile('utf8'), 'text');
  await reader.close();
  await assert.rejects(reader.read(), { code: 'EBADF', syscall: 'read' });
  const writer = await fs.open('/f', 'w');
  await assert.rejects(writer.readFile(), { code: 'EBADF', syscall: 'read' });
  await writer.close();
  const directory = await fs.opendir('/d');
  assert.equal(await directory.read(), null);
  await directory.close();
  await assert.rejects(directory.read(), { code: 'ERR_DIR_CLOSED' });
  await assert.rejects(fs.rm('/d'), { code: 'ERR_FS_EISDIR', syscall: 'rm', path: '/d' });
});

test('what is called off is an AbortError with the reason as its cause', async (t) => {
  const { fs } = await visit(t, memory());
  await fs.writeFile('/f', 'text');
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  const expected = { name: 'AbortError', code: 'ABORT_ERR', cause: reason };
  await assert.rejects(fs.readFile('/f', { signal }), expected);
  await assert.rejects(fs.writeFile('/f', 'x', { signal }), expected);
  await assert.rejects(fs.watch('/', { signal }).next(), expected);
});

test('paths are read as below a root', async (t) => {
  const { fs } = await visit(t, memory());
  await fs.mkdir('/a');
  await fs.writeFile('/../a/./x/../f', 'x');
  assert.deepEqual(await fs.readdir(new TextEncoder().encode('a')), ['f']);
  assert.equal(await fs.realpath('a/../a/f'), '/a/f');
  assert.equal((await fs.stat('/')).isDirectory(), true);
});

test('flags of Node are those of CREATE', () => {
  const how = (flags: string | number): unknown[] => {
    const { options, append } = openFlags(flags);
    return [options.access, options.create, options.kind, append];
  };
  assert.deepEqual(how('r'), ['read', 'never', 'any', false]);
  assert.deepEqual(how('rs+'), ['read-write', 'never', 'file', false]);
  assert.deepEqual(how('w'), ['write', 'truncate', 'file', false]);
  assert.deepEqual(how('wx+'), ['read-write', 'exclusive', 'file', false]);
  assert.deepEqual(how('a'), ['write', 'if-missing', 'file', true]);
  assert.deepEqual(how('ax+'), ['read-write', 'exclusive', 'file', true]);
  assert.deepEqual(how(0o200000), ['read', 'never', 'directory', false]);
  for (const flags of ['rw', '', 'z', null, true, {}] as string[]) {
    assert.throws(() => how(flags), { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' });
  }
  assert.throws(() => how(1.5), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
  assert.deepEqual(how('rs'), ['read', 'never', 'any', false]);
});

test('an abort ends what is written piece by piece', async (t) => {
  const { fs } = await visit(t, memory());
  const stop = new AbortController();
  async function* pieces(): AsyncGenerator<string, void, undefined> {
    yield 'a';
    stop.abort();
    yield 'b';
  }
  const aborted = { name: 'AbortError', code: 'ABORT_ERR' };
  await assert.rejects(fs.writeFile('/f', pieces(), { signal: stop.signal }), aborted);
  assert.equal(await fs.readFile('/f', 'utf8'), 'a');
});

test('a watcher that fails leaves nothing open', async (t) => {
  const share = await visit(t, memory());
  await share.writeFile('a', '');
  const watcher = share.fs.watcher('/', {
    ignored: () => {
      throw new Error('of the filter');
    },
  });
  const [error] = await once(watcher, 'error');
  assert.match(String(error), /of the filter/);
  await watcher.close();
  await share.writeFile('b', '');
});

test('writes that nobody waits for do not lie on top of each other', async (t) => {
  const { fs } = await visit(t, memory());
  for (const flags of ['w', 'a']) {
    const handle = await fs.open('/f', flags);
    await Promise.all(['one ', 'two ', 'three'].map((text) => handle.write(text)));
    await handle.close();
  }
  assert.equal(await fs.readFile('/f', 'utf8'), 'one two threeone two three');
});
