import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden } from '#testing/golden.js';
import { Decoder } from '../io/decoder.js';
import { Encoder } from '../io/encoder.js';
import { Malformed } from '../io/malformed.js';
import { Pdu, pduLength } from './pdu.js';
import { Bind, BindAck, BindNak, ContextAnswer, ContextElement, ContextResult, ProtocolVersion } from './pdu-bind.js';
import { Fault, FaultStatus, OtherPdu, RpcRequest, RpcResponse } from './pdu-call.js';
import { PduFlags, PduType } from './pdu-type.js';
import { SRVSVC } from './srvsvc/interface.js';
import { bindTimeFeatures, bindTimeSyntax, NDR, SyntaxId } from './syntax.js';

const SYNTAX = '045d888aeb1cc9119fe808002b104860 02000000';
const context = Object.assign(new ContextElement(), { abstractSyntax: SRVSVC, transferSyntaxes: [NDR] });
const accepted = Object.assign(new ContextAnswer(), { transferSyntax: NDR });
const frag = 4280;

// rpcclient 4.17.12 and smbd 4.17.12.
golden(
  Pdu,
  { callId: 1, body: Object.assign(new Bind(), { contexts: [context] }) },
  `05 00 0b 03 10000000 4800 0000 01000000 b810 b810 00000000 01000000 0000 0100
   c84f324b7016d30112785a47bf6ee188 03000000 ${SYNTAX}`,
);
golden(
  Pdu,
  {
    callId: 1,
    body: Object.assign(new BindAck(), { assocGroupId: 0x591c, secAddr: '\\pipe\\srvsvc', results: [accepted] }),
  },
  `05 00 0c 03 10000000 4400 0000 01000000 b810 b810 1c590000 0d00 5c706970655c73727673766300 00
   01000000 0000 0000 ${SYNTAX}`,
);
golden(
  Pdu,
  {
    callId: 11,
    body: Object.assign(new RpcResponse(), { allocHint: 12, stub: fromHex('01000000 00000000 7b000000') }),
  },
  '05 00 02 03 10000000 2400 0000 0b000000 0c000000 0000 00 00 01000000 00000000 7b000000',
);

// From the tables in [C706] 12.6.4.
golden(
  Pdu,
  {
    pfcFlags: PduFlags.FirstFrag | PduFlags.ObjectUuid,
    callId: 2,
    body: Object.assign(new RpcRequest(), { opnum: 15, object: SRVSVC.uuid, stub: fromHex('0102') }),
  },
  '05 00 00 81 10000000 2a00 0000 02000000 00000000 0000 0f00 c84f324b7016d30112785a47bf6ee188 0102',
);
golden(
  Pdu,
  {
    callId: 3,
    body: Object.assign(new RpcRequest(), { stub: fromHex('01020304') }),
    authVerifier: fromHex('0a05000000000000 aabb'),
  },
  '05 00 00 03 10000000 2600 0200 03000000 00000000 0000 0000 01020304 0a05000000000000 aabb',
);
golden(
  Pdu,
  { callId: 4, body: Object.assign(new Fault(), { status: FaultStatus.NcaOpRangeError }) },
  '05 00 03 03 10000000 2000 0000 04000000 00000000 0000 00 00 0200011c 00000000',
);
golden(
  Pdu,
  { callId: 5, body: Object.assign(new BindNak(), { providerRejectReason: 4, versions: [new ProtocolVersion()] }) },
  '05 00 0d 03 10000000 1500 0000 05000000 0400 01 05 00',
);
golden(
  Pdu,
  {
    callId: 6,
    body: Object.assign(new BindAck(PduType.AlterContextResp), {
      maxXmitFrag: frag,
      results: [Object.assign(new ContextAnswer(), { result: ContextResult.ProviderRejection, reason: 2 })],
    }),
  },
  `05 00 0f 03 10000000 3800 0000 06000000 b810 b810 00000000 0000 0000 01000000 0200 0200 ${'00'.repeat(20)}`,
);
golden(
  Pdu,
  { callId: 7, body: Object.assign(new Bind(PduType.AlterContext), {}) },
  '05 00 0e 03 10000000 1c00 0000 07000000 b810 b810 00000000 00000000',
);
golden(
  Pdu,
  { callId: 8, body: Object.assign(new OtherPdu(PduType.Auth3), { data: fromHex('00000000') }) },
  '05 00 10 03 10000000 1400 0000 08000000 00000000',
);

test('a PDU ends where its length says, whatever follows', () => {
  const one = new Encoder().encode(Pdu.of(1, Object.assign(new RpcResponse(), { stub: Uint8Array.of(1) })));
  const two = new Uint8Array(one.length * 2);
  two.set(one);
  two.set(one, one.length);
  assert.equal(pduLength(two), one.length);
  assert.equal(pduLength(two.subarray(0, 15)), 0);
  const pdu = new Pdu();
  pdu.layout(new Decoder().reset(two));
  assert.deepEqual((pdu.body as RpcResponse).stub, Uint8Array.of(1));
});

test('a PDU lies anywhere in a message', () => {
  const pdu = Pdu.of(1, Object.assign(new RpcResponse(), { stub: Uint8Array.of(1) }));
  const alone = new Encoder().encode(pdu);
  const io = new Encoder().begin();
  io.skip('Header', 120);
  pdu.layout(io);
  assert.deepEqual(io.end().slice(120), alone);
});

test('lengths that contradict each other are malformed', () => {
  const read = (hex: string): void => new Pdu().layout(new Decoder().reset(fromHex(hex)));
  assert.throws(() => read('05 00 00 03 10000000 0f00 0000 01000000 00000000 0000 0000'), Malformed);
  assert.throws(() => read('05 00 00 03 10000000 1800 ffff 01000000 00000000 0000 0000'), Malformed);
  assert.throws(() => read('05 00 00 03 10000000 1900 0000 01000000 00000000 0000 0000'), Malformed);
  assert.throws(() => read('05 00 00 03 00000000 1800 0000 01000000 00000000 0000 0000'), Malformed, 'big-endian');
});

test('bind time features travel in a transfer syntax', () => {
  const windows = SyntaxId.of('6cb71c2c-9812-4540-0300-000000000000', 1, 0);
  assert.equal(bindTimeFeatures(windows), 3);
  assert.ok(bindTimeSyntax(3).equals(windows));
  assert.equal(bindTimeFeatures(NDR), -1);
});
