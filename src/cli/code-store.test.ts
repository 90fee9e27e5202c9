import assert from 'node:assert/strict';
import {
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CodeStore, codePlace } from './code-store.js';

const posix = { skip: process.platform === 'win32' };
const CODE = Buffer.from('what V8 has made');

async function place(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'code-store-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function kept(folder: string, version = 'v1'): CodeStore {
  const store = new CodeStore(folder, version);
  store.keep(new Map([['a.cjs', CODE]]));
  return store;
}

test('what is kept is there for the same version only', async (t) => {
  const folder = await place(t);
  const store = kept(folder);
  assert.deepEqual(store.read('a.cjs'), CODE);
  assert.equal(store.read('b.cjs'), undefined);
  assert.equal(new CodeStore(folder, 'v2').read('a.cjs'), undefined);
  assert.deepEqual(await readdir(join(folder, 'v1')), ['a.cjs'], 'nothing lies beside it');
});

test('nobody else can look at it or change it', posix, async (t) => {
  const folder = await place(t);
  kept(folder);
  assert.equal((await stat(join(folder, 'v1'))).mode & 0o777, 0o700);
  assert.equal((await stat(join(folder, 'v1', 'a.cjs'))).mode & 0o777, 0o600);
});

test('what others may have written is not taken', posix, async (t) => {
  const folder = await place(t);
  const store = kept(folder);
  const file = join(folder, 'v1', 'a.cjs');
  for (const mode of [0o620, 0o602]) {
    await chmod(file, mode);
    assert.equal(store.read('a.cjs'), undefined);
  }
  await chmod(file, 0o600);
  assert.deepEqual(store.read('a.cjs'), CODE);
  await rename(file, `${file}.moved`);
  await symlink(`${file}.moved`, file);
  assert.equal(store.read('a.cjs'), undefined, 'a link leads anywhere');
});

test('what belongs to somebody else is not taken', posix, async (t) => {
  const store = kept(await place(t));
  const { geteuid } = process;
  t.after(() => {
    process.geteuid = geteuid as () => number;
  });
  process.geteuid = () => (geteuid?.() ?? 0) + 1;
  assert.equal(store.read('a.cjs'), undefined);
});

test('what was cut off is not taken, and written anew', async (t) => {
  const folder = await place(t);
  const store = kept(folder);
  const file = join(folder, 'v1', 'a.cjs');
  const { size } = await stat(file);
  for (const length of [size - 1, 8, 0]) {
    await truncate(file, length);
    assert.equal(store.read('a.cjs'), undefined);
  }
  // As some file systems leave it when the power fails.
  await truncate(file, size);
  assert.equal(store.read('a.cjs'), undefined);
  kept(folder);
  assert.deepEqual(store.read('a.cjs'), CODE);
});

test('a few versions are kept, the latest', async (t) => {
  const folder = await place(t);
  for (let i = 1; i <= 5; i++) {
    kept(folder, `v${i}`);
    await utimes(join(folder, `v${i}`), i, i);
  }
  kept(folder, 'v6');
  assert.deepEqual((await readdir(folder)).sort(), ['v3', 'v4', 'v5', 'v6']);
});

test('where nothing can be kept, nothing is', async (t) => {
  const file = join(await place(t), 'file');
  await writeFile(file, 'no directory');
  assert.equal(kept(file).read('a.cjs'), undefined);
  assert.equal(await readFile(file, 'utf8'), 'no directory');
});

test('the place is among what this user can do without', () => {
  const home = (): string => '/home/ann';
  assert.equal(codePlace({}, 'linux', home), join('/home/ann', '.cache', 'sombrero', 'code'));
  assert.equal(codePlace({ XDG_CACHE_HOME: '/c' }, 'linux', home), join('/c', 'sombrero', 'code'));
  assert.equal(codePlace({}, 'darwin', home), join('/home/ann', 'Library', 'Caches', 'sombrero', 'code'));
  assert.equal(codePlace({ LOCALAPPDATA: '/l' }, 'win32', home), join('/l', 'sombrero', 'code'));
  assert.equal(codePlace({}, 'win32', home), undefined);
  assert.equal(codePlace({ NODE_DISABLE_COMPILE_CACHE: '1' }, 'linux', home), undefined);
});
