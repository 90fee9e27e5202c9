import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { Decoder } from '../../io/decoder.js';
import { FileId } from '../../io/file-id.js';
import { Malformed } from '../../io/malformed.js';
import {
  LeaseBreak,
  LeaseBreakNotification,
  OplockBreak,
  OplockBreakRequest,
  OplockBreakResponse,
} from './oplock-break.js';

const at = { headerLength: 64 };

// smbtorture 4.17.12 and smbd 4.17.12, dialect 3.1.1: smb2.oplock.exclusive2 and smb2.lease.break.
const OPLOCK = '1800 01 00 00000000 bdc4041a0000000055d84d1300000000';
const LEASE = '2400 0000 00000000 0df0dde0fe0fdcbaf20f221f01f02345 01000000 0000000000000000';
const NOTIFICATION = `2c00 0000 01000000 0df0dde0fe0fdcbaf20f221f01f02345 05000000 01000000
  00000000 00000000 00000000`;

const leaseKey = 'e0ddf00d-0ffe-badc-f20f-221f01f02345';
const oplock = { oplockLevel: 1, fileId: new FileId(0x1a04c4bd, 0, 0x134dd855, 0) };
const lease = { leaseKey, leaseState: 1 };
const notification = { flags: 1, leaseKey, currentLeaseState: 5, newLeaseState: 1 };

golden(OplockBreak, oplock, OPLOCK, at);
golden(LeaseBreak, lease, LEASE, at);
golden(LeaseBreakNotification, notification, NOTIFICATION, at);
golden(OplockBreakRequest, { body: Object.assign(new OplockBreak(), oplock) }, OPLOCK, at);
golden(OplockBreakRequest, { body: Object.assign(new LeaseBreak(), lease) }, LEASE, at);
golden(OplockBreakResponse, { body: Object.assign(new OplockBreak(), oplock) }, OPLOCK, at);
golden(OplockBreakResponse, { body: Object.assign(new LeaseBreak(), lease) }, LEASE, at);
golden(OplockBreakResponse, { body: Object.assign(new LeaseBreakNotification(), notification) }, NOTIFICATION, at);

test('another StructureSize is malformed, and a client sends no notification', () => {
  const decode = (message: OplockBreakRequest | OplockBreakResponse, hex: string): void =>
    message.layout(new Decoder().reset(fromHex(hex)));
  assert.throws(() => decode(new OplockBreakResponse(), `1900${'00'.repeat(60)}`), Malformed);
  assert.throws(() => decode(new OplockBreakRequest(), NOTIFICATION), Malformed);
});
