import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Packed } from './packed.js';

async function folderOf(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'packed-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** Keeps code in memory and counts how often. */
class Store {
  readonly code = new Map<string, Buffer>();
  kept = 0;
  read(name: string): Buffer | undefined {
    return this.code.get(name);
  }
  keep(code: ReadonlyMap<string, Uint8Array>): void {
    this.kept++;
    for (const [name, data] of code) this.code.set(name, Buffer.from(data));
  }
}

const FILES = {
  'a.cjs': "const b = require('./b.cjs'); exports.sum = () => b.one() + 1; exports.file = __filename; // the end",
  'b.cjs': "const a = require('./a.cjs'); exports.one = () => (typeof a.sum === 'function' ? 1 : 0);",
  'c.cjs': "exports.join = require('node:path').join; exports.later = async () => require('node:os');",
};

test('files load each other, once, in a circle, too', async (t) => {
  const folder = await folderOf(t, FILES);
  const packed = new Packed(folder);
  const a = packed.load('./a.cjs') as { sum: () => number; file: string };
  assert.equal(a.sum(), 2);
  assert.equal(a.file, join(folder, 'a.cjs'));
  assert.equal(packed.load('./a.cjs'), a);
  packed.keep();
});

test('what is of Node comes from Node, later on, too', async (t) => {
  const packed = new Packed(await folderOf(t, FILES));
  const c = packed.load('./c.cjs') as { join: unknown; later: () => Promise<{ EOL: string }> };
  assert.equal(c.join, join);
  assert.equal(typeof (await c.later()).EOL, 'string');
});

test('code is kept when some had to be made, and serves the next run', async (t) => {
  const folder = await folderOf(t, FILES);
  const store = new Store();
  const runs = [['./a.cjs'], ['./a.cjs'], ['./a.cjs', './c.cjs'], ['./c.cjs', './a.cjs']];
  const kept = runs.map((names) => {
    const packed = new Packed(folder, store);
    for (const name of names) packed.load(name);
    packed.keep();
    return store.kept;
  });
  assert.deepEqual(kept, [1, 1, 2, 2]);
  assert.deepEqual([...store.code.keys()], ['a.cjs', 'b.cjs', 'c.cjs']);
});

test('code that V8 does not take is made again', async (t) => {
  const folder = await folderOf(t, FILES);
  const store = new Store();
  store.code.set('b.cjs', Buffer.from('of another version'));
  const packed = new Packed(folder, store);
  assert.equal((packed.load('./b.cjs') as { one: () => number }).one(), 1);
  packed.keep();
  assert.equal(store.kept, 1);
  const again = new Packed(folder, store);
  again.load('./b.cjs');
  again.keep();
  assert.equal(store.kept, 1);
});

test('the command line is packed so that it imports nothing', async () => {
  const folder = fileURLToPath(new URL('../packed/', import.meta.url));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.cjs'));
  assert.ok(names.length > 10);
  for (const name of names) assert.doesNotMatch(await readFile(join(folder, name), 'utf8'), /\bimport\(/, name);
});
