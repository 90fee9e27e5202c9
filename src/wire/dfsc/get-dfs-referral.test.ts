import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { Decoder } from '../io/decoder.js';
import { Encoder } from '../io/encoder.js';
import { Malformed } from '../io/malformed.js';
import { DfsReferral } from './dfs-referral.js';
import { GetDfsReferralResponse } from './get-dfs-referral.js';

const make = <T extends object>(type: new () => T, values: Partial<T>): T => Object.assign(new type(), values);

const ROOT = '5c003100320037002e0030002e0030002e0031005c006400660073000000';
const LINK = '5c003100320037002e0030002e0030002e0031005c006400660073005c006c0069006e006b000000';

function read(hex: string): GetDfsReferralResponse {
  const response = new GetDfsReferralResponse();
  response.layout(new Decoder().reset(fromHex(hex)));
  return response;
}

// From Samba 4.17: a root, requested at level 4.
const ROOT_V3 = `1c000100 03000000 0300 2200 0100 0000 58020000 2200 4000 5e00 ${'00'.repeat(16)} ${ROOT} ${ROOT} ${ROOT}`;
golden(
  GetDfsReferralResponse,
  {
    pathConsumed: 28,
    referralHeaderFlags: 3,
    referralEntries: [
      make(DfsReferral, {
        size: 34,
        serverType: 1,
        timeToLive: 600,
        dfsPathOffset: 34,
        dfsAlternatePathOffset: 64,
        networkAddressOffset: 94,
        dfsPath: '\\127.0.0.1\\dfs',
        dfsAlternatePath: '\\127.0.0.1\\dfs',
        networkAddress: '\\127.0.0.1\\dfs',
      }),
    ],
    stringBuffer: fromHex(ROOT + ROOT + ROOT),
  },
  ROOT_V3,
);

test('a link of two targets, as Samba tells it at level 2', () => {
  const first = '5c00660069006c006500720031005c0064006100740061000000';
  const second = '5c00660069006c006500720032005c0064006100740061005c007300750062000000';
  const hex = `26000200 02000000
    0200 1600 0000 0000 00000000 58020000 2c00 5400 7c00
    0200 1600 0000 0000 00000000 58020000 8000 a800 d000 ${LINK}${LINK}${first}${LINK}${LINK}${second}`;
  const response = read(hex);
  assert.equal(response.pathConsumed, 38);
  assert.deepEqual(
    response.referralEntries.map(({ dfsPath, networkAddress }) => [dfsPath, networkAddress]),
    [
      ['\\127.0.0.1\\dfs\\link', '\\filer1\\data'],
      ['\\127.0.0.1\\dfs\\link', '\\filer2\\data\\sub'],
    ],
  );
  assert.deepEqual(new Encoder().encode(response), fromHex(hex));
});

test('lists of names, and the oldest form', () => {
  const list = make(DfsReferral, {
    referralEntryFlags: 2,
    specialName: 'corp.example',
    expandedNames: ['\\dc1', '\\dc2.corp.example'],
  });
  const oldest = make(DfsReferral, { versionNumber: 1, networkAddress: '\\a\\b' });
  const made = make(GetDfsReferralResponse, { referralEntries: [oldest, list] });
  const back = new GetDfsReferralResponse();
  back.layout(new Decoder().reset(new Encoder().encode(made)));
  assert.equal(back.referralEntries[0]?.networkAddress, '\\a\\b');
  assert.equal(back.referralEntries[1]?.specialName, 'corp.example');
  assert.deepEqual(back.referralEntries[1]?.expandedNames, ['\\dc1', '\\dc2.corp.example']);
});

test('offsets that lead astray and too many entries are refused', () => {
  assert.throws(() => read(ROOT_V3.replace('2200 4000', '2100 4000')), Malformed);
  assert.throws(() => read(ROOT_V3.replace('5e00', '5efe')), Malformed);
  assert.throws(() => read(`0000 0101 00000000 ${'0100 0a00 0000 0000 0000'.repeat(257)}`), Malformed);
  assert.throws(() => read('0000 0100 00000000 0100 0400 0000 0000 0000'), Malformed);
});
