import assert from 'node:assert/strict';
import { test } from 'node:test';
import { golden } from '#testing/golden.js';
import { FileId } from '../../io/file-id.js';
import { LockElement, LockFlags, LockRequest, LockResponse } from './lock.js';

const at = { headerLength: 64 };
const element = (offset: bigint, length: bigint, flags: number): LockElement =>
  Object.assign(new LockElement(), { offset, length, flags });

// smbtorture 4.17.12 to smbd 4.17.12, dialect 3.1.1: smb2.lock.valid-request unlocks two ranges.
golden(
  LockRequest,
  {
    fileId: new FileId(0xdbf6a508, 0, 0x595e86c4, 0),
    locks: [element(9999n, 1n, LockFlags.Unlock), element(9999n, 1n, LockFlags.Unlock)],
  },
  `3000 0200 00000000 08a5f6db00000000c4865e5900000000
   0f27000000000000 0100000000000000 04000000 00000000 0f27000000000000 0100000000000000 04000000 00000000`,
  at,
);
golden(LockResponse, {}, '0400 0000', at);

// The widest range, from the table in 2.2.26.
golden(
  LockRequest,
  { lockSequence: 0x123, locks: [element(2n ** 64n - 1n, 2n ** 64n - 1n, 0x12)] },
  `3000 0100 23010000 ${'00'.repeat(16)} ffffffffffffffff ffffffffffffffff 12000000 00000000`,
  at,
);

test('the lock sequence is a number of 4 bits and an index of 28', () => {
  const request = Object.assign(new LockRequest(), { lockSequence: 0xffffff21 });
  assert.equal(request.lockSequenceNumber, 1);
  assert.equal(request.lockSequenceIndex, 0xffffff2);
});
