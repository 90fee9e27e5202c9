import assert from 'node:assert/strict';
import {
  chmod,
  lstat,
  mkdir,
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

/** A directory for a user's caches. */
async function caches(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'code-store-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const placeIn = (folder: string): string => join(folder, 'sombrero', 'code');
const place = async (t: TestContext): Promise<string> => placeIn(await caches(t));

/** Pretends that the process runs as this user. */
function actAs(t: TestContext, user: number): void {
  const { geteuid } = process;
  t.after(() => {
    process.geteuid = geteuid as () => number;
  });
  process.geteuid = () => user;
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

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
  const folder = await place(t);
  kept(folder);
  actAs(t, (process.geteuid?.() ?? 0) + 1);
  assert.equal(new CodeStore(folder, 'v1').read('a.cjs'), undefined);
});

test('where others may put something, nothing is taken and nothing left', posix, async (t) => {
  const home = await caches(t);
  const folder = placeIn(home);
  for (const open of [home, join(home, 'sombrero'), folder, join(folder, 'v1')]) {
    kept(folder);
    assert.deepEqual(new CodeStore(folder, 'v1').read('a.cjs'), CODE);
    await chmod(open, 0o770);
    assert.equal(new CodeStore(folder, 'v1').read('a.cjs'), undefined, open);
    new CodeStore(folder, 'v1').keep(new Map([['b.cjs', CODE]]));
    assert.equal(await isThere(join(folder, 'v1', 'b.cjs')), false, open);
    await chmod(open, 0o700);
  }
});

test('a directory that a link stands for is not taken, but for that of all caches', posix, async (t) => {
  const home = await caches(t);
  const folder = placeIn(home);
  kept(folder);
  const link = join(await caches(t), 'link');
  await symlink(home, link);
  assert.deepEqual(new CodeStore(placeIn(link), 'v1').read('a.cjs'), CODE);
  await symlink(join(folder, 'v1'), join(folder, 'v2'));
  assert.equal(new CodeStore(folder, 'v2').read('a.cjs'), undefined);
});

test('nothing is left in the home of somebody else', posix, async (t) => {
  const home = await caches(t);
  actAs(t, (process.geteuid?.() ?? 0) + 1);
  for (const below of [home, join(home, '.cache'), join(home, 'a', 'b')]) kept(placeIn(below));
  assert.deepEqual(await readdir(home), []);
});

test('what was damaged is not taken, and written anew', async (t) => {
  const folder = await place(t);
  const store = kept(folder);
  const file = join(folder, 'v1', 'a.cjs');
  const whole = await readFile(file);
  for (const length of [whole.length - 1, 32, 8, 0]) {
    await truncate(file, length);
    assert.equal(store.read('a.cjs'), undefined);
  }
  for (const at of [0, 31, 32, whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(whole.readUInt8(at) ^ 1, at);
    await writeFile(file, damaged);
    assert.equal(store.read('a.cjs'), undefined, `byte ${at}`);
  }
  kept(folder);
  assert.deepEqual(store.read('a.cjs'), CODE);
});

test('what could not be put in its place does not stay beside it', async (t) => {
  const folder = await place(t);
  await mkdir(join(folder, 'v1', 'a.cjs', 'full'), { recursive: true, mode: 0o700 });
  const store = kept(folder);
  assert.equal(store.read('a.cjs'), undefined);
  assert.deepEqual(await readdir(join(folder, 'v1')), ['a.cjs']);
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
  const file = join(await caches(t), 'file');
  await writeFile(file, 'no directory');
  assert.equal(kept(placeIn(file)).read('a.cjs'), undefined);
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

test('without a home there is no place', () => {
  const none = (): string => {
    throw new Error('uv_os_homedir returned ENOENT');
  };
  assert.equal(codePlace({}, 'linux', none), undefined);
  assert.equal(codePlace({}, 'darwin', none), undefined);
  assert.equal(codePlace({ XDG_CACHE_HOME: '/c' }, 'linux', none), join('/c', 'sombrero', 'code'));
  assert.equal(
    codePlace({}, 'linux', () => ''),
    undefined,
    'the working directory is none',
  );
  assert.equal(codePlace({ XDG_CACHE_HOME: 'c' }, 'linux', none), undefined);
});
