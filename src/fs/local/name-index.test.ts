import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../clock.js';
import { NameIndex } from './name-index.js';
import { HashedNames, LOOK } from './name-table.js';

test('hashes say for certain what is not there', () => {
  const names = new HashedNames(0x811c9dc5);
  for (let i = 0; i < 200_000; i++) names.add(`Name ${i}`);
  for (let i = 0; i < 200_000; i += 97) assert.equal(names.find(`nAME ${i}`), LOOK);
  let wrong = 0;
  for (let i = 0; i < 100_000; i++) if (names.find(`none ${i}`) === LOOK) wrong++;
  assert.ok(wrong < 50, `${wrong} false alarms`);
  assert.equal(names.weight, 12_500);
});

for (const [kind, large] of [
  ['spelled', Number.MAX_SAFE_INTEGER],
  ['hashed', 0],
] as const) {
  test(`what we make while a directory is read is known afterwards: ${kind}`, async (t) => {
    const at = fs.mkdtempSync(join(tmpdir(), 'sombrero-'));
    t.after(() => fs.rmSync(at, { recursive: true }));
    const index = new NameIndex(systemClock, large);
    for (let i = 0; i < 100; i++) fs.writeFileSync(join(at, `File ${i}`), '');
    fs.writeFileSync(join(at, 'goes'), '');
    fs.utimesSync(at, 1, 1);
    const looks = Array.from({ length: 20 }, (_, i) => index.find(at, 'key', i % 2 === 0 ? `FILE ${i}` : `none ${i}`));
    assert.ok(index.knows('key'), 'it is being read');
    index.change({ at, key: 'key', added: 'New' }, () => fs.writeFileSync(join(at, 'New'), ''));
    index.change({ at, key: 'key', removed: 'goes' }, () => fs.unlinkSync(join(at, 'goes')));
    const found = await Promise.all(looks);
    assert.deepEqual(
      found,
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? `File ${i}` : undefined)),
    );
    assert.equal(await index.find(at, 'key', 'NEW'), 'New');
    assert.equal(await index.find(at, 'key', 'GOES'), undefined);
    fs.writeFileSync(join(at, 'Foreign'), '');
    fs.utimesSync(at, 2, 2);
    assert.equal(await index.find(at, 'key', 'FOREIGN'), 'Foreign');
  });
}
