import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAME_HEADER, joined } from '#engine/frame-port.js';
import { compose } from '#engine/smb2/compose.js';
import type { Incoming } from '#engine/smb2/split.js';
import { Encoder } from '#wire/io/encoder.js';
import { FileId } from '#wire/io/file-id.js';
import { OplockLevel } from '#wire/smb2/command/create.js';
import {
  LeaseBreakFlags,
  LeaseBreakNotification,
  OplockBreak,
  OplockBreakResponse,
} from '#wire/smb2/command/oplock-break.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';
import { Command, Smb2Header } from '#wire/smb2/header.js';
import type { CachingBreak } from '../protocol.js';
import { Breaks } from './breaks.js';

const { ReadCaching: R, WriteCaching: W, HandleCaching: H } = LeaseState;
const MAX_EARLY = 64;

function message(body: OplockBreak | LeaseBreakNotification): Incoming {
  const header = Object.assign(new Smb2Header(), { command: Command.OplockBreak, messageId: -1 });
  const parts = compose(
    new Encoder(),
    [{ header, body: Object.assign(new OplockBreakResponse(), { body }), signWith: undefined }],
    false,
  );
  return { header, bytes: joined(parts).subarray(FRAME_HEADER) };
}

const fileId = (number: number): FileId => new FileId(number, 0, number, 0);

function oplockBreak(number: number, oplockLevel: number = OplockLevel.None): Incoming {
  return message(Object.assign(new OplockBreak(), { oplockLevel, fileId: fileId(number) }));
}

function leaseBreak(leaseKey: string, newLeaseState: number): Incoming {
  const flags = LeaseBreakFlags.AckRequired;
  return message(Object.assign(new LeaseBreakNotification(), { leaseKey, newLeaseState, flags }));
}

/** An open that records its breaks. */
function holder(number: number, leaseKey?: string) {
  const heard: CachingBreak[] = [];
  return {
    fileId: fileId(number),
    leaseKey,
    granted: R | W | H,
    heard,
    broken: (e: CachingBreak) => void heard.push(e),
  };
}

test('a break that comes before the answer to its CREATE reaches the open, the last one of several', () => {
  const breaks = new Breaks();
  breaks.take(oplockBreak(1, OplockLevel.Ii));
  breaks.take(oplockBreak(1));
  const open = holder(1);
  breaks.enter(open);
  assert.deepEqual(open.heard, [{ from: R | W | H, to: 0, mustAcknowledge: true }]);
  const key = 'aaaaaaaa-0000-0000-0000-000000000001';
  breaks.take(leaseBreak(key, R));
  const leased = holder(2, key);
  breaks.enter(leased);
  assert.deepEqual(leased.heard, [{ from: R | W | H, to: R, mustAcknowledge: true }]);
  // That break was for the first open, and not for one that comes later.
  breaks.leave(leased);
  const later = holder(3, key);
  breaks.enter(later);
  assert.deepEqual(later.heard, []);
});

test('breaks that nobody asked for are kept up to a number, the oldest are forgotten', () => {
  const breaks = new Breaks();
  for (let number = 1; number <= 100_000; number++) breaks.take(oplockBreak(number));
  const opens = [1, 100_000 - MAX_EARLY, 100_001 - MAX_EARLY, 100_000].map((number) => holder(number));
  for (const open of opens) breaks.enter(open);
  assert.deepEqual(
    opens.map(({ heard }) => heard.length),
    [0, 0, 1, 1],
  );
});

test('a break is acknowledged once, by whoever of the lease is first', () => {
  const breaks = new Breaks();
  const key = 'aaaaaaaa-0000-0000-0000-000000000002';
  const [one, two] = [holder(1, key), holder(2, key)];
  breaks.enter(one);
  breaks.enter(two);
  breaks.take(leaseBreak(key, R | H));
  for (const { heard } of [one, two]) assert.deepEqual(heard, [{ from: R | W | H, to: R | H, mustAcknowledge: true }]);
  assert.ok(breaks.acknowledgment(two, R | H));
  assert.equal(breaks.acknowledgment(one, R | H), undefined);
  assert.equal(breaks.stateOf(one), R | H);
});
