import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { NtStatus } from '../erref/nt-status.js';
import { Dissector } from '../io/dissector.js';
import { Command, HeaderFlags, Smb2Header } from './header.js';

// Samba 4.17 smbd to smbclient at 2.0.2: SESSION_SETUP that needs another round; TREE_CONNECT, signed.
golden(
  Smb2Header,
  {
    status: NtStatus.MoreProcessingRequired,
    command: Command.SessionSetup,
    credits: 1,
    flags: HeaderFlags.ServerToRedir,
    messageId: 1,
    sessionId: 0x274ea71cn,
  },
  `fe534d4240000000160000c001000100010000000000000001000000000000000000000000000000
   1ca74e270000000000000000000000000000000000000000`,
);
golden(
  Smb2Header,
  {
    command: Command.TreeConnect,
    credits: 1,
    flags: HeaderFlags.ServerToRedir | HeaderFlags.Signed,
    messageId: 3,
    treeId: 0x25cb46d4,
    sessionId: 0x274ea71cn,
    signature: fromHex('d3b76878148afde9950529e0c50eca24'),
  },
  `fe534d424000000000000000030001000900000000000000030000000000000000000000d446cb25
   1ca74e2700000000d3b76878148afde9950529e0c50eca24`,
);
// By hand from the table of [MS-SMB2] 2.2.1.1: an oplock break is unsolicited, an interim response is async.
golden(
  Smb2Header,
  { command: Command.OplockBreak, flags: HeaderFlags.ServerToRedir, messageId: -1 },
  `fe534d4240000000000000001200000001000000 00000000 ffffffffffffffff 0000000000000000
   0000000000000000 00000000000000000000000000000000`,
);
golden(
  Smb2Header,
  {
    creditCharge: 1,
    status: NtStatus.Pending,
    command: Command.ChangeNotify,
    credits: 31,
    flags: HeaderFlags.ServerToRedir | HeaderFlags.AsyncCommand,
    messageId: 9,
    asyncId: 8,
    sessionId: 0xffff_ffff_ffff_fffen,
  },
  `fe534d4240000100030100000f001f0003000000 00000000 0900000000000000 0800000000000000
   feffffffffffffff 00000000000000000000000000000000`,
);

test('status, command and flags have names', () => {
  const io = new Dissector().reset(
    fromHex(`fe534d4240000000220000c003000100190000000000000003000000000000000000000000000000
             1ca74e270000000000000000000000000000000000000000`),
  );
  new Smb2Header().layout(io);
  const text = (name: string): string | undefined => io.fields.find((field) => field.name === name)?.text;
  assert.equal(text('Status'), 'STATUS_ACCESS_DENIED');
  assert.equal(text('Command'), 'TREE_CONNECT');
  assert.equal(text('Flags'), 'SERVER_TO_REDIR|SIGNED|PRIORITY_1');
});
