import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { Decoder } from '../../io/decoder.js';
import { Malformed } from '../../io/malformed.js';
import {
  MountPointReparseData,
  RawReparseData,
  ReparseData,
  ReparsePointHeader,
  ReparseTag,
  SymbolicLinkReparseData,
  SymlinkFlags,
} from './reparse-data.js';

// From the tables in [MS-FSCC] 2.1.2.
golden(
  ReparseData,
  {
    data: Object.assign(new SymbolicLinkReparseData(), {
      substituteName: '..\\a',
      printName: 'a',
      flags: SymlinkFlags.Relative,
    }),
  },
  '0c0000a0 1600 0000 0000 0800 0800 0200 01000000 2e002e005c006100 6100',
);
golden(
  ReparseData,
  {
    reparseTag: ReparseTag.MountPoint,
    data: Object.assign(new MountPointReparseData(), { substituteName: '\\??\\C:\\', printName: 'C:\\' }),
  },
  '030000a0 2000 0000 0000 0e00 1000 0600 5c003f003f005c0043003a005c00 0000 43003a005c00 0000',
);
golden(
  ReparseData,
  { reparseTag: ReparseTag.Wof, data: Object.assign(new RawReparseData(), { dataBuffer: fromHex('0102') }) },
  '17000080 0200 0000 0102',
);
golden(
  ReparseData,
  {
    reparseTag: 0x00000123,
    reparseGuid: '03020100-0504-0706-0809-0a0b0c0d0e0f',
    data: Object.assign(new RawReparseData(), { dataBuffer: fromHex('ff') }),
  },
  '23010000 0100 0000 000102030405060708090a0b0c0d0e0f ff',
);

golden(ReparsePointHeader, {}, '0c0000a0 0000 0000');
golden(
  ReparsePointHeader,
  { reparseTag: 0x00000123, reparseGuid: '03020100-0504-0706-0809-0a0b0c0d0e0f' },
  '23010000 0000 0000 000102030405060708090a0b0c0d0e0f',
);

test('names are found wherever the peer put them, and nowhere else', () => {
  const read = (hex: string): SymbolicLinkReparseData => {
    const data = new SymbolicLinkReparseData();
    data.layout(new Decoder().reset(fromHex(hex)));
    return data;
  };
  // As in Windows, the print name comes first.
  const link = read('0200 0200 0000 0200 00000000 6100 6200');
  assert.deepEqual([link.substituteName, link.printName], ['b', 'a']);
  assert.throws(() => read('0200 0400 0000 0200 00000000 6100 6200'), Malformed);
});
