import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { Decoder } from '../io/decoder.js';
import { AvFlag, AvId, AvPair, AvPairs } from './av-pair.js';
import { dissectNtlm } from './dissect.js';
import { AuthenticateMessage, ChallengeMessage, NegotiateMessage } from './messages.js';
import { Lmv2Response, MessageSignature, Ntlmv2ClientChallenge } from './responses.js';
import { Version } from './version.js';

const version = Object.assign(new Version(), {
  productMajorVersion: 6,
  productMinorVersion: 0,
  productBuild: 6000,
  ntlmRevisionCurrent: 15,
});
const xp = Object.assign(new Version(), {
  productMajorVersion: 5,
  productMinorVersion: 1,
  productBuild: 2600,
  ntlmRevisionCurrent: 15,
});
const TARGET_INFO = '02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000';

// [MS-NLMP] 4.2.4.3.
golden(
  ChallengeMessage,
  {
    negotiateFlags: 0xe28a8233,
    serverChallenge: fromHex('0123456789abcdef'),
    targetName: 'Server',
    targetInfo: fromHex(TARGET_INFO),
    version: Object.assign(new Version(), { ...version, productBuild: 0x1770 }),
  },
  `4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef00000000000000002400240044000000
   060070170000000f530065007200760065007200${TARGET_INFO}`,
);

// [MS-NLMP] 4.2.4.3: VERSION, but no MIC.
golden(
  AuthenticateMessage,
  {
    negotiateFlags: 0xe2888235,
    lmChallengeResponse: fromHex('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa'),
    ntChallengeResponse:
      fromHex(`68cd0ab851e51c96aabc927bebef6a1c01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000
      ${TARGET_INFO}00000000`),
    domainName: 'Domain',
    userName: 'User',
    workstation: 'COMPUTER',
    encryptedRandomSessionKey: fromHex('c5dad2544fc9799094ce1ce90bc9d03e'),
    version: xp,
    hasMic: false,
  },
  `4e544c4d5353500003000000180018006c00000054005400840000000c000c00480000000800080054000000100010005c000000
   10001000d8000000358288e20501280a0000000f44006f006d00610069006e00550073006500720043004f004d00500055005400
   4500520086c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa68cd0ab851e51c96aabc927bebef6a1c0101000000000000
   0000000000000000aaaaaaaaaaaaaaaa00000000${TARGET_INFO}00000000c5dad2544fc9799094ce1ce90bc9d03e`,
);

golden(
  NegotiateMessage,
  { negotiateFlags: 0x3202, domainName: 'DOM', workstationName: 'WS', hasVersion: false, payloadOrder: [1, 0] },
  '4e544c4d535350000100000002320000 0300030022000000 0200020020000000 5753 444f4d',
);

golden(
  AvPairs,
  {
    pairs: [
      AvPair.text(AvId.TargetName, 'cifs/x'),
      AvPair.flags(AvFlag.MicPresent),
      AvPair.timestamp(0x01d0aecbadf5a1a1n),
      AvPair.bytes(AvId.ChannelBindings, new Uint8Array(16)),
      AvPair.bytes(77, Uint8Array.of(1, 2, 3)),
    ],
  },
  `09000c0063006900660073002f007800 0600040002000000 07000800a1a1f5adcbaed001 0a001000${'00'.repeat(16)} 4d000300010203 00000000`,
);

golden(
  Ntlmv2ClientChallenge,
  {
    challengeFromClient: new Uint8Array(8).fill(0xaa),
    avPairs: AvPairs.of(AvPair.text(AvId.NbDomainName, 'Domain'), AvPair.text(AvId.NbComputerName, 'Server')),
    padding: new Uint8Array(4),
  },
  `01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000${TARGET_INFO}00000000`,
);

golden(Lmv2Response, { challengeFromClient: new Uint8Array(8).fill(1) }, `${'00'.repeat(16)}0101010101010101`);

// [MS-NLMP] 4.2.4.4.
golden(MessageSignature, { checksum: fromHex('7fb38ec5c55d4976') }, '010000007fb38ec5c55d497600000000');

test('a list of pairs may lack its end', () => {
  const pairs = new AvPairs();
  pairs.layout(new Decoder().reset(fromHex('0600040001000000')));
  assert.equal(pairs.find(AvId.Flags)?.flags, 1);
});

test('messages that are none are shown as bytes', () => {
  assert.equal(dissectNtlm(fromHex('4e544c4d5353500009000000')).fields[0]?.name, 'NTLM');
  assert.equal(dissectNtlm(new Uint8Array(0)).fields[0]?.size, 0);
  assert.equal(dissectNtlm(fromHex('4e544c4d535350000200000000')).malformed?.field, 'TargetNameLen');
});
