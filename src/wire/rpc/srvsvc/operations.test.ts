import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, golden } from '#testing/golden.js';
import { Decoder } from '../../io/decoder.js';
import { Dissector, type Field } from '../../io/dissector.js';
import { Encoder } from '../../io/encoder.js';
import { Malformed } from '../../io/malformed.js';
import { NetApiStatus } from './interface.js';
import { NetrRemoteTodRequest, NetrRemoteTodResponse, TimeOfDayInfo } from './netr-remote-tod.js';
import { NetrServerGetInfoRequest, NetrServerGetInfoResponse } from './netr-server-get-info.js';
import { NetrShareEnumRequest, NetrShareEnumResponse, ShareEnumStruct } from './netr-share-enum.js';
import { NetrShareGetInfoRequest, NetrShareGetInfoResponse } from './netr-share-get-info.js';
import { srvsvcOperations } from './operations.js';
import { ServerInfo } from './server-info.js';
import { ShareInfo, ShareType } from './share-info.js';

const make = <T extends object>(type: new () => T, values: Partial<T>): T => Object.assign(new type(), values);
const share = (values: Partial<ShareInfo>): ShareInfo => make(ShareInfo, values);
const SERVER = '00000200 0a000000 00000000 0a000000 3100320037002e0030002e0030002e0031000000';
const IPC = 'IPC Service (Samba 4.17.12-Debian)';

// All of these: rpcclient 4.17.12 and smbd 4.17.12.
golden(
  NetrShareEnumRequest,
  { serverName: '127.0.0.1' },
  `${SERVER} 01000000 01000000 04000200 00000000 00000000 ffffffff 08000200 00000000`,
);
// smbd numbers its pointers differently, hence sameBytes.
golden(
  NetrShareEnumResponse,
  {
    infoStruct: make(ShareEnumStruct, {
      level: 1,
      entries: [
        share({ netname: 'share', remark: 'test share' }),
        share({ netname: 'share2', remark: '' }),
        share({ netname: 'share-encrypted', remark: '' }),
        share({ netname: 'unix', remark: '' }),
        share({ netname: 'ro', remark: '' }),
        share({ netname: 'guest', remark: '' }),
        share({ netname: 'IPC$', type: ShareType.Special + ShareType.Ipc, remark: IPC }),
      ],
    }),
    totalEntries: 7,
    resumeHandle: null,
  },
  `010000000100000008000200070000000c00020007000000100002000000000014000200180002000000
   00001c00020020000200000000002400020028000200000000002c0002003000020000000000340002003800020000
   0000003c0002004000020003000080440002000600000000000000060000007300680061007200650000000b000000
   000000000b0000007400650073007400200073006800610072006500000000000700000000000000070000007300680
   061007200650032000000000001000000000000000100000000000000100000000000000010000000730068006100720
   065002d0065006e0063007200790070007400650064000000010000000000000001000000000000000500000000000000
   0500000075006e0069007800000000000100000000000000010000000000000003000000000000000300000072006f000
   00000000100000000000000010000000000000006000000000000000600000067007500650073007400000001000000000
   0000001000000000000000500000000000000050000004900500043002400000000002300000000000000230000004900500
   043002000530065007200760069006300650020002800530061006d0062006100200034002e00310037002e00310032002d
   00440065006200690061006e00290000000000070000000000000000000000`,
  { sameBytes: false },
);
golden(
  NetrShareGetInfoRequest,
  { serverName: '127.0.0.1', netName: 'share', level: 2 },
  `${SERVER} 06000000 00000000 06000000 730068006100720065000000 02000000`,
);
golden(
  NetrShareGetInfoResponse,
  {
    level: 2,
    info: share({ netname: 'share', remark: 'test share', path: 'C:\\tmp\\cap3\\d\\share', passwd: '' }),
  },
  `02000000 04000200 08000200 00000000 0c000200 00000000 ffffffff 00000000 10000200 14000200
   06000000 00000000 06000000 730068006100720065000000
   0b000000 00000000 0b000000 74006500730074002000730068006100720065000000 0000
   14000000 00000000 14000000 43003a005c0074006d0070005c0063006100700033005c0064005c00730068006100720065000000
   01000000 00000000 01000000 0000 0000 00000000`,
  { sameBytes: false },
);
golden(NetrShareGetInfoResponse, { level: 1, status: NetApiStatus.ErrorInvalidName }, '01000000 00000000 7b000000');
golden(
  NetrServerGetInfoRequest,
  { serverName: '\\\\127.0.0.1' },
  `00000200 0c000000 00000000 0c000000 5c005c003100320037002e0030002e0030002e0031000000 65000000`,
);
golden(
  NetrServerGetInfoResponse,
  {
    info: make(ServerInfo, {
      name: 'BASELINE',
      versionMajor: 6,
      versionMinor: 1,
      type: 0x809a03,
      comment: 'Samba 4.17.12-Debian',
    }),
  },
  `65000000 04000200 f4010000 08000200 06000000 01000000 039a8000 0c000200
   09000000 00000000 09000000 42004100530045004c0049004e0045000000 0000
   15000000 00000000 15000000 530061006d0062006100200034002e00310037002e00310032002d00440065006200690061006e000000
   0000 00000000`,
  { sameBytes: false },
);
golden(
  NetrRemoteTodRequest,
  { serverName: '\\\\127.0.0.1' },
  '00000200 0c000000 00000000 0c000000 5c005c003100320037002e0030002e0030002e0031000000',
);
golden(
  NetrRemoteTodResponse,
  {
    info: make(TimeOfDayInfo, {
      elapsedt: 1795431040,
      hours: 10,
      mins: 50,
      secs: 40,
      tinterval: 10000,
      day: 23,
      month: 11,
      year: 2026,
      weekday: 1,
    }),
  },
  `04000200 801a046b 00000000 0a000000 32000000 28000000 00000000 00000000 10270000 17000000 0b000000 ea070000
   01000000 00000000`,
  { sameBytes: false },
);

