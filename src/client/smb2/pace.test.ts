import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from './pace.js';

const MIB = 1024 * 1024;
const sizes = ({ readSize, writeSize }: Pace): [number, number] => [readSize, writeSize];

test('reads are large at once, writes as soon as the way has proved to be quick', () => {
  const pace = new Pace({ maxRead: 8 * MIB, maxWrite: 8 * MIB }, () => 8192);
  assert.deepEqual(sizes(pace), [4 * MIB, MIB]);
  pace.wrote(65_536, 1);
  assert.equal(pace.writeSize, MIB, 'a small one proves nothing');
  pace.wrote(MIB, 249);
  assert.equal(pace.writeSize, 2 * MIB);
  pace.wrote(MIB, 10);
  assert.equal(pace.writeSize, 2 * MIB, 'one of before');
  for (let i = 0; i < 5; i++) pace.wrote(4 * MIB, 100);
  assert.equal(pace.writeSize, 4 * MIB);
  pace.wrote(4 * MIB, 1000);
  assert.equal(pace.writeSize, 4 * MIB);
  pace.wrote(4 * MIB, 2001);
  assert.equal(pace.writeSize, MIB);
});

test('never more than the server takes, nor than two requests have credits for', () => {
  const old = new Pace({ maxRead: 65_536, maxWrite: 32_768 }, () => 8192);
  assert.deepEqual(sizes(old), [65_536, 32_768]);
  let credits = 1;
  const poor = new Pace({ maxRead: 8 * MIB, maxWrite: 8 * MIB }, () => credits);
  assert.deepEqual(sizes(poor), [65_536, 65_536]);
  credits = 9;
  assert.deepEqual(sizes(poor), [262_144, 262_144]);
  credits = 128;
  assert.deepEqual(sizes(poor), [4 * MIB, MIB]);
});
