import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden, toHex } from '#testing/golden.js';
import { Sid } from '../../dtyp/sid.js';
import { Decoder } from '../../io/decoder.js';
import { Encoder } from '../../io/encoder.js';
import { FileId } from '../../io/file-id.js';
import type { Wire } from '../../io/layout.js';
import { Raw } from '../raw.js';
import { AaplQuery, CreateAaplRequest, CreateAaplResponse } from './aapl.js';
import { CreateAppInstanceId } from './app-instance-id.js';
import { CreateAppInstanceVersion } from './app-instance-version.js';
import { CreateContextRequest } from './create-context-request.js';
import { CreateContextResponse } from './create-context-response.js';
import { CreateDurableHandleResponse } from './durable-handle.js';
import { CreateDurableHandleReconnectV2 } from './durable-handle-v2.js';
import { CreateEaBuffer } from './ea-buffer.js';
import { CreateLeaseV2, LeaseFlags, LeaseState } from './lease.js';
import { CreateQueryMaximalAccessRequest, CreateQueryMaximalAccessResponse } from './maximal-access.js';
import { CreatePosixRequest, CreatePosixResponse } from './posix.js';
import { CreateQueryOnDiskIdRequest, CreateQueryOnDiskIdResponse } from './query-on-disk-id.js';
import { CreateSdBuffer } from './sd-buffer.js';
import { SvhdxOpenDeviceContext } from './svhdx-open-device-context.js';
import { CreateContextTag, tagBytes } from './tag.js';

const set = <T extends object>(target: T, values: Partial<T>): T => Object.assign(target, values);
const asc = (text: string): string => toHex(tagBytes(text));

