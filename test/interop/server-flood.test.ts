import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ServerOptions } from '#server/index.js';
import { inReverse, requirePeer } from '#testing/peers.js';
import { NtStatus, statusName } from '#wire/erref/nt-status.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { ReadRequest } from '#wire/smb2/command/read.js';
import { WriteRequest } from '#wire/smb2/command/write.js';
import { Command } from '#wire/smb2/header.js';
import { root } from '../root.js';
import { framed, RawPeer } from './raw-peer.js';
import { succeed } from './serve.js';
import { Talk } from './talk.js';

/** These clients do not sign, so the server must not require it. */
const OPEN: ServerOptions = { signing: 'enabled' };
const ECHO = new EchoRequest();

function is(status: number, wanted: number): void {
  assert.equal(statusName(status), statusName(wanted));
}

async function servesOn(served: { readonly port: number }): Promise<void> {
  await succeed(served, 'memory', '-c', 'mkdir still-here; ls; rmdir still-here');
}

interface Apart {
  readonly port: number;
  /** Resident memory in bytes. */
  memory(): number;
  readonly talk: Talk;
}

/** The server in its own process. */
async function serveApart(t: TestContext, options: ServerOptions): Promise<Apart> {
  const talk = new Talk(inReverse(t), process.execPath, [
    join(root, 'build/test/interop/serving.js'),
    JSON.stringify(options),
  ]);
  const [, port] = await talk.hears(/listening on (\d+)/);
  const memory = (): number => {
    const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${talk.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  };
  return { port: Number(port), memory, talk };
}

const MIB = 1024 * 1024;

test('ten thousand connections without a logon: memory stays bounded and users are served', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const apart = await serveApart(t, OPEN);
  const known = await RawPeer.loggedOn(apart.port, 'memory');
  await servesOn(apart);
  const before = apart.memory();
  const announced = Uint8Array.of(0, 1, 0, 0, 0xfe, 0x53, 0x4d, 0x42);
  const open: RawPeer[] = [];
  let most = before;
  for (let wave = 0; wave < 40; wave++) {
    const peers = await Promise.all(Array.from({ length: 250 }, () => RawPeer.connect(apart.port)));
    for (const peer of peers) peer.write(Buffer.concat([announced, Buffer.alloc(60_000)]));
    open.push(...peers);
    is((await known.call(Command.Echo, ECHO)).header.status, NtStatus.Success);
    // New clients can still get in during the flood.
    if (wave % 10 === 5) await servesOn(apart);
    most = Math.max(most, apart.memory());
    // Only one wave and the connections that the server tolerates remain; it has ended the others.
    await Promise.all(open.splice(0, Math.max(0, open.length - 300)).map(({ ended }) => ended));
  }
  assert.ok(most - before < 200 * MIB, `${Math.round((most - before) / MIB)} MiB more`);
  for (const peer of open) peer.end();
  await servesOn(apart);
  is((await known.call(Command.Echo, ECHO)).header.status, NtStatus.Success);
  known.end();
  assert.doesNotMatch(apart.talk.output, /error/);
});

for (const [who, size] of [
  ['a stranger that asks for echoes', 0],
  ['a user that reads 64 KiB each', 65_536],
] as const) {
  test(`${who} and never takes the answers is cut off, and costs no memory`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const apart = await serveApart(t, OPEN);
    const peer = size === 0 ? await RawPeer.connect(apart.port) : await RawPeer.loggedOn(apart.port, 'memory');
    if (size === 0) await peer.negotiate();
    let body: EchoRequest | ReadRequest = ECHO;
    if (size > 0) {
      const { fileId } = await peer.create('file');
      const write = new WriteRequest();
      write.fileId = fileId;
      write.data = new Uint8Array(size);
      is((await peer.call(Command.Write, write)).header.status, NtStatus.Success);
      body = Object.assign(new ReadRequest(), { fileId, length: size });
    }
    const before = apart.memory();
    peer.socket.pause();
    let most = before;
    const command = size === 0 ? Command.Echo : Command.Read;
    for (let i = 0; i < 400 && !peer.socket.destroyed; i++) {
      const messages = Array.from({ length: 500 }, () => framed(peer.message(command, body)));
      const taken = peer.socket.write(Buffer.concat(messages));
      if (!taken) await Promise.race([peer.ended, new Promise((resolve) => peer.socket.once('drain', resolve))]);
      most = Math.max(most, apart.memory());
    }
    peer.socket.resume();
    await peer.ended;
    assert.ok(most - before < 150 * MIB, `${Math.round((most - before) / MIB)} MiB more`);
    await servesOn(apart);
    assert.doesNotMatch(apart.talk.output, /error/);
  });
}
