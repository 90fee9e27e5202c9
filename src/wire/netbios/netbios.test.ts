import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, golden, toHex } from '#testing/golden.js';
import { Decoder } from '../io/decoder.js';
import { Malformed } from '../io/malformed.js';
import { dissectNetbios } from './dissect.js';
import { encodeFirstLevel, NetbiosName, NetbiosSuffix } from './netbios-name.js';
import { NegativeResponseCode, SessionNegativeResponse } from './session-negative-response.js';
import { SessionHeader, SessionPacketType } from './session-packet.js';
import { SessionRequest } from './session-request.js';
import { SessionRetargetResponse } from './session-retarget-response.js';
import { encodeSessionPacket, readSessionHeader, writeMessageHeader } from './session-service.js';

// RFC 1001 14.1: "FRED" is EGFCEFEECACACACACACACACACACACACA.
const FRED = '20454746434546454543414341434143414341434143414341434143414341434100';

golden(NetbiosName, { name: 'FRED', suffix: NetbiosSuffix.Server }, FRED);
golden(SessionNegativeResponse, { errorCode: NegativeResponseCode.CalledNameNotPresent }, '82');
golden(SessionRetargetResponse, { retargetIpAddress: 0x7f000001, port: 139 }, '7f000001008b');
golden(SessionHeader, { type: SessionPacketType.Message, length: 0x12345 }, '00012345');

test('a session request', () => {
  const request = new SessionRequest();
  request.calledName = NetbiosName.of('*SMBSERVER', NetbiosSuffix.Server);
  request.callingName = NetbiosName.of('a workstation name', NetbiosSuffix.Workstation);
  const packet = encodeSessionPacket(SessionPacketType.Request, request);
  assert.equal(packet.length, 72);
  assert.equal(toHex(packet.subarray(0, 4)), '81000044');
  const dissection = dissectNetbios(packet, false);
  assert.equal(dissection.malformed, undefined);
  assert.equal(dissection.name, 'SESSION_REQUEST A WORKSTATION N<00> -> *SMBSERVER<20>');
  for (let cut = 0; cut < packet.length; cut++) assert.ok(dissectNetbios(packet.slice(0, cut), false).malformed);
});

test('names with a scope', () => {
  const name = NetbiosName.of('x', 0);
  name.scope = 'netbios.com';
  const back = new NetbiosName();
  const bytes = encodeSessionPacket(SessionPacketType.Message, name);
  back.layout(new Decoder().reset(bytes, 4));
  assert.deepEqual({ ...back }, { name: 'X', suffix: 0, scope: 'netbios.com' });
});

test('letters outside of A to P, and pointers, are malformed', () => {
  const read = (hex: string): void => new NetbiosName().layout(new Decoder().reset(fromHex(hex)));
  assert.throws(() => read(FRED.replace('20454746', '20514746')), Malformed);
  assert.throws(() => read(`${FRED.slice(0, -2)}c00c`), Malformed);
  assert.equal(encodeFirstLevel('', 0).length, 32);
});

test('both lengths', () => {
  assert.deepEqual({ ...readSessionHeader(fromHex('00ff0001'), 0, false) }, { type: 0, length: 0x10001 });
  assert.deepEqual({ ...readSessionHeader(fromHex('00ff0001'), 0, true) }, { type: 0, length: 0xff0001 });
  assert.equal(dissectNetbios(fromHex('00ff0001'), true).length, 0xff0001);
  const header = new Uint8Array(6);
  writeMessageHeader(header, 1, 0x12345, true);
  assert.equal(toHex(header), '000001234500');
  assert.throws(() => writeMessageHeader(header, 0, 0x20000, false), RangeError);
});

test('the plain packets', () => {
  assert.equal(toHex(encodeSessionPacket(SessionPacketType.PositiveResponse)), '82000000');
  assert.equal(dissectNetbios(fromHex('85000000'), false).name, 'SESSION_KEEP_ALIVE');
  assert.equal(dissectNetbios(fromHex('8300000182'), false).name, 'SESSION_NEGATIVE_RESPONSE CALLED_NAME_NOT_PRESENT');
  assert.equal(
    dissectNetbios(fromHex('84000006c0a80001008b'), false).name,
    'SESSION_RETARGET_RESPONSE 192.168.0.1:139',
  );
  assert.equal(dissectNetbios(fromHex('47455420'), false).name, 'SESSION_0x47');
});
