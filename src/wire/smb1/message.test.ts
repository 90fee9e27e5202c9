import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#testing/golden.js';
import { NtStatus } from '../erref/nt-status.js';
import { Encoder } from '../io/encoder.js';
import { Malformed } from '../io/malformed.js';
import { EmptyBlock, RawBlock } from './block.js';
import { CloseRequest } from './command/close.js';
import { LockingAndXRequest, LockingRange, TypeOfLock } from './command/locking-andx.js';
import { NegotiateRequest, NegotiateResponse } from './command/negotiate.js';
import { OpenAndXRequest, OpenAndXResponse } from './command/open-andx.js';
import { ReadAndXRequest, ReadAndXResponse } from './command/read-andx.js';
import { SessionSetupAndXRequest } from './command/session-setup-andx.js';
import { TreeConnectAndXRequest } from './command/tree-connect-andx.js';
import { dissectSmb1 } from './dissect.js';
import { Smb1Flags, Smb1Flags2, Smb1Header } from './header.js';
import { type Block, decodeChain, encodeChain, Smb1Message, writeMessage } from './message.js';
import { RECORDED_FRAMES } from './recorded-frames.test.data.js';
import { Smb1Command } from './smb1-command.js';

function recorded(name: string): Smb1Message {
  const found = RECORDED_FRAMES.find((frame) => frame.name === name);
  assert.ok(found, name);
  return decodeChain(fromHex(found.frame));
}

function body<T>(message: Smb1Message, type: new () => T, index = 0): T {
  const found = message.blocks[index]?.body;
  assert.ok(found instanceof type);
  return found;
}

function header(flags2: number, reply = false): Smb1Header {
  const made = new Smb1Header();
  made.flags = reply ? Smb1Flags.Reply : 0;
  made.flags2 = flags2;
  return made;
}

const UNICODE = Smb1Flags2.Unicode | Smb1Flags2.NtStatus;

test('negotiation, as recorded', () => {
  assert.ok(body(recorded('NEGOTIATE request'), NegotiateRequest).dialects.includes('NT LM 0.12'));
  const extended = body(recorded('NEGOTIATE response17 extended'), NegotiateResponse);
  assert.ok(extended.isExtendedSecurity);
  assert.ok(extended.securityBlob.length > 20);
  const plain = body(recorded('NEGOTIATE response17 OEM'), NegotiateResponse);
  assert.equal(plain.challenge.length, 8);
  assert.equal(plain.domainName, 'WORKGROUP');
  assert.equal(plain.serverName, 'BASELINE');
  assert.equal(body(recorded('NEGOTIATE response1 OEM'), NegotiateResponse).dialectIndex, 0xffff);
});

test('log-on and share, as recorded', () => {
  const setup = body(recorded('SESSION_SETUP_ANDX request13'), SessionSetupAndXRequest);
  assert.equal(setup.accountName, 'tester');
  assert.equal(setup.oemPassword.length, 24);
  const tree = body(recorded('TREE_CONNECT_ANDX request'), TreeConnectAndXRequest);
  assert.match(tree.path, /^\\\\127\.0\.0\.1\\/);
});

test('a chain, as recorded', () => {
  const request = recorded('OPEN_ANDX + READ_ANDX request');
  body(request, OpenAndXRequest);
  body(request, ReadAndXRequest, 1);
  const response = recorded('OPEN_ANDX + READ_ANDX response15');
  body(response, OpenAndXResponse);
  body(response, ReadAndXResponse, 1);
});

test('chains are linked, and cannot go astray', () => {
  const open = new OpenAndXRequest();
  open.fileName = '\\a';
  const read = new ReadAndXRequest();
  read.maxCount = 0x12345;
  const message = new Smb1Message(header(UNICODE), [
    { command: Smb1Command.OpenAndX, body: open },
    { command: Smb1Command.ReadAndX, body: read },
    { command: Smb1Command.Close, body: new CloseRequest() },
  ]);
  const frame = encodeChain(message).slice();
  const back = decodeChain(frame);
  assert.equal(back.name, 'SMB_COM_OPEN_ANDX + SMB_COM_READ_ANDX + SMB_COM_CLOSE');
  assert.deepEqual(back.blocks, message.blocks);
  assert.equal(body(back, ReadAndXRequest, 1).maxCount, 0x12345);
  const offsetAt = 32 + 1 + 2;
  for (const offset of [0, 31, 32, 0xffff, frame.length]) {
    const bad = frame.slice();
    bad[offsetAt] = offset & 0xff;
    bad[offsetAt + 1] = offset >> 8;
    assert.throws(() => decodeChain(bad), Malformed, String(offset));
    assert.ok(dissectSmb1(bad).malformed);
    assert.equal(dissectSmb1(bad).blocks.length, 1);
  }
});

