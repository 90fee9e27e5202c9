import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import type { ServerOptions } from '#server/index.js';
import { requirePeer } from '#testing/peers.js';
import { NtStatus, statusName } from '#wire/erref/nt-status.js';
import { FileId } from '#wire/io/file-id.js';
import { ChangeNotifyRequest } from '#wire/smb2/command/change-notify.js';
import { CloseRequest } from '#wire/smb2/command/close.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { QueryDirectoryRequest } from '#wire/smb2/command/query-directory.js';
import { ReadRequest } from '#wire/smb2/command/read.js';
import { SessionSetupRequest } from '#wire/smb2/command/session-setup.js';
import { Command, HeaderFlags } from '#wire/smb2/header.js';
import { createRequest, framed, RawPeer } from './raw-peer.js';
import { type Served, serve, succeed } from './serve.js';

/** These clients do not sign, so the server must not require it. */
const OPEN: ServerOptions = { signing: 'enabled' };
const DIRECTORY = 1;
const ECHO = new EchoRequest();

function is(status: number, wanted: number, what = ''): void {
  assert.equal(statusName(status), statusName(wanted), what);
}

async function servesOn(served: Pick<Served, 'port'>): Promise<void> {
  await succeed(served, 'memory', '-c', 'mkdir still-here; ls; rmdir still-here');
}

const text = (value: string): Uint8Array => Buffer.from(value, 'latin1');
const SMB2_START = text('\xfeSMB\x40\0');

/** First bytes that no SMB client sends. Each of them ends the connection. */
const GARBAGE: Readonly<Record<string, Uint8Array>> = {
  'a web browser': text('GET / HTTP/1.1\r\nHost: server\r\n\r\n'),
  'a TLS client': Buffer.from('160301020001fc0303', 'hex'),
  'noise behind a right length': framed(randomBytes(60_000)),
  'a frame without anything': framed(),
  'a frame of one byte': framed(text('\xfe')),
  'a header cut short': framed(SMB2_START),
  'a length of 16 MiB': Uint8Array.of(0, 0xff, 0xff, 0xff),
  'more than a stranger may send': framed(Buffer.concat([SMB2_START, Buffer.alloc(70_000)])),
  'an encrypted message of nobody': framed(Buffer.concat([text('\xfdSMB'), randomBytes(100)])),
  'a compressed message': framed(Buffer.concat([text('\xfcSMB'), randomBytes(100)])),
  'SMB1 where there is none': framed(
    Buffer.concat([text('\xffSMBr'), Buffer.alloc(28), text('\0\x0c\0\x02NT LM 0.12\0')]),
  ),
  'RFC 1002 where there is none': Buffer.concat([Uint8Array.of(0x81, 0, 0, 68), Buffer.alloc(68)]),
};

test('garbage costs its sender the connection', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const served = await serve(t, OPEN);
  for (const [what, bytes] of Object.entries(GARBAGE)) {
    const peer = await RawPeer.connect(served.port);
    peer.write(bytes);
    // An old client is told that no dialect matches, and may try again; others get no response.
    const isOld = what.startsWith('SMB1');
    assert.equal((await peer.frame())?.[0], isOld ? 0xff : undefined, what);
    if (isOld) peer.end();
    await peer.ended;
  }
  await servesOn(served);
});

test('random changes to good messages are answered or cost the connection', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const served = await serve(t, OPEN);
  for (let round = 0; round < 60; round++) {
    const peer = await RawPeer.loggedOn(served.port, 'memory');
    const bytes = peer.message(Command.Create, createRequest('file'));
    for (let i = 0; i < 1 + (round % 4); i++)
      bytes[4 + ((round * 31 + i * 7) % (bytes.length - 4))] = (round * 37 + i) & 255;
    peer.send(bytes);
    // If the connection survives, the next request is answered: nothing hangs.
    peer.send(peer.message(Command.Echo, ECHO));
    while ((await peer.frame()) !== undefined) if (peer.socket.bytesRead > 0) break;
    peer.end();
    await peer.ended;
  }
  await servesOn(served);
});

