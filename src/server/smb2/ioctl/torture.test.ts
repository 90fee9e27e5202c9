import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Smb2Peer } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { IoctlFlags, IoctlRequest, type IoctlResponse } from '#wire/smb2/command/ioctl.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { createServer } from '../../server.js';

const OUTPUT_OFFSET_AT = 64 + 32;

async function ask(torture: boolean, ctlCode: number, values: Partial<IoctlRequest> = {}): Promise<Smb2Peer> {
  const peer = new Smb2Peer(createServer({ users: { ann: { password: 'secret' } }, torture }), {
    dialect: Dialect.Smb311,
  });
  peer.negotiate();
  const session = await peer.logOn();
  const treeId = await peer.connect(session, 'IPC$');
  const request = Object.assign(new IoctlRequest(), { ctlCode, flags: IoctlFlags.IsFsctl, ...values });
  await peer.ask(Command.Ioctl, request, { sessionId: session.id, treeId, signWith: session });
  return peer;
}

test('the codes of the test suite are served when the server is told so, and only then', async () => {
  for (const code of [0x83848003, 0x83848013, 0x83848023, 0x83848043]) {
    assert.notEqual((await ask(false, code)).status, NtStatus.Success);
  }
  for (const code of [0x83848003, 0x83848013, 0x83848023]) {
    assert.equal((await ask(true, code)).status, NtStatus.Success);
    assert.equal((await ask(true, code, { input: Uint8Array.of(1) })).status, NtStatus.InvalidParameter);
  }
});

test('padding goes between the fixed part of a response and its output', async () => {
  const { last } = await ask(true, 0x83848013, { maxOutputResponse: 5 });
  assert.deepEqual((last.body as IoctlResponse).output, Uint8Array.of(8, 8, 8, 8, 8));
  assert.equal(new DataView(last.bytes.slice().buffer).getUint32(OUTPUT_OFFSET_AT, true), 64 + 48 + 8);
});
