import assert from 'node:assert/strict';
import { test } from 'node:test';
import { golden } from '#testing/golden.js';
import { Encoder } from '../../io/encoder.js';
import { FileId } from '../../io/file-id.js';
import { CreateAllocationSize } from '../create-context/allocation-size.js';
import { CreateContextRequest } from '../create-context/create-context-request.js';
import { CreateContextResponse } from '../create-context/create-context-response.js';
import { CreateDurableHandleReconnect, CreateDurableHandleRequest } from '../create-context/durable-handle.js';
import { CreateDurableHandleRequestV2, CreateDurableHandleResponseV2 } from '../create-context/durable-handle-v2.js';
import { CreateLease } from '../create-context/lease.js';
import { CreateQueryMaximalAccessRequest } from '../create-context/maximal-access.js';
import { CreateContextTag } from '../create-context/tag.js';
import { CreateTimewarpToken } from '../create-context/timewarp-token.js';
import { CreateDisposition, CreateRequest, CreateResponse, OplockLevel } from './create.js';

const at64 = { headerLength: 64 };
const padded = { headerLength: 64, sameBytes: false };
const set = <T extends object>(target: T, values: Partial<T>): T => Object.assign(target, values);
const request = CreateContextRequest.of;
const response = CreateContextResponse.of;
const tag = CreateContextTag;

// smbclient of Samba 4.17: a file (it adds two bytes), the root of the share, a directory; and the answer of its smbd.
golden(
  CreateRequest,
  {
    desiredAccess: 0x0012019f,
    shareAccess: 3,
    createDisposition: CreateDisposition.OverwriteIf,
    createOptions: 0x40,
    name: 'hello.txt',
  },
  `3900 00 00 02000000 0000000000000000 0000000000000000 9f011200 00000000 03000000 05000000 40000000 7800 1200
   00000000 00000000 680065006c006c006f002e00740078007400 0000`,
  padded,
);
golden(
  CreateRequest,
  {
    desiredAccess: 0x81,
    fileAttributes: 0x10,
    shareAccess: 3,
    createDisposition: CreateDisposition.Open,
    createOptions: 1,
  },
  `3900 00 00 02000000 0000000000000000 0000000000000000 81000000 10000000 03000000 01000000 01000000 7800 0000
   00000000 00000000 00`,
  at64,
);
const times = { creationTime: 0x01dd7b38787134f2n, lastAccessTime: 0x01dd7b38787134f2n };
golden(
  CreateResponse,
  {
    createAction: 2,
    ...times,
    lastWriteTime: times.creationTime,
    changeTime: times.creationTime,
    fileAttributes: 0x20,
    fileId: new FileId(0x867656a0, 0, 0x50fc28cb, 0),
  },
  `5900 00 00 02000000 f2347178387bdd01 f2347178387bdd01 f2347178387bdd01 f2347178387bdd01 0000000000000000
   0000000000000000 20000000 00000000 a056768600000000 cb28fc5000000000 00000000 00000000`,
  at64,
);

