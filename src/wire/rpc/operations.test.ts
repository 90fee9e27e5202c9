import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Decoder } from '../io/decoder.js';
import { Encoder } from '../io/encoder.js';
import { Malformed } from '../io/malformed.js';
import { BigEndianDecoder } from './big-endian.js';
import { dssetupOperations } from './dssetup/operations.js';
import { lsarpcOperations } from './lsarpc/operations.js';
import type { RpcOperations } from './operation.js';
import { samrOperations } from './samr/operations.js';
import { srvsvcOperations } from './srvsvc/operations.js';
import { winregOperations } from './winreg/operations.js';
import { wkssvcOperations } from './wkssvc/operations.js';

const TABLES: readonly RpcOperations[] = [
  dssetupOperations,
  lsarpcOperations,
  samrOperations,
  srvsvcOperations,
  winregOperations,
  wkssvcOperations,
];
const operations = TABLES.flatMap((table) => Object.values(table));

test('every operation writes what it reads, as it is when nothing was filled in', () => {
  assert.ok(operations.length > 120);
  for (const { name, request, response } of operations) {
    for (const Message of [request, response]) {
      const bytes = new Encoder().encode(new Message()).slice();
      const read = new Message();
      read.layout(new Decoder().reset(bytes));
      assert.deepEqual(new Encoder().encode(read).slice(), bytes, name);
    }
  }
});

test('nothing but Malformed comes out of arbitrary stubs, of either byte order', () => {
  const types = operations.flatMap(({ request, response }) => [request, response]);
  const words = fc.array(fc.oneof(fc.nat(4), fc.constantFrom(0x20000, 502, 0xffffffff), fc.nat(0xffffffff)), {
    maxLength: 48,
  });
  fc.assert(
    fc.property(fc.constantFrom(...types), words, fc.boolean(), (Message, values, big) => {
      const bytes = new Uint8Array(Uint32Array.from(values).buffer);
      try {
        new Message().layout((big ? new BigEndianDecoder() : new Decoder()).reset(bytes));
      } catch (error) {
        assert.ok(error instanceof Malformed, String(error));
      }
    }),
    { numRuns: 6000 },
  );
});
