import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '#testing/golden.js';
import { Sid } from '../dtyp/sid.js';
import { NtStatus } from '../erref/nt-status.js';
import { Decoder } from '../io/decoder.js';
import { Encoder } from '../io/encoder.js';
import type { Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import {
  LsarEnumerateTrustedDomainsResponse,
  LsarLookupNamesRequest,
  LsarLookupNamesResponse,
  LsarLookupSidsRequest,
  LsarLookupSidsResponse,
} from './lsarpc/lookup.js';
import {
  LsarGetUserNameRequest,
  LsarGetUserNameResponse,
  LsarOpenPolicyRequest,
  LsarQueryInformationPolicyResponse,
} from './lsarpc/policy.js';
import { SamrConnect5Request, SamrConnect5Response, SamrLookupDomainRequest, SamrSidResponse } from './samr/connect.js';
import { SamrQueryInformationDomainResponse } from './samr/domain-info.js';
import {
  SamrEnumerateResponse,
  SamrLookupNamesRequest,
  SamrLookupNamesResponse,
  SamrQueryDisplayInformationResponse,
} from './samr/lists.js';
import { SamrQueryInformationUserResponse } from './samr/user-info.js';

const sid = (text: string): Sid => Sid.parse(text);
const MACHINE = 'S-1-5-21-4034487934-2561907070-1184315975';

/** Checks with `look` what a stub, recorded from rpcclient 4.17.12 or smbd 4.17.12, decodes to. */
function recorded<T extends Wire>(
  Message: new () => T,
  look: (message: T) => unknown,
  seen: unknown,
  hex: string,
): void {
  const read = (bytes: Uint8Array): T => {
    const message = new Message();
    message.layout(new Decoder().reset(bytes));
    return message;
  };
  test(`recorded ${Message.name}`, () => {
    const bytes = fromHex(hex);
    assert.deepEqual(look(read(bytes)), seen);
    const again = new Encoder().encode(read(bytes)).slice();
    assert.deepEqual(look(read(again)), seen, 'after being written again');
    for (let cut = 0; cut < bytes.length; cut++) {
      try {
        read(bytes.slice(0, cut));
      } catch (error) {
        assert.ok(error instanceof Malformed, `cut at ${cut}: ${String(error)}`);
      }
    }
  });
}

recorded(
  LsarOpenPolicyRequest,
  (m) => [m.systemName, m.desiredAccess],
  ['\\', 0x800],
  '000002005c0000001800000000000000000000000000000000000000040002000c0000000200010000080000',
);
recorded(
  LsarLookupNamesRequest,
  (m) => [m.handle.uuid, m.names, m.lookupLevel],
  ['e38efe42-62a3-46d8-8032-960ffaddedaf', ['games', 'Everyone'], 1],
  `0100000042fe8ee3a362d8468032960ffaddedaf02000000020000000a000a00000002001000100004000200050000000000000005000000
   670061006d00650073000000080000000000000008000000450076006500720079006f006e00650000000000000000000100000000000000`,
);
recorded(
  LsarLookupNamesResponse,
  (m) => [
    m.referencedDomains?.map(({ name, sid: domain }) => [name, String(domain)]),
    m.translatedSids.map(({ use, relativeId, domainIndex }) => [use, relativeId, domainIndex]),
    m.mappedCount,
    m.status,
  ],
  [
    [
      ['TORTURE', MACHINE],
      ['', 'S-1-1'],
    ],
    [
      [1, 1000, 0],
      [5, 0, 1],
    ],
    2,
    0,
  ],
  `08000200020000000c00020020000000020000000e001000100002001400020000000200180002001c000200080000000000000007000000
   54004f00520054005500520045000000040000000104000000000005150000007e6679f07e99b398473a97460100000000000000000000000
   0000000010000000000000102000000200002000200000001000000e8030000000000000500000000000000010000000200000000000000`,
);
recorded(
  LsarLookupSidsRequest,
  (m) => m.sids.map(String),
  ['S-1-5-18', 'S-1-5-21-1-2-3-500'],
  `0100000057a6a9aab81da343b2baf720c6cbb148020000000000020002000000040002000800020001000000010100000000000512000000
   05000000010500000000000515000000010000000200000003000000f401000000000000000000000100000000000000`,
);
recorded(
  LsarLookupSidsResponse,
  (m) => [m.translatedNames.map(({ use, name, domainIndex }) => [use, name, domainIndex]), m.status],
  [
    [
      [5, 'SYSTEM', 0],
      [8, 'S-1-5-21-1-2-3-500', -1],
    ],
    NtStatus.SomeNotMapped,
  ],
  `0c0002000200000010000200200000000200000018001a001400020018000200000002001c000200200002000d000000000000000c000000
   4e005400200041007500740068006f007200690074007900000000000100000000000005010000000000000000000000040000000104000000
   00000515000000010000000200000003000000020000002400020002000000050000000c000c002800020000000000080000002400240
   02c000200ffffffff060000000000000006000000530059005300540045004d0012000000000000001200000053002d0031002d0035002d003
   20031002d0031002d0032002d0033002d003500300030000100000007010000`,
);
recorded(
  LsarQueryInformationPolicyResponse,
  (m) => [m.informationClass, m.information?.name, m.information?.sid],
  [3, 'WORKGROUP', null],
  `00000200030000001200140004000200000000000a000000000000000900000057004f0052004b00470052004f005500500000000000
   0000`,
);
recorded(
  LsarQueryInformationPolicyResponse,
  (m) => [m.informationClass, m.information?.name, String(m.information?.sid)],
  [5, 'TORTURE', MACHINE],
  `00000200050000000e001000040002000800020008000000000000000700000054004f005200540055005200450000000400000001040000
   00000005150000007e6679f07e99b398473a974600000000`,
);
recorded(
  LsarGetUserNameRequest,
  (m) => [m.systemName, m.userName, m.domainAsked],
  ['127.0.0.1', null, true],
  `000002000a000000000000000a0000003100320037002e0030002e0030002e0031000000000000000400020000000000`,
);
recorded(
  LsarGetUserNameResponse,
  (m) => [m.userName, m.domainName],
  ['games', 'TORTURE'],
  `080002000a000a000c000200050000000000000005000000670061006d0065007300000010000200140002000e000e0018000200070000000
   00000000700000054004f0052005400550052004500000000000000`,
);
recorded(
  LsarEnumerateTrustedDomainsResponse,
  (m) => [m.domains, m.status],
  [[], NtStatus.NoMoreEntries],
  'ffffffff00000000000000001a000080',
);
recorded(
  SamrConnect5Request,
  (m) => [m.serverName, m.desiredAccess, m.revision],
  ['\\\\127.0.0.1', 0x02000000, 2],
  `000002000c000000000000000c0000005c005c003100320037002e0030002e0030002e003100000000000002010000000100000002000000
   00000000`,
);
recorded(
  SamrConnect5Response,
  (m) => [m.revision, m.handle.uuid, m.status],
  [3, '3f53761c-d166-47c8-b3b9-dac739573eef', 0],
  '01000000010000000300000000000000000000001c76533f66d1c847b3b9dac739573eef00000000',
);
recorded(
  SamrLookupDomainRequest,
  (m) => m.name,
  'TORTURE',
  `000000001c76533f66d1c847b3b9dac739573eef0e000e000000020007000000000000000700000054004f00520054005500520045 00`,
);
recorded(
  SamrSidResponse,
  (m) => m.sid,
  sid(MACHINE),
  '04000200040000000104000000000005150000007e6679f07e99b398473a974600000000',
);
recorded(
  SamrEnumerateResponse,
  (m) => [m.buffer?.map(({ relativeId, name }) => [relativeId, name]), m.countReturned],
  [[[1000, 'games']], 1],
  `0100000000000200010000000400020001000000e80300000a000a0008000200050000000000000005000000670061006d0065007300000001
   00000000000000`,
);
recorded(
  SamrLookupNamesRequest,
  (m) => m.names,
  ['games'],
  `01000000ba9bed4c64cf3540a88b6966417defc101000000e803000000000000010000000a000a0000000200050000000000000005000000
   670061006d0065007300`,
);
recorded(
  SamrLookupNamesResponse,
  (m) => [m.relativeIds, m.use],
  [[1000], [1]],
  '010000000400020001000000e80300000100000008000200010000000100000000000000',
);
recorded(
  SamrQueryInformationUserResponse,
  (m) => [m.buffer?.userName, m.buffer?.profilePath, m.buffer?.userId, m.buffer?.primaryGroupId, m.status],
  ['games', '\\\\TORTURE\\games\\profile', 1000, 513, 0],
  `0000020015000000000000000000000080a94b3e3bcde7018050fafa057ddd0180a94b3e3bcde7018050fafa057ddd01ffffffffffffff7f0a
   000a00040002000a000a00080002001e001e000c000200000000001000020000000000140002002e002e0018000200000000001c00020000
   00000020000200000000002400020000000000280002000000000000000000000000000000000000000000000000000000000000000000e803
   00000102000010000000ffffff00a80000002c000200000000000000000000000000050000000000000005000000670061006d006500730000
   00050000000000000005000000670061006d006500730000000f000000000000000f0000005c005c0054004f0052005400550052004500 5c
   00670061006d006500730000000000000000000000000000000000000000000000000000001700000000000000170000005c005c0054004f
   00520054005500520045005c00670061006d00650073005c00700072006f00660069006c00650000000000000000000000000000000000
   00000000000000000000000000000000000000000000000000000000000000000000ec0400000000000015000000ffffffffffffffffff
   ffffffffffffffffffffffff00000000000000`,
);
recorded(
  SamrQueryInformationDomainResponse,
  (m) => [m.buffer?.domainName, m.buffer?.replicaSourceNodeName, m.buffer?.userCount, m.buffer?.domainServerRole],
  ['WORKGROUP', 'TORTURE', 1, 3],
  `00000200020000007f969800806967ff280028000400020012001200080002000e000e000c000200d22b076b0000000001000000030000000
   1000000010000000000000000000000140000000000000014000000530061006d0062006100200034002e00310037002e00310032002d004400
   65006200690061006e0009000000000000000900000057004f0052004b00470052004f00550050000000070000000000000007000000
   54004f0052005400550052004500000000000000`,
);
recorded(
  SamrQueryDisplayInformationResponse,
  (m) => [m.displayInformationClass, m.entries.map(({ rid, accountName, fullName }) => [rid, accountName, fullName])],
  [1, [[1000, 'games', 'games']]],
  `20000000004000000100000001000000000002000100000001000000e8030000100000000a000a000400020000000000080002000a000a000c
   000200050000000000000005000000670061006d00650073000000000000000000000000000000050000000000000005000000670061006d00
   65007300000000000000`,
);