const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 12 }).filter((s) => !s.endsWith('\0')));
const u32 = fc.nat(0xffffffff);
const shares = fc.array(
  fc.record({
    netname: text,
    type: u32,
    remark: text,
    permissions: u32,
    maxUses: u32,
    currentUses: u32,
    path: text,
    passwd: text,
    flags: u32,
    securityDescriptor: fc.uint8Array({ maxLength: 9 }),
  }),
  { maxLength: 6 },
);

test('shares of every level come back as they went', () => {
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 2, 501, 502, 1005), shares, (level, entries) => {
      const encode = (message: NetrShareEnumResponse): Uint8Array => new Encoder().encode(message).slice();
      const sent = make(NetrShareEnumResponse, {
        infoStruct: make(ShareEnumStruct, { level, entries: entries.map((entry) => share(entry)) }),
      });
      const bytes = encode(sent);
      const read = new NetrShareEnumResponse();
      read.layout(new Decoder().reset(bytes));
      assert.equal(read.infoStruct.entries.length, entries.length);
      assert.deepEqual(encode(read), bytes);
      if (level === 502) {
        const { flags: _, ...rest } = share({});
        for (const [i, entry] of read.infoStruct.entries.entries()) {
          for (const key of Object.keys(rest) as (keyof typeof rest)[]) assert.deepEqual(entry[key], entries[i]?.[key]);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('nothing but Malformed comes out of arbitrary stubs', () => {
  const types = Object.values(srvsvcOperations).flatMap((operation) => [operation.request, operation.response]);
  assert.ok(types.length >= 40);
  const words = fc.array(fc.oneof(fc.nat(3), fc.constantFrom(0x20000, 501, 502, 0xffffffff), u32), { maxLength: 40 });
  fc.assert(
    fc.property(fc.constantFrom(...types), words, (type, values) => {
      const bytes = new Uint8Array(Uint32Array.from(values).buffer);
      try {
        new type().layout(new Decoder().reset(bytes));
      } catch (error) {
        assert.ok(error instanceof Malformed, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test('announced and present counts must agree', () => {
  const read = (hex: string): void => new NetrShareEnumResponse().layout(new Decoder().reset(fromHex(hex)));
  const head = '00000000 00000000 00000200';
  assert.throws(() => read(`${head} 02000000 04000200 01000000 00000000 00000000`), Malformed);
  assert.throws(() => read(`${head} ffffffff 04000200 ffffffff 00000000 00000000`), Malformed);
});

test('a level that nobody knows leaves the union empty', () => {
  const request = new NetrShareGetInfoResponse();
  request.layout(new Decoder().reset(fromHex('e7030000 7c000000')));
  assert.deepEqual([request.level, request.info, request.status], [999, null, NetApiStatus.ErrorInvalidLevel]);
});

test('the dissector shows the fields by the names of the specification', () => {
  const message = make(NetrShareEnumResponse, {
    infoStruct: make(ShareEnumStruct, { entries: [share({ netname: 'a', type: 0x80000003 })] }),
  });
  const io = new Dissector().reset(new Encoder().encode(message));
  new NetrShareEnumResponse().layout(io);
  const find = (fields: readonly Field[], name: string): Field[] =>
    fields.flatMap((f) => [...(f.name === name ? [f] : []), ...find(f.children ?? [], name)]);
  assert.equal(find(io.fields, 'shi1_type')[0]?.text, 'STYPE_IPC|STYPE_SPECIAL');
  assert.deepEqual(find(io.fields, 'Buffer[0]').length, 1);
});
