import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DamagedRecord, decodeRecord, encodeRecord, type PersistentRecord } from './persistent-record.js';

const GUID = '66666666-7777-8888-9999-aaaaaaaaaaaa';
const record: PersistentRecord = {
  id: { low: 1, high: 0xffff_ffff },
  share: 'docs',
  volume: '00c0ffee',
  path: 'a/ö b',
  stream: 's',
  next: { path: 'a/c', stream: '' },
  file: (1n << 64n) - 1n,
  born: 132_000_000_000_000_000n,
  access: 0x0012_0089,
  shareAccess: 7,
  options: 0x40,
  action: 2,
  deleteOnClose: true,
  deletePending: false,
  owner: 'ann',
  client: GUID,
  createGuid: GUID,
  timeoutMs: 60_000,
  caching: { state: 7, lease: { client: GUID, key: GUID, version: 2, epoch: 3 } },
  locks: [{ offset: 0n, length: (1n << 64n) - 1n, exclusive: true }],
  lockSequences: [255, 0, 15],
  app: { id: GUID, client: GUID, version: (1n << 128n) - 1n },
};

test('a record comes back as it was, with all that it may have and without', () => {
  assert.deepEqual(decodeRecord(encodeRecord(record)), record);
  const { caching, lockSequences, app, next, ...least } = { ...record, locks: [] };
  assert.deepEqual(decodeRecord(encodeRecord(least)), least);
  const oplock = { ...least, caching: { state: 7 } };
  assert.deepEqual(decodeRecord(encodeRecord(oplock)), oplock);
});

test('whatever else it says, it is a record or a DamagedRecord', () => {
  const text = new TextDecoder().decode(encodeRecord(record));
  const reads = (changed: string | Uint8Array): boolean => {
    try {
      decodeRecord(typeof changed === 'string' ? new TextEncoder().encode(changed) : changed);
      return true;
    } catch (error) {
      assert.ok(error instanceof DamagedRecord, `${error} of ${changed}`);
      return false;
    }
  };
  assert.equal(reads(text), true);
  const values = ['null', '-1', '1.5', '1e99', '"x"', '""', '[]', '{}', 'true', '"../x"', '"a//b"', '"a\\u0000"'];
  const flat = JSON.parse(text) as Record<string, unknown>;
  for (const key of Object.keys(flat)) {
    const { [key]: _, ...rest } = flat;
    reads(JSON.stringify(rest));
    for (const value of values) reads(JSON.stringify({ ...rest, [key]: JSON.parse(value) }));
  }
  for (let i = 0; i < text.length; i++) {
    reads(text.slice(0, i));
    for (const character of '"{[0,\\') reads(text.slice(0, i) + character + text.slice(i + 1));
  }
  for (const path of ['', '/', 'a/', '/a', '.', 'a/../b', 'a\\b', 'a\0']) {
    assert.equal(reads(JSON.stringify({ ...flat, path })), false, path);
  }
  assert.equal(reads(JSON.stringify({ ...flat, version: 2 })), false);
  assert.equal(reads(JSON.stringify({ ...flat, locks: [[flat.file, '18446744073709551616', true]] })), false);
  assert.equal(reads(Uint8Array.of(0xff, 0xfe)), false);
});