test('silence is not waited for: nothing, half a header, half a message, no logon', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const served = await serve(t, { ...OPEN, limits: { logonTimeMs: 500 } });
  const half = framed(Buffer.alloc(1000)).subarray(0, 500);
  const peers = await Promise.all([0, 1, 2, 3, 4, 5].map(() => RawPeer.connect(served.port)));
  const [, header, message, negotiated, failed, slow] = peers as RawPeer[];
  header?.write(Uint8Array.of(0, 0));
  message?.write(half);
  await negotiated?.negotiate();
  await failed?.negotiate();
  await assert.rejects(failed?.logOn('wrong') ?? Promise.resolve());
  // A byte now and then does not count as progress.
  const drip = setInterval(() => slow?.write(Uint8Array.of(0)), 20);
  await Promise.all(peers.map(({ ended }) => ended));
  clearInterval(drip);
  const known = await RawPeer.loggedOn(served.port);
  await servesOn(served);
  is((await known.call(Command.Echo, ECHO)).header.status, NtStatus.Success);
  known.end();
});

/** Bad values of NextCommand. */
const LINKS: Readonly<Record<string, number>> = {
  itself: 8,
  'inside the header': 56,
  odd: 68 + 1,
  beyond: 0x10000,
  'all ones': 0xffffffff,
};

for (const [where, next] of Object.entries(LINKS)) {
  test(`a compound that leads ${where} costs the connection`, async (t) => {
    const served = await serve(t, OPEN);
    const peer = await RawPeer.loggedOn(served.port, 'memory');
    const first = peer.message(Command.Echo, ECHO, (header) => {
      header.nextCommand = next;
    });
    peer.send(first, new Uint8Array(4), peer.message(Command.Echo, ECHO));
    assert.equal(await peer.frame(), undefined);
  });
}

test('a compound is served up to its limit and costs the connection beyond', async (t) => {
  const served = await serve(t, { ...OPEN, limits: { compound: 8, credits: 64 } });
  for (const [count, survives] of [
    [8, true],
    [9, false],
  ] as const) {
    const peer = await RawPeer.loggedOn(served.port, 'memory');
    const messages = Array.from({ length: count }, (_, i) => {
      const last = i === count - 1;
      const bytes = peer.message(Command.Echo, ECHO, (header) => {
        header.nextCommand = last ? 0 : 72;
      });
      return last ? bytes : Buffer.concat([bytes, new Uint8Array(72 - bytes.length)]);
    });
    peer.send(...messages);
    assert.equal((await peer.frame()) !== undefined, survives);
    peer.end();
  }
});

test('credits: asking for all gets some, ids that were not granted or are used up cost the connection', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const served = await serve(t, OPEN);
  const stranger = await RawPeer.connect(served.port);
  stranger.credits = 65_535;
  let held = 1;
  held += (await stranger.negotiate()).header.credits - 1;
  for (let i = 0; i < 10; i++) held += (await stranger.call(Command.Echo, ECHO)).header.credits - 1;
  assert.ok(held >= 1 && held <= 16, `${held} credits before a logon`);

  const attempts: readonly ((header: { messageId: number; creditCharge: number }) => void)[] = [
    (header) => {
      header.messageId += 100_000;
    },
    (header) => {
      header.messageId = 0;
    },
    (header) => {
      header.messageId--;
    },
    (header) => {
      header.messageId = Number.MAX_SAFE_INTEGER;
    },
    (header) => {
      header.creditCharge = 65_535;
    },
  ];
  for (const attempt of attempts) {
    const peer = await RawPeer.loggedOn(served.port, 'memory');
    peer.credits = 65_535;
    let credits = 0;
    for (let i = 0; i < 5; i++) credits += (await peer.call(Command.Echo, ECHO)).header.credits - 1;
    assert.ok(credits <= 8192, `${credits} credits`);
    peer.send(peer.message(Command.Echo, ECHO, attempt));
    assert.equal(await peer.frame(), undefined);
  }
  stranger.end();
  await servesOn(served);
});

