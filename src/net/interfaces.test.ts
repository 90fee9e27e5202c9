import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressBytes, reachableAddresses } from './interfaces.js';

test('addresses become bytes', () => {
  assert.deepEqual(addressBytes('192.0.2.1'), Uint8Array.of(192, 0, 2, 1));
  assert.deepEqual(addressBytes('::1'), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
  const linkLocal = addressBytes('fe80::1:20a%eth0');
  assert.deepEqual(linkLocal, Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0x0a));
  assert.equal(addressBytes('1:2:3:4:5:6:7:8')?.length, 16);
  assert.equal(addressBytes('name'), undefined);
});

test('who listens on one address is reached there only', () => {
  const loopback = reachableAddresses('127.0.0.1');
  assert.deepEqual(
    loopback.map(({ bytes, loopback }) => [bytes.join('.'), loopback]),
    [['127.0.0.1', true]],
  );
  const all = reachableAddresses('0.0.0.0');
  assert.ok(all.length >= 1);
  assert.ok(all.every(({ bytes }) => bytes.length === 4));
});