/** The context as the only one of its chain: `data` in hex after the 24 bytes of a header with a four-letter name. */
class One<C extends Wire> implements Wire {
  contexts: C[] = [];
  readonly #make: () => C;
  constructor(make: () => C) {
    this.#make = make;
  }
  layout(io: Parameters<Wire['layout']>[0]): void {
    this.contexts = io.chain('CreateContext', this.contexts, this.#make, 8);
  }
}
class Requests extends One<CreateContextRequest> {
  constructor() {
    super(() => new CreateContextRequest());
  }
}
class Responses extends One<CreateContextResponse> {
  constructor() {
    super(() => new CreateContextResponse());
  }
}
const u32 = (n: number): string => toHex(Uint8Array.of(n & 255, n >> 8, 0, 0));
function bytesOf(tag: string, data: string): string {
  const name = tagBytes(tag).length;
  const length = data.replace(/\s/g, '').length / 2;
  const offset = length === 0 ? 0 : (16 + name + 7) & ~7;
  const pad = '00'.repeat(((16 + name + 7) & ~7) - 16 - name);
  const head = `00000000 1000 ${u32(name).slice(0, 4)} 0000 ${u32(offset).slice(0, 4)} ${u32(length)}`;
  return `${head} ${asc(tag)} ${pad} ${data}`;
}
const request = (name: string, data: Wire, hex: string): void =>
  golden(Requests, { contexts: [CreateContextRequest.of(name, data)] }, bytesOf(name, hex));
const response = (name: string, data: Wire, hex: string): void =>
  golden(Responses, { contexts: [CreateContextResponse.of(name, data)] }, bytesOf(name, hex));

// By hand from the tables of [MS-SMB2] 2.2.13.2 and 2.2.14.2; those that Samba sends are in command/create.test.ts.
const GUID = '51adbf067755e840b431cbccb52bfcb3';
const guid = '06bfad51-5577-40e8-b431-cbccb52bfcb3';
const tag = CreateContextTag;
request(tag.EaBuffer, set(new CreateEaBuffer(), { eaBuffer: fromHex('0000') }), '0000');
request(tag.SdBuffer, set(new CreateSdBuffer(), { securityDescriptor: fromHex('0100') }), '0100');
request(tag.QueryMaximalAccess, new CreateQueryMaximalAccessRequest(), '');
request(tag.QueryMaximalAccess, set(new CreateQueryMaximalAccessRequest(), { timestamp: 7n }), '0700000000000000');
response(
  tag.QueryMaximalAccess,
  set(new CreateQueryMaximalAccessResponse(), { queryStatus: 0xc0000073, maximalAccess: 0x001f01ff }),
  '730000c0 ff011f00',
);
request(tag.QueryOnDiskId, new CreateQueryOnDiskIdRequest(), '');
response(
  tag.QueryOnDiskId,
  set(new CreateQueryOnDiskIdResponse(), { diskFileId: 0x0001_0000_0000_1234n, volumeId: 0xffff_ffff_ffff_ffffn }),
  `3412000000000100 ffffffffffffffff ${'00'.repeat(16)}`,
);
response(tag.DurableHandleRequest, new CreateDurableHandleResponse(), '0000000000000000');
request(
  tag.DurableHandleReconnectV2,
  set(new CreateDurableHandleReconnectV2(), { fileId: new FileId(1, 2, 3, 4), createGuid: guid, flags: 2 }),
  `01000000020000000300000004000000 ${GUID} 02000000`,
);
const lease = set(new CreateLeaseV2(), {
  leaseKey: guid,
  leaseState: LeaseState.ReadCaching | LeaseState.WriteCaching,
  flags: LeaseFlags.ParentLeaseKeySet,
  parentLeaseKey: guid,
  epoch: 0x4711,
});
for (const either of [request, response]) {
  either(tag.Lease, lease, `${GUID} 05000000 04000000 0000000000000000 ${GUID} 1147 0000`);
  either('Zzzz', set(new Raw(), { bytes: fromHex('aabb') }), 'aabb');
  either('Zz', set(new Raw(), { bytes: fromHex('aabb') }), 'aabb');
  either(tag.SvhdxOpenDeviceContext, set(new SvhdxOpenDeviceContext(), { data: fromHex('01000000') }), '01000000');
}
request(tag.AppInstanceId, set(new CreateAppInstanceId(), { appInstanceId: guid }), `1400 0000 ${GUID}`);
request(
  tag.AppInstanceVersion,
  set(new CreateAppInstanceVersion(), { appInstanceVersionHigh: 1n, appInstanceVersionLow: 2n }),
  '1800 0000 00000000 0100000000000000 0200000000000000',
);
request(tag.Posix, set(new CreatePosixRequest(), { mode: 0o644 }), 'a4010000');
response(
  tag.Posix,
  set(new CreatePosixResponse(), {
    numberOfLinks: 1,
    mode: 0o755,
    ownerSid: Sid.parse('S-1-22-1-1000'),
    groupSid: Sid.parse('S-1-22-2-1000'),
  }),
  '01000000 00000000 ed010000 010200000000001601000000e8030000 010200000000001602000000e8030000',
);
request(
  tag.Aapl,
  set(new CreateAaplRequest(), { requestBitmap: 7, clientCapabilities: 7 }),
  '01000000 00000000 0700000000000000 0700000000000000',
);
request(tag.Aapl, set(new CreateAaplRequest(), { commandCode: 2, data: fromHex('0102') }), '02000000 00000000 0102');
response(
  tag.Aapl,
  set(new CreateAaplResponse(), {
    replyBitmap: AaplQuery.ServerCapabilities | AaplQuery.VolumeCapabilities | AaplQuery.ModelInfo,
    serverCapabilities: 7,
    volumeCapabilities: 2,
    modelString: 'Xy',
  }),
  '01000000 00000000 0700000000000000 0700000000000000 0200000000000000 00000000 04000000 58007900',
);

test('a lease of version 1 and one of version 2 differ in their length only', () => {
  const bytes = new Encoder().encode(set(new Requests(), { contexts: [CreateContextRequest.of(tag.Lease, lease)] }));
  assert.equal(bytes.length, 24 + 52);
  const read = new Requests();
  read.layout(new Decoder().reset(bytes));
  assert.ok(read.contexts[0]?.data instanceof CreateLeaseV2);
});