test('sessions, tree connects, opens and watches end at their limits, not before, and others do not notice', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const limits = { sessions: 3, treeConnects: 4, opens: 5, watches: 6 };
  const served = await serve(t, { ...OPEN, limits });
  const peer = await RawPeer.loggedOn(served.port);
  for (let i = 0; i < limits.treeConnects; i++) is(await peer.treeConnect('memory'), NtStatus.Success);
  const tree = peer.treeId;
  is(await peer.treeConnect('memory'), NtStatus.InsufficientResources);
  peer.treeId = tree;
  const opens: FileId[] = [];
  for (let i = 0; i < limits.opens; i++) {
    const { status, fileId } = await peer.create(i === 0 ? '' : `file-${i}`, i === 0 ? DIRECTORY : 0);
    is(status, NtStatus.Success);
    opens.push(fileId);
  }
  is((await peer.create('one-more')).status, NtStatus.TooManyOpenedFiles);

  const notify = new ChangeNotifyRequest();
  notify.fileId = opens[0] as FileId;
  notify.completionFilter = 0xfff;
  notify.outputBufferLength = 1000;
  for (let i = 0; i < limits.watches; i++)
    is((await peer.call(Command.ChangeNotify, notify)).header.status, NtStatus.Pending);
  is((await peer.call(Command.ChangeNotify, notify)).header.status, NtStatus.InsufficientResources);

  const setup = new SessionSetupRequest();
  setup.securityBuffer = text('NTLMSSP\0\x01\0\0\0\x05\x82\x08\xa2').slice();
  const first = peer.sessionId;
  const begun: number[] = [];
  for (let i = 0; i < limits.sessions; i++) {
    begun.push(
      (
        await peer.call(Command.SessionSetup, setup, (header) => {
          header.sessionId = 0n;
        })
      ).header.status,
    );
  }
  assert.deepEqual(
    begun.slice(0, -1).filter((status) => status === NtStatus.InsufficientResources),
    [],
  );
  peer.sessionId = first;
  is((await peer.call(Command.Echo, ECHO)).header.status, NtStatus.Success);
  await servesOn(served);
  peer.end();
  await peer.ended;
  // Everything it held has been released.
  await succeed(served, 'memory', '-c', 'del file-*; ls');
});

test('half-open logons of one connection are counted', async (t) => {
  const served = await serve(t, { ...OPEN, limits: { sessions: 3 } });
  const peer = await RawPeer.connect(served.port);
  await peer.negotiate();
  const statuses: string[] = [];
  for (let i = 0; i < 5; i++) {
    const setup = new SessionSetupRequest();
    setup.securityBuffer = Buffer.from(
      '4e544c4d5353500001000000978208e2000000000000000000000000000000000a00614a0000000f',
      'hex',
    );
    statuses.push(statusName((await peer.call(Command.SessionSetup, setup)).header.status));
  }
  const more = statusName(NtStatus.MoreProcessingRequired);
  const enough = statusName(NtStatus.InsufficientResources);
  assert.deepEqual(statuses, [more, more, more, enough, enough]);
  peer.end();
});

test('a client that dribbles one byte at a time is served like any other', async (t) => {
  const served = await serve(t, OPEN);
  const peer = await RawPeer.connect(served.port);
  peer.socket.setNoDelay(true);
  const whole = peer.socket.write.bind(peer.socket);
  peer.write = (bytes) => {
    for (const byte of bytes) whole(Uint8Array.of(byte));
  };
  await peer.negotiate();
  await peer.logOn();
  is(await peer.treeConnect('memory'), NtStatus.Success);
  is((await peer.create('file')).status, NtStatus.Success);
  peer.end();
});

