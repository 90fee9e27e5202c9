import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isBelow } from '../path.js';
import { PathIndex } from './path-index.js';

const path = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }).map((names) => names.join('/'));
const item = fc.record({ volume: fc.constantFrom('v', 'w'), path });

test('finds what a walk over everything would find, and forgets what is taken out', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 12 }), fc.array(item, { maxLength: 12 }), item, (items, out, asked) => {
      const index = new PathIndex<(typeof items)[number]>();
      for (const each of items) index.add(each.volume, each.path, each);
      for (const each of out) index.remove(each.volume, each.path, each);
      const gone = items.slice(0, out.length);
      for (const each of gone) index.remove(each.volume, each.path, each);
      const left = items.slice(gone.length).filter(({ volume }) => volume === asked.volume);
      const sorted = (found: Iterable<object>): number[] =>
        [...found].map((each) => items.indexOf(each as (typeof items)[number])).sort((a, b) => a - b);
      const at = left.filter((each) => each.path === asked.path);
      const below = left.filter((each) => isBelow(each.path, asked.path));
      const above = left.filter((each) => each.path === asked.path || isBelow(asked.path, each.path));
      assert.deepEqual(sorted(index.at(asked.volume, asked.path)), sorted(at));
      assert.deepEqual(sorted(index.below(asked.volume, asked.path)), sorted(below));
      assert.deepEqual(sorted(index.onTheWay(asked.volume, asked.path)), sorted(above));
      for (const each of items) index.remove(each.volume, each.path, each);
      assert.equal(index.isEmpty, true);
    }),
  );
});