test('a chain of more than 16 commands is refused', () => {
  const block = (): Block => ({ command: Smb1Command.ReadAndX, body: new ReadAndXRequest() });
  const chain = (n: number): Uint8Array => encodeChain(new Smb1Message(header(0), Array.from({ length: n }, block)));
  assert.equal(decodeChain(chain(16)).blocks.length, 16);
  assert.throws(() => decodeChain(chain(17)), Malformed);
});

test('large reads: the length has 24 bits, ByteCount is modulo, the data go by reference', () => {
  const response = new ReadAndXResponse();
  response.data = new Uint8Array(0x1_2345).fill(7);
  const message = Smb1Message.of(header(UNICODE, true), response);
  message.header.command = Smb1Command.ReadAndX;
  message.blocks = [{ command: Smb1Command.ReadAndX, body: response }];
  const io = new Encoder();
  io.begin(4);
  writeMessage(io, message);
  assert.equal(io.end().length, 4 + 60);
  assert.equal(io.payload, response.data);
  const back = decodeChain(encodeChain(message));
  assert.equal(toHex(body(back, ReadAndXResponse).data), toHex(response.data));
});

test('an answer without words is empty, whatever the command and status', () => {
  const reply = header(UNICODE, true);
  reply.command = Smb1Command.ReadAndX;
  reply.ntStatus = NtStatus.AccessDenied;
  const back = decodeChain(encodeChain(Smb1Message.of(reply, new EmptyBlock())));
  assert.equal(back.header.ntStatus, NtStatus.AccessDenied);
  body(back, EmptyBlock);
});

test('the form of the status is up to Flags2', () => {
  const request = header(0);
  assert.equal(request.reply(NtStatus.ObjectNameNotFound).status, 0x00020001);
  assert.equal(request.reply(NtStatus.ObjectNameNotFound).ntStatus, NtStatus.ObjectNameNotFound);
  assert.equal(request.reply(NtStatus.SmbBadTid).status, NtStatus.SmbBadTid);
  assert.equal(header(UNICODE).reply(NtStatus.ObjectNameNotFound).status, NtStatus.ObjectNameNotFound);
});

test('unknown commands keep their bytes', () => {
  const frame = fromHex(`ff534d4299${'00'.repeat(27)}020102030403000a0b0c`);
  const back = decodeChain(frame);
  assert.deepEqual(body(back, RawBlock).words, fromHex('01020304'));
  assert.deepEqual(body(back, RawBlock).bytes, fromHex('0a0b0c'));
  assert.equal(toHex(encodeChain(back)), toHex(frame));
});

test('lock ranges of both sizes', () => {
  for (const large of [true, false]) {
    const request = new LockingAndXRequest();
    request.typeOfLock = large ? TypeOfLock.LargeFiles : 0;
    const range = new LockingRange(large);
    range.byteOffset = large ? 0xffff_ffff_0000_0001n : 7n;
    range.lengthInBytes = 9n;
    request.locks = [range];
    request.unlocks = [range, range];
    const message = Smb1Message.of(header(UNICODE), request);
    message.blocks = [{ command: Smb1Command.LockingAndX, body: request }];
    assert.deepEqual(decodeChain(encodeChain(message)).blocks, message.blocks);
  }
});

test('nothing but Malformed comes of changed frames', () => {
  const frames = RECORDED_FRAMES.map(({ frame, request }) => ({ frame: fromHex(frame), request }));
  fc.assert(
    fc.property(
      fc.nat(frames.length - 1),
      fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }),
      (i, edits) => {
        const { frame, request } = frames[i]!;
        const changed = frame.slice();
        for (const [at, value] of edits) if (at >= 5 && at < changed.length) changed[at] = value;
        dissectSmb1(changed, request === undefined ? undefined : decodeChain(fromHex(request)));
        try {
          decodeChain(changed);
        } catch (error) {
          assert.ok(error instanceof Malformed, String(error));
        }
      },
    ),
    { numRuns: 3000 },
  );
});