// smbtorture of Samba 4.17: leases, durable handles, several contexts at once.
golden(
  CreateRequest,
  {
    requestedOplockLevel: OplockLevel.Lease,
    desiredAccess: 0x001f01ff,
    fileAttributes: 0x80,
    shareAccess: 7,
    createDisposition: CreateDisposition.OpenIf,
    createOptions: 0x00200064,
    name: 'lease_request.dat',
    createContexts: [
      request(tag.Lease, set(new CreateLease(), { leaseKey: 'e0ddf00d-0ffe-badc-f20f-221f01f02345', leaseState: 7 })),
    ],
  },
  `3900 00 ff 02000000 0000000000000000 0000000000000000 ff011f00 80000000 07000000 03000000 64002000 7800 2200
   a0000000 38000000 6c0065006100730065005f0072006500710075006500730074002e00640061007400 000000000000
   00000000 1000 0400 0000 1800 20000000 52714c73 00000000 0df0dde0fe0fdcbaf20f221f01f02345 07000000 00000000
   0000000000000000`,
  at64,
);
golden(
  CreateRequest,
  {
    impersonationLevel: 0,
    createDisposition: CreateDisposition.OverwriteIf,
    createOptions: 0x00200064,
    desiredAccess: 0x02000000,
    fileAttributes: 0,
    shareAccess: 7,
    name: 'test_create.dat',
    createContexts: [
      request(tag.QueryMaximalAccess, new CreateQueryMaximalAccessRequest()),
      request(tag.AllocationSize, set(new CreateAllocationSize(), { allocationSize: 0x1000 })),
      request(tag.DurableHandleRequest, new CreateDurableHandleRequest()),
      request(tag.TimewarpToken, set(new CreateTimewarpToken(), { timestamp: 10000n })),
    ],
  },
  `3900 00 00 00000000 0000000000000000 0000000000000000 00000002 00000000 07000000 05000000 64002000 7800 1e00
   98000000 80000000 74006500730074005f006300720065006100740065002e00640061007400 0000
   18000000 1000 0400 0000 1800 00000000 4d784163 00000000
   20000000 1000 0400 0000 1800 08000000 416c5369 00000000 0010000000000000
   28000000 1000 0400 0000 1800 10000000 44486e51 00000000 00000000000000000000000000000000
   00000000 1000 0400 0000 1800 08000000 54577270 00000000 1027000000000000`,
  // We write 0 as the DataOffset of an empty context, as specified.
  padded,
);
golden(
  CreateRequest,
  {
    impersonationLevel: 0,
    createContexts: [
      request(
        tag.DurableHandleRequestV2,
        set(new CreateDurableHandleRequestV2(), { createGuid: '06bfad51-5577-40e8-b431-cbccb52bfcb3' }),
      ),
      request(
        tag.DurableHandleReconnect,
        set(new CreateDurableHandleReconnect(), { fileId: new FileId(0x387257a0, 0, 0x50ab7167, 0) }),
      ),
    ],
  },
  `3900 00 00 00000000 0000000000000000 0000000000000000 00000000 00000000 00000000 00000000 00000000 7800 0000
   78000000 60000000
   38000000 1000 0400 0000 1800 20000000 44483251 00000000 00000000 00000000 0000000000000000
   51adbf067755e840b431cbccb52bfcb3
   00000000 1000 0400 0000 1800 10000000 44486e43 00000000 a0577238000000006771ab5000000000`,
  at64,
);
golden(
  CreateResponse,
  {
    oplockLevel: OplockLevel.Lease,
    createAction: 2,
    creationTime: 0x01dd7b38e07e63cen,
    lastAccessTime: 0x01dd7b38e07e63cen,
    lastWriteTime: 0x01dd7b38e07e63cen,
    changeTime: 0x01dd7b38e07e63cen,
    fileAttributes: 0x20,
    fileId: new FileId(0xc07359f9, 0, 0x3ecf3f60, 0),
    createContexts: [
      response(tag.DurableHandleRequestV2, set(new CreateDurableHandleResponseV2(), { timeout: 300000 })),
      response(tag.Lease, set(new CreateLease(), { leaseKey: '530e0351-0000-0000-aefc-f1acffffffff', leaseState: 7 })),
    ],
  },
  `5900 ff 00 02000000 ce637ee0387bdd01 ce637ee0387bdd01 ce637ee0387bdd01 ce637ee0387bdd01 0000000000000000
   0000000000000000 20000000 00000000 f95973c000000000 603fcf3e00000000 98000000 58000000
   20000000 1000 0400 0000 1800 08000000 44483251 00000000 e0930400 00000000
   00000000 1000 0400 0000 1800 20000000 52714c73 00000000 51030e5300000000aefcf1acffffffff 07000000 00000000
   0000000000000000`,
  at64,
);

test('an empty name still has a place and a byte', () => {
  const body = new Encoder().encode({
    layout: (io) => {
      io.skip('Header', 64);
      new CreateRequest().layout(io);
    },
  });
  assert.equal(body.length, 121);
  assert.equal(body[64 + 44], 120);
});
