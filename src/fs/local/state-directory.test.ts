import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StatusError } from '#wire/erref/errors.js';
import { libc } from './native/libc.js';
import { stateDirectory } from './state-directory.js';

const skip = process.platform === 'linux' && libc() === undefined && 'without koffi nothing locks here';

function directory(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'state-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return join(root, 'state');
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function loaded(path: string): Promise<{ records: Record<string, string>; damaged: string[] }> {
  const damaged: string[] = [];
  const store = stateDirectory(path);
  const found = await store.load((what) => damaged.push(what));
  await store.close?.();
  const records = [...found].map(([key, record]) => [key, new TextDecoder().decode(record)]);
  return { records: Object.fromEntries(records), damaged: damaged.sort() };
}

test('records are kept, replaced and taken away; nobody else looks into the directory', { skip }, async (t) => {
  const path = directory(t);
  const store = stateDirectory(path);
  await Promise.all([store.put('a-1', bytes('one')), store.put('b', bytes('two')), store.put('c', bytes(''))]);
  await store.put('a-1', bytes('three'));
  await store.delete('b');
  await store.delete('never');
  assert.deepEqual(await loaded(path), { records: { 'a-1': 'three', c: '' }, damaged: [] });
  assert.deepEqual(readdirSync(path).sort(), ['a-1.record', 'c.record', 'lock']);
  if (process.platform !== 'win32') {
    assert.equal(statSync(path).mode & 0o777, 0o700);
    assert.equal(statSync(join(path, 'c.record')).mode & 0o777, 0o600);
  }
});

test('a directory that others can write to is not trusted', {
  skip: skip || process.platform === 'win32',
}, async (t) => {
  const path = directory(t);
  mkdirSync(path);
  for (const [mode, fine] of [
    [0o755, true],
    [0o770, false],
    [0o707, false],
    [0o700, true],
  ] as const) {
    chmodSync(path, mode);
    const loading = loaded(path);
    if (fine) await loading;
    else await assert.rejects(loading, StatusError);
  }
});

test('what is cut off, changed, of another format, too large or a link is put aside', { skip }, async (t) => {
  const path = directory(t);
  await stateDirectory(path).put('whole', bytes('record'));
  const whole = readFileSync(join(path, 'whole.record'));
  const spoil = (name: string, content: string | Uint8Array): void => writeFileSync(join(path, name), content);
  for (let i = 0; i < whole.length; i++) spoil(`cut${i}.record`, whole.subarray(0, i));
  for (let i = 0; i < whole.length; i++) {
    const changed = Uint8Array.from(whole);
    changed[i] = (changed[i] as number) ^ 1;
    spoil(`changed${i}.record`, changed);
  }
  spoil('long.record', Buffer.concat([whole, whole, whole]));
  spoil('bad key.record', whole);
  spoil('left-3.tmp', whole);
  spoil('other', whole);
  symlinkSync(join(path, 'other'), join(path, 'link.record'));
  const { records, damaged } = await loaded(path);
  assert.deepEqual(records, { whole: 'record' });
  assert.equal(damaged.length, 2 * whole.length + 3);
  assert.equal(readdirSync(path).includes('left-3.tmp'), false);
  assert.deepEqual(await loaded(path), { records: { whole: 'record' }, damaged: [] }, 'told once');
});

test('what is added comes behind what was put, by whoever put it', { skip }, async (t) => {
  const path = directory(t);
  const store = stateDirectory(path);
  await assert.rejects(store.append('a', bytes('x')), StatusError);
  await store.put('a', bytes('1'));
  await store.append('a', bytes(' 2'));
  await store.append('a', bytes(' 3'));
  await store.put('b', bytes('old'));
  await store.append('b', bytes(' older'));
  await store.put('b', bytes('new'));
  await store.append('b', bytes(' newer'));
  await store.put('gone', bytes(''));
  await store.delete('gone');
  await assert.rejects(store.append('gone', bytes('x')), StatusError);
  assert.deepEqual(await loaded(path), { records: { a: '1 2 3', b: 'new newer' }, damaged: [] });
  await assert.rejects(store.append('a', new Uint8Array(9 * 1024 * 1024)), StatusError);
  rmSync(join(path, 'a.record'));
  await assert.rejects(store.append('a', bytes('4')), StatusError);
  await assert.rejects(store.append('b/../a', bytes('4')), StatusError);
});

test('keys are names of files and nothing else; what cannot be written is said', async (t) => {
  const path = directory(t);
  const store = stateDirectory(path);
  for (const key of ['', '../x', 'a/b', 'a.b', 'x'.repeat(129)]) {
    await assert.rejects(store.put(key, bytes('')), StatusError);
    await assert.rejects(store.delete(key), StatusError);
  }
  await assert.rejects(store.put('a', new Uint8Array(9 * 1024 * 1024)), StatusError);
  await store.put('a', bytes('1'));
  rmSync(path, { recursive: true });
  await assert.rejects(store.put('b', bytes('2')), StatusError);
});
