import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '#testing/golden.js';
import { dissect, dissectMessages, findField, findFields, toJson } from './dissect.js';

// smbclient 4.17 to smbd: SESSION_SETUP with a SPNEGO token that holds an NTLM NEGOTIATE_MESSAGE.
const SESSION_SETUP = `000000a2fe534d4240000100000000000100002010000000000000000100000000000000000000000000000000000000
  00000000000000000000000000000000000000001900000101000000000000005800 4a00 0000000000000000
  604806062b0601050502a03e303ca00e300c060a2b06010401823702020aa22a04284e544c4d5353500001000000158208620000000028000000
  0000000028000000060100000000000f`;

test('fields have their places in the frame, those of security tokens too', () => {
  const frame = fromHex(SESSION_SETUP);
  const { name, messages, malformed } = dissect(frame, { framing: 'direct', dialect: 0x0311 });
  assert.equal(name, 'SESSION_MESSAGE');
  assert.equal(malformed, undefined);
  const [message] = messages;
  assert.equal(message?.protocol, 'SMB2');
  assert.equal(message.name, 'SESSION_SETUP');
  assert.equal(message.header?.messageId, 1);
  assert.equal(message.header.status, undefined);
  const signature = findFields(message.fields, 'Signature').at(-1);
  assert.deepEqual(
    frame.subarray(signature?.at, (signature?.at ?? 0) + (signature?.size ?? 0)),
    fromHex('4e544c4d53535000'),
  );
  assert.equal(findField(message.fields, 'mechToken')?.children?.[0]?.text, 'NTLM message');
});

test('messages without a frame count from their own start', () => {
  const [inside] = dissectMessages(fromHex(SESSION_SETUP).subarray(4), { dialect: 0x0311 });
  assert.equal(inside?.fields[0]?.at, 0);
});

test('a frame that is shorter or longer than it says is told', () => {
  const frame = fromHex(SESSION_SETUP);
  const short = dissect(frame.subarray(0, 100), { framing: 'direct' });
  assert.match(short.malformed ?? '', /announces 162 bytes, and 96 follow/);
});

test('JSON holds every kind of value', () => {
  const [message] = dissect(fromHex(SESSION_SETUP), { framing: 'direct' }).messages;
  const text = JSON.stringify(message?.fields.map(toJson));
  const back = JSON.parse(text) as { name: string; children: { name: string; value: unknown }[] }[];
  const value = (name: string): unknown => back[0]?.children.find((child) => child.name === name)?.value;
  assert.equal(value('SessionId'), 0);
  assert.equal(value('Signature'), '0'.repeat(32));
});

test('no bytes make it throw', () => {
  const start = fc.constantFrom('', 'ff534d42', 'fe534d42', 'fd534d42', 'fc534d42');
  const framing = fc.constantFrom('direct' as const, 'netbios' as const);
  const type = fc.constantFrom(0, 0, 0, 0x81, 0x83, 0x84, 0x85, 0x47);
  fc.assert(
    fc.property(framing, type, start, fc.uint8Array({ maxLength: 200 }), (kind, first, magic, rest) => {
      const body = [...fromHex(magic), ...rest];
      const frame = Uint8Array.from([first, 0, 0, body.length, ...body]);
      const found = dissect(frame, { framing: kind, dialect: 0x0311 });
      for (const message of found.messages) JSON.stringify(message.fields.map(toJson));
    }),
    { numRuns: 2000 },
  );
});
