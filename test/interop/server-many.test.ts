import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requirePeer } from '#testing/peers.js';
import { listMany } from './many.js';

const ENTRIES = 50_000;
const MORE_AT_MOST = 128 * 1024 * 1024;

test(`a directory of ${ENTRIES} files is listed completely while it changes`, async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  for (const listing of await listMany(t, ENTRIES, () => undefined)) {
    const { by, named, missing, twice, invented, rssBefore, rssMost } = listing;
    assert.deepEqual({ by, missing, twice, invented }, { by, missing: 0, twice: 0, invented: 0 });
    assert.ok(named >= ENTRIES, `${by} names ${named}`);
    assert.ok(rssMost - rssBefore < MORE_AT_MOST, `${by}: ${rssMost - rssBefore} more bytes of memory`);
  }
});
