import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '#testing/golden.js';
import { FullEaEntry } from '../../fscc/file-info/full-ea.js';
import { Decoder } from '../../io/decoder.js';
import { Encoder } from '../../io/encoder.js';

import { FeaList } from './fea-list.js';

test('a list of attributes, one right behind the other', () => {
  const list = Object.assign(new FeaList(), {
    entries: [FullEaEntry.of('AB', Uint8Array.of(1, 2, 3)), FullEaEntry.of('C', Uint8Array.of(9))],
  });
  const bytes = new Encoder().encode(list);
  assert.equal(toHex(bytes), '150000000002030041420001020300010100430009');
  const again = new FeaList();
  again.layout(new Decoder().reset(bytes));
  assert.deepEqual(again.entries, list.entries);
});

test('none', () => {
  const none = new FeaList();
  none.layout(new Decoder().reset(fromHex('04000000')));
  assert.deepEqual(none.entries, []);
});
