import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '#testing/golden.js';
import { NtStatus } from '../erref/nt-status.js';
import type { Field } from '../io/dissector.js';
import { commandOf, commands, commandsByName, responseIsError } from './commands.js';
import { dissectSmb2, type Smb2Dissection } from './dissect.js';
import { Command } from './header.js';

const find = (fields: readonly Field[], name: string): Field | undefined => {
  for (const field of fields) {
    const found = field.name === name ? field : find(field.children ?? [], name);
    if (found) return found;
  }
  return undefined;
};
const header = (command: string, flags: string, next: string, status = '00000000'): string =>
  `fe534d4240000000${status}${command}0100${flags}${next}${'00'.repeat(40)}`;
const brief = (items: Smb2Dissection[]): (string | undefined)[][] =>
  items.map((item) => [item.name, item.direction, item.malformed?.field]);

// smbd of Samba 4.17 at 2.0.2.
const TREE_CONNECTED = `fe534d424000000000000000030001000900000000000000030000000000000000000000d446cb25
  1ca74e2700000000d3b76878148afde9950529e0c50eca24100002000000000000000000a9001f00`;
const NOT_FOUND = `fe534d4240000000340000c00500010001000000000000001f000000000000000000000086780c5a
  1ca74e270000000000000000000000000000000000000000090000000000000000`;

test('a message is its header and its body', () => {
  const [message, ...more] = dissectSmb2(fromHex(TREE_CONNECTED), { dialect: 0x0202 });
  assert.ok(message);
  assert.deepEqual(more, []);
  assert.deepEqual(brief([message]), [['TREE_CONNECT', 'response', undefined]]);
  assert.deepEqual(
    message.fields.map(({ name, at, size }) => [name, at, size]),
    [
      ['SMB2 Header', 0, 64],
      ['SMB2 TREE_CONNECT Response', 64, 16],
    ],
  );
  assert.equal(find(message.fields, 'ShareType')?.text, 'PIPE');
  assert.equal(find(message.fields, 'TreeId')?.at, 36);
});

test('a failure has the body of an error', () => {
  const [message] = dissectSmb2(fromHex(NOT_FOUND));
  assert.equal(message?.fields[1]?.name, 'SMB2 ERROR Response to CREATE');
  assert.equal(find(message?.fields ?? [], 'Status')?.text, 'STATUS_OBJECT_NAME_NOT_FOUND');
});

test('compounds are followed, as far as they can be', () => {
  const echo = (next: string): string => `${header('0d00', '00000000', next)}04000000`;
  const pad = '00000000';
  const three = `${echo('48000000')}${pad}${echo('48000000')}${pad}${echo('00000000')}`;
  assert.deepEqual(brief(dissectSmb2(fromHex(three))), Array(3).fill(['ECHO', 'request', undefined]));
  for (const next of ['49000000', '08000000', 'f8ffff7f', 'ffffffff']) {
    const items = dissectSmb2(fromHex(`${echo(next)}${pad}${echo('00000000')}`));
    assert.deepEqual(brief(items), [['ECHO', 'request', 'NextCommand']]);
  }
  assert.equal(dissectSmb2(fromHex(`${echo('48000000')}${pad}`.repeat(300))).length, 256);
});

test('what is unknown or cut off is shown as far as it goes', () => {
  const strange = dissectSmb2(fromHex(`${header('7700', '00000000', '00000000')}0102`));
  assert.deepEqual(brief(strange), [['0x0077', 'request', undefined]]);
  assert.deepEqual(find(strange[0]?.fields ?? [], 'Data')?.value, fromHex('0102'));
  assert.deepEqual(brief(dissectSmb2(fromHex('ff534d4272'))), [['UNKNOWN', undefined, undefined]]);
  const cut = dissectSmb2(fromHex(TREE_CONNECTED).subarray(0, 70));
  assert.deepEqual(brief(cut), [['TREE_CONNECT', 'response', 'ShareFlags']]);
  assert.equal(find(cut[0]?.fields ?? [], 'ShareType')?.text, 'PIPE');
  assert.deepEqual(brief(dissectSmb2(fromHex('fe534d42400000'))), [['UNKNOWN', 'request', 'CreditCharge']]);
});

