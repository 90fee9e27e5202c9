import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { GetDfsReferralResponse } from '../dfsc/get-dfs-referral.js';
import { Decoder } from '../io/decoder.js';
import { Encoder } from '../io/encoder.js';
import { EmptyBlock } from './block.js';
import { NegotiateResponse } from './command/negotiate.js';
import { SessionSetupAndXRequest } from './command/session-setup-andx.js';
import { TransactionSecondaryRequest } from './command/transaction.js';
import { Commands, commandRow } from './commands.js';
import { FindInfoStandardList } from './info/find-info-standard.js';
import { fsccClassOf, LEVEL_NAMES, levelOf, QueryLevel } from './info-levels.js';
import { NotifyChangeSetup } from './nt-transact/notify-change.js';
import { FindFirst2Response, FindNext2Request } from './trans2/find.js';

golden(EmptyBlock, {}, '000000', { headerLength: 32 });

golden(
  FindNext2Request,
  { sid: 0x1234, searchCount: 100, informationLevel: 0x104, resumeKey: 5, flags: 8, fileName: 'ab' },
  '3412 6400 0401 05000000 0800 6100 6200 0000',
);
golden(FindFirst2Response, { sid: 1, searchCount: 2, endOfSearch: 1, lastNameOffset: 96 }, '0100 0200 0100 0000 6000');
golden(NotifyChangeSetup, { completionFilter: 0x17, fid: 0x4001, watchTree: 1 }, '17000000 0140 01 00');

// [MS-CIFS] 2.2.4.52.2 for a LAN Manager dialect, as in [SMB-LM21].
golden(
  NegotiateResponse,
  {
    wordCount: 13,
    dialectIndex: 2,
    securityMode: 3,
    maxBufferSize: 4356,
    maxMpxCount: 50,
    maxNumberVcs: 1,
    sessionKey: 7,
    serverTime: 0x6cb5,
    serverDate: 0x505d,
    serverTimeZone: -60,
    challenge: fromHex('0102030405060708'),
    domainName: 'W',
  },
  `0d 0200 0300 0411 3200 0100 0000 07000000 b56c 5d50 c4ff 0800 0000 0b00 0102030405060708 5700 00`,
  { headerLength: 32, unicode: false },
);

golden(
  SessionSetupAndXRequest,
  {
    wordCount: 10,
    maxBufferSize: 4356,
    maxMpxCount: 2,
    oemPassword: fromHex('5000'),
    accountName: 'A',
    primaryDomain: 'D',
    nativeOs: 'O',
    nativeLanMan: 'L',
  },
  '0a ff00 0000 0411 0200 0000 00000000 0200 00000000 0a00 5000 4100 4400 4f00 4c00',
  { headerLength: 32, unicode: false },
);

golden(
  TransactionSecondaryRequest,
  { totalParameterCount: 4, totalDataCount: 9, dataDisplacement: 8, data: fromHex('ff'), parameterDisplacement: 4 },
  '08 0400 0900 0000 3400 0400 0100 3400 0800 0200 00 ff',
  { headerLength: 32 },
);

test('entries of the older find levels', () => {
  for (const [unicode, keys, eas] of [
    [true, true, false],
    [false, false, false],
    [true, false, true],
    [false, true, true],
  ] as const) {
    const list = new FindInfoStandardList(2, keys, eas);
    const entry = (): FindInfoStandardList['entries'][number] => {
      const only = new FindInfoStandardList(1, keys, eas);
      const reader = new Decoder();
      reader.unicode = unicode;
      only.layout(reader.reset(new Uint8Array(64)));
      const made = only.entries[0]!;
      made.fileName = 'abc.txt';
      made.fileDataSize = 9;
      return made;
    };
    list.entries = [entry(), entry()];
    const io = new Encoder();
    io.unicode = unicode;
    const bytes = io.encode(list).slice();
    const back = new FindInfoStandardList(2, keys, eas);
    const reader = new Decoder();
    reader.unicode = unicode;
    back.layout(reader.reset(bytes));
    assert.deepEqual(back.entries, list.entries);
    assert.equal(reader.left, 0);
  }
});

test('a DFS referral', () => {
  // [MS-DFSC] 2.2.5.3: V3, 34 bytes, followed by three strings.
  const bytes = fromHex(
    `0400 0100 02000000 0300 2200 0000 0000 2c010000 2200 2600 2a00 ${'00'.repeat(16)} 6100 0000 6200 0000 6300 0000`,
  );
  const response = new GetDfsReferralResponse();
  response.layout(new Decoder().reset(bytes));
  const [referral] = response.referralEntries;
  assert.ok(referral);
  assert.deepEqual(
    [referral.timeToLive, referral.dfsPath, referral.dfsAlternatePath, referral.networkAddress],
    [300, 'a', 'b', 'c'],
  );
});

test('levels and classes', () => {
  assert.equal(fsccClassOf('find', 0x104), 3);
  assert.equal(fsccClassOf('query', 1018), 18);
  assert.equal(fsccClassOf('query', QueryLevel.QueryFileAllInfo), undefined);
  assert.equal(levelOf('queryFs', 5), 0x105);
  assert.equal(LEVEL_NAMES.query[0x107], 'SMB_QUERY_FILE_ALL_INFO');
});

test('the table of commands', () => {
  assert.ok(Object.keys(Commands).length > 30);
  for (const row of Object.values(Commands)) assert.equal(commandRow(row.code), row);
  assert.equal(Commands.NtCreateAndX.name, 'SMB_COM_NT_CREATE_ANDX');
});
