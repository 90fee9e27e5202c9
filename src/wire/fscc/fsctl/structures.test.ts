import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { GetDfsReferralRequest } from '../../dfsc/get-dfs-referral.js';
import { Decoder } from '../../io/decoder.js';
import { Encoder } from '../../io/encoder.js';
import { FileId } from '../../io/file-id.js';
import { Malformed } from '../../io/malformed.js';
import { Compression, CompressionState } from './compression.js';
import { DuplicateExtentsData, DuplicateExtentsDataEx } from './duplicate-extents.js';
import { FileLevelTrimRange, FileLevelTrimRequest, FileLevelTrimResponse } from './file-level-trim.js';
import { Fsctl, fsctlNames } from './fsctl.js';
import { NetworkResiliencyRequest } from './lmr-request-resiliency.js';
import { NetworkInterfaceInfo, NetworkInterfaceInfoResponse, SockaddrStorage } from './network-interface-info.js';
import { FileObjectIdBuffer } from './object-id.js';
import { PipePeekResponse } from './pipe-peek.js';
import { PipeWaitRequest } from './pipe-wait.js';
import { AllocatedRange, QueryAllocatedRangesResponse, SetSparseRequest, SetZeroDataRequest } from './sparse.js';
import { SrvCopychunk, SrvCopychunkCopy, SrvCopychunkResponse } from './srv-copychunk.js';
import { SrvSnapshotArray } from './srv-enumerate-snapshots.js';
import { SrvRequestResumeKeyResponse } from './srv-request-resume-key.js';
import { fsctlForms } from './structures.js';
import { ValidateNegotiateInfoRequest, ValidateNegotiateInfoResponse } from './validate-negotiate-info.js';

const make = <T extends object>(type: new () => T, values: Partial<T>): T => Object.assign(new type(), values);

// rpcclient 4.17.12 and smbd 4.17.12, dialect 2.0.2.
golden(
  ValidateNegotiateInfoRequest,
  { securityMode: 1, dialects: [0x0202] },
  `00000000 ${'00'.repeat(16)} 0100 0100 0202`,
);
golden(
  ValidateNegotiateInfoResponse,
  { guid: '65736162-696c-656e-0000-000000000000', securityMode: 1, dialect: 0x0202 },
  '00000000 626173656c696e650000000000000000 0100 0202',
);

// smbtorture 4.17.12 and smbd 4.17.12, dialect 3.1.1.
const KEY = '8078dd560000000035abe488000000007800140000000000';
golden(
  SrvCopychunkCopy,
  { sourceKey: fromHex(KEY), chunks: [make(SrvCopychunk, { length: 4096 })] },
  `${KEY} 01000000 00000000 0000000000000000 0000000000000000 00100000 00000000`,
);
golden(SrvCopychunkResponse, { chunksWritten: 1, totalBytesWritten: 4096 }, '01000000 00000000 00100000');
golden(SrvRequestResumeKeyResponse, { resumeKey: fromHex(KEY) }, `${KEY} 00000000 00000000`);
golden(SetSparseRequest, { setSparse: true }, 'ff', { sameBytes: false });
golden(SetZeroDataRequest, { beyondFinalZero: 4096 }, '0000000000000000 0010000000000000');
golden(
  QueryAllocatedRangesResponse,
  { ranges: [make(AllocatedRange, { fileOffset: 4096, length: 16384 })] },
  '0010000000000000 0040000000000000',
);
golden(QueryAllocatedRangesResponse, {}, '');
golden(
  NetworkInterfaceInfoResponse,
  {
    interfaces: [
      make(NetworkInterfaceInfo, {
        ifIndex: 0xffffffff,
        linkSpeed: 1_000_000_000,
        sockaddrStorage: SockaddrStorage.of(Uint8Array.of(127, 0, 0, 1)),
      }),
    ],
  },
  `00000000 ffffffff 00000000 00000000 00ca9a3b00000000 0200 0000 7f000001 ${'00'.repeat(120)}`,
);
golden(
  GetDfsReferralRequest,
  { maxReferralLevel: 3, requestFileName: '\\127.0.0.1\\share' },
  '0300 5c003100320037002e0030002e0030002e0031005c00730068006100720065000000',
);