test('wrapped messages show their wrapping', () => {
  const sealed = dissectSmb2(
    fromHex(`fd534d4298bc1724e2bfea18c387d82bda0698c901000000000000006fe9c440000000006a000000000001006d2b043300000000
             3b8e49d19a0f073a`),
  );
  assert.deepEqual(brief(sealed), [['TRANSFORM', undefined, undefined]]);
  assert.equal(find(sealed[0]?.fields ?? [], 'encrypted')?.size, 8);
  const plain = dissectSmb2(fromHex('fc534d42 00100000 0200 0000 02000000 aabb 010203'));
  assert.deepEqual(
    plain[0]?.fields.map(({ name, size }) => [name, size]),
    [
      ['SMB2 Compression Transform Header', 16],
      ['uncompressed', 2],
      ['compressed', 3],
    ],
  );
  const chained = dissectSmb2(fromHex('fc534d42 30000000 0400 0100 08000000 4100000030000000'));
  assert.equal(find(chained[0]?.fields ?? [], 'CompressionAlgorithm')?.text, 'Pattern_V1');
});

test('no bytes make the dissector throw', () => {
  const codes = fc.constantFrom(...Object.values(Command));
  const body = fc.uint8Array({ maxLength: 200 });
  const sizes = fc.constantFrom(4, 9, 16, 17, 24, 25, 33, 36, 41, 44, 48, 49, 57, 60, 65, 89, 2);
  const dialects = fc.constantFrom(0x0202, 0x0311);
  fc.assert(
    fc.property(codes, fc.boolean(), sizes, body, dialects, (code, response, size, rest, dialect) => {
      const frame = new Uint8Array(66 + rest.length);
      frame.set(fromHex(header('0000', response ? '01000000' : '00000000', '00000000')));
      frame[12] = code;
      frame[64] = size;
      frame.set(rest, 66);
      assert.equal(dissectSmb2(frame, { dialect })[0]?.name, commands[code].name);
    }),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(fc.constantFrom('fe', 'fd', 'fc'), fc.uint8Array({ maxLength: 150 }), (first, rest) => {
      const frame = new Uint8Array(4 + rest.length);
      frame.set(fromHex(`${first}534d42`));
      frame.set(rest, 4);
      assert.ok(dissectSmb2(frame).length >= 1);
    }),
  );
});

test('each command is found by its code and by its name', () => {
  for (const [code, row] of Object.entries(commands)) {
    assert.equal(row.code, Number(code));
    assert.equal(commandsByName[row.name], row);
  }
  assert.equal(commandOf(8)?.name, 'READ');
  assert.equal(commandOf(0x7777), undefined);
});

test('which failures have the body of their command', () => {
  const normal = [
    [NtStatus.Success, Command.Close],
    [NtStatus.MoreProcessingRequired, Command.SessionSetup],
    [NtStatus.BufferOverflow, Command.Read],
    [NtStatus.BufferOverflow, Command.Ioctl],
    [NtStatus.BufferOverflow, Command.QueryInfo],
    [NtStatus.NotifyEnumDir, Command.ChangeNotify],
  ] as const;
  for (const [status, command] of normal) assert.equal(responseIsError(status, command), false);
  assert.equal(responseIsError(NtStatus.InvalidParameter, Command.Ioctl, 49), false);
  assert.equal(responseIsError(NtStatus.InvalidParameter, Command.Ioctl, 9), true);
  assert.equal(responseIsError(NtStatus.InvalidParameter, Command.Ioctl), true);
  assert.equal(responseIsError(NtStatus.InvalidParameter, Command.Create, 49), true);
  assert.equal(responseIsError(NtStatus.Pending, Command.Read), true);
  assert.equal(responseIsError(NtStatus.NoMoreFiles, Command.QueryDirectory), true);
  assert.equal(responseIsError(NtStatus.MoreProcessingRequired, Command.Create), true);
});