test('names and patterns of absurd length, buffers of absurd size', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const served = await serve(t, OPEN);
  for (const share of ['memory', 'local']) {
    const peer = await RawPeer.loggedOn(served.port, share);
    for (const name of [
      'x'.repeat(256),
      'x'.repeat(30_000),
      'x\\'.repeat(15_000),
      '\\'.repeat(30_000),
      '..\\'.repeat(9000),
    ]) {
      const { status } = await peer.create(name);
      assert.ok(status >>> 30 === 3, `${name.slice(0, 10)} of ${name.length}: ${statusName(status)}`);
    }
    for (let i = 0; i < 20; i++) await peer.create(`${'a'.repeat(200)}${i}`);
    const { fileId } = await peer.create('', DIRECTORY);
    const query = async (pattern: string, room: number, flags = 1): Promise<number> => {
      const body = new QueryDirectoryRequest();
      body.fileInformationClass = 37;
      body.flags = flags;
      body.fileId = fileId;
      body.fileName = pattern;
      body.outputBufferLength = room;
      return (await peer.call(Command.QueryDirectory, body)).header.status;
    };
    for (let room = 0; room < 120; room += 7) {
      const status = await query('*', room);
      const fits = [NtStatus.InfoLengthMismatch, NtStatus.BufferOverflow, NtStatus.Success] as number[];
      assert.ok(fits.includes(status), `${room}: ${statusName(status)}`);
    }
    is(await query('*', 0xffffffff), NtStatus.InvalidParameter);
    for (const pattern of ['*?'.repeat(15_000), '<'.repeat(30_000), `${'*a'.repeat(2000)}b`]) {
      is(await query(pattern, 4096), NtStatus.ObjectNameInvalid);
    }
    const started = performance.now();
    is(await query(`${'*a'.repeat(250)}b`, 4096), NtStatus.NoSuchFile);
    assert.ok(performance.now() - started < 2000, 'a pattern takes its time');
    peer.end();
  }
  await servesOn(served);
});

test('clients that go away in the middle leave nothing open', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const served = await serve(t, OPEN);
  const before = (await readdir('/proc/self/fd')).length;
  for (let i = 0; i < 40; i++) {
    const peer = await RawPeer.loggedOn(served.port, 'local');
    for (let n = 0; n < 4; n++) peer.send(peer.message(Command.Create, createRequest(`file-${n}`)));
    // Some clients leave before the responses, some while they arrive.
    if (i % 2 === 0) await peer.frame();
    peer.end();
    await peer.ended;
  }
  await succeed(served, 'local', '-c', 'del file-*; ls');
  assert.deepEqual(await readdir(served.folder), []);
  while (served.server.connections.all > 0) await new Promise(setImmediate);
  assert.ok((await readdir('/proc/self/fd')).length <= before + 2);
});

test('one session of a peer cannot reach what another has open', async (t) => {
  const served = await serve(t, OPEN);
  const owner = await RawPeer.loggedOn(served.port, 'memory');
  const { fileId } = await owner.create('secret');
  const other = await RawPeer.loggedOn(served.port, 'memory');
  const read = Object.assign(new ReadRequest(), { fileId, length: 10 });
  is((await other.call(Command.Read, read)).header.status, NtStatus.FileClosed);
  is(
    (await other.call(Command.Close, Object.assign(new CloseRequest(), { fileId }))).header.status,
    NtStatus.FileClosed,
  );
  other.sessionId = owner.sessionId;
  is((await other.call(Command.Read, read)).header.status, NtStatus.UserSessionDeleted);
  const related = await other.call(
    Command.Read,
    Object.assign(new ReadRequest(), { fileId: FileId.related }),
    (header) => {
      header.flags |= HeaderFlags.RelatedOperations;
    },
  );
  is(related.header.status, NtStatus.InvalidParameter);
  owner.end();
  other.end();
});