// From the tables of [MS-SMB2] 2.2.31, 2.2.32 and [MS-FSCC] 2.3.
golden(
  NetworkInterfaceInfoResponse,
  {
    interfaces: [
      make(NetworkInterfaceInfo, {
        ifIndex: 1,
        capability: 3,
        sockaddrStorage: SockaddrStorage.of(new Uint8Array(16).fill(1)),
      }),
      make(NetworkInterfaceInfo, {
        ifIndex: 2,
        sockaddrStorage: make(SockaddrStorage, { family: 1, address: new Uint8Array(126) }),
      }),
    ],
  },
  `98000000 01000000 03000000 00000000 0000000000000000 1700 0000 00000000 ${'01'.repeat(16)} 00000000 ${'00'.repeat(100)}
   00000000 02000000 00000000 00000000 0000000000000000 0100 ${'00'.repeat(126)}`,
);
golden(
  SrvSnapshotArray,
  { numberOfSnapShots: 1, snapShotArraySize: 52, snapShots: ['@GMT-2026.11.23-10.50.36'] },
  `01000000 01000000 34000000
   400047004d0054002d0032003000320036002e00310031002e00320033002d00310030002e00350030002e0033003600 0000 0000`,
);
golden(SrvSnapshotArray, { numberOfSnapShots: 3, snapShotArraySize: 152 }, '03000000 00000000 98000000 00000000');
golden(
  PipeWaitRequest,
  { timeout: 50n, timeoutSpecified: true, name: 'srvsvc' },
  '3200000000000000 0c000000 01 00 730072007600730076006300',
);
golden(
  PipePeekResponse,
  { readDataAvailable: 2, numberOfMessages: 1, messageLength: 2, data: fromHex('0102') },
  '03000000 02000000 01000000 02000000 0102',
);
golden(
  DuplicateExtentsData,
  { sourceFileId: FileId.related, sourceFileOffset: 1, targetFileOffset: 2, byteCount: 3 },
  `${'ff'.repeat(16)} 0100000000000000 0200000000000000 0300000000000000`,
);
golden(
  DuplicateExtentsDataEx,
  { sourceFileId: FileId.related, byteCount: 3, flags: 1 },
  `3000000000000000 ${'ff'.repeat(16)} 0000000000000000 0000000000000000 0300000000000000 01000000 00000000`,
);
golden(
  FileLevelTrimRequest,
  { ranges: [make(FileLevelTrimRange, { offset: 1, length: 2 })] },
  '00000000 01000000 0100000000000000 0200000000000000',
);
golden(FileLevelTrimResponse, { numRangesProcessed: 1 }, '01000000');
golden(NetworkResiliencyRequest, { timeout: 120_000 }, 'c0d40100 00000000');
golden(Compression, { compressionState: CompressionState.Lznt1 }, '0200');
golden(
  FileObjectIdBuffer,
  { objectId: '03020100-0504-0706-0809-0a0b0c0d0e0f' },
  `000102030405060708090a0b0c0d0e0f ${'00'.repeat(48)}`,
);

test('an empty FSCTL_SET_SPARSE buffer means yes', () => {
  const request = make(SetSparseRequest, {});
  request.layout(new Decoder().reset(new Uint8Array(0)));
  assert.equal(request.setSparse, true);
  assert.deepEqual([...new Encoder().encode(make(SetSparseRequest, { setSparse: false }))], [0]);
});

test('counts are bounded by the bytes that are left', () => {
  const copy = new SrvCopychunkCopy();
  assert.throws(() => copy.layout(new Decoder().reset(fromHex(`${KEY} ffffffff 00000000`))), Malformed);
  const negotiate = new ValidateNegotiateInfoRequest();
  assert.throws(() => negotiate.layout(new Decoder().reset(fromHex(`${'00'.repeat(22)} ffff 0202`))), Malformed);
});

test('addresses are told as text', () => {
  assert.equal(SockaddrStorage.of(Uint8Array.of(192, 0, 2, 1)).text, '192.0.2.1');
  const six = fromHex('20010db8000000000000000000000001');
  assert.equal(SockaddrStorage.of(six).text, '2001:db8:0:0:0:0:0:1');
});

test('every form has a code that is named as the specification does', () => {
  assert.equal(fsctlNames[Fsctl.SrvCopychunkWrite], 'FSCTL_SRV_COPYCHUNK_WRITE');
  assert.equal(fsctlNames[Fsctl.PipeTransceive], 'FSCTL_PIPE_TRANSCEIVE');
  assert.equal(fsctlNames[Fsctl.LmrRequestResiliency], 'FSCTL_LMR_REQUEST_RESILIENCY');
  assert.ok(Object.keys(fsctlForms).length > 20);
  for (const code of Object.keys(fsctlForms)) assert.ok(fsctlNames[Number(code)], code);
});
