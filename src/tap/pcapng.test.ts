import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { requirePeer, run, temporaryFolder } from '#testing/peers.js';
import { classicExchange } from '#viewer/classic.test.samples.js';
import { Malformed } from '#wire/io/malformed.js';
import type { FrameEvent } from './events.js';
import { PcapngWriter } from './pcapng.js';
import { capturedFrames } from './pcapng-frames.js';
import { capturedPackets } from './pcapng-reader.js';

function written(events: readonly FrameEvent[]): Uint8Array {
  const writer = new PcapngWriter();
  return Buffer.concat([writer.header(), ...events.map((event) => writer.frame(event))]);
}

const summary = (events: readonly FrameEvent[]): unknown[] =>
  events.map(({ direction, frame, time, connection }) => [
    direction,
    Buffer.from(frame).toString('hex'),
    time,
    connection.framing,
  ]);

test('what was written reads back', () => {
  const events = classicExchange();
  assert.deepEqual(summary(capturedFrames(written(events))), summary(events));
});

test('frames above the size of a packet, and IPv6', () => {
  const [first] = classicExchange();
  assert.ok(first);
  const frame = new Uint8Array(200_004);
  frame.set([0, 3, 13, 64]);
  frame.fill(7, 4);
  const connection = {
    ...first.connection,
    framing: 'direct',
    local: '[2001:db8::1]:4450',
    remote: '[fe80::2%eth0]:5000',
    role: 'server',
  } as const;
  const event: FrameEvent = { ...first, connection, frame, direction: 'sent' };
  const file = written([event]);
  assert.equal([...capturedPackets(file)].length, 3 + 4);
  const [read] = capturedFrames(file);
  assert.deepEqual(read?.frame, frame);
  assert.equal(read?.direction, 'received');
  assert.deepEqual([read?.connection.remote, read?.connection.local], ['[2001:db8::1]:445', '[fe80::2]:5000']);
});

test('segments out of order and sent twice', () => {
  const events = classicExchange();
  const writer = new PcapngWriter();
  const head = writer.header();
  const blocks = events.map((event) => writer.frame(event));
  const first = blocks[0] as Uint8Array;
  const last = blocks.length - 1;
  // The first block also holds the handshake; each later client packet is moved after the next one and repeated.
  const mixed = [
    first,
    ...blocks.slice(1, last - 1),
    blocks[last],
    blocks[last - 1],
    blocks[last - 1],
    first,
  ] as Uint8Array[];
  const frames = capturedFrames(Buffer.concat([head, ...mixed.slice(0, -1)]));
  assert.equal(frames.length, events.length);
});

test('behind a gap it goes on with the next frame', () => {
  const events = classicExchange();
  const writer = new PcapngWriter();
  const blocks = events.map((event) => writer.frame(event));
  // The second of the client's six packets is lost, so what follows starts in the middle of a frame.
  const frames = capturedFrames(Buffer.concat([writer.header(), ...blocks.filter((_, index) => index !== 2)]));
  assert.equal(frames.length, events.length - 1);
});

test('files that are none, or end early', () => {
  const file = written(classicExchange());
  assert.throws(() => capturedFrames(new Uint8Array(100)), Malformed);
  assert.throws(() => capturedFrames(new Uint8Array(3)), Malformed);
  for (let length = 48; length < file.length; length += 61) capturedFrames(file.slice(0, length));
});

test('Wireshark reads it and finds nothing wrong', async (t) => {
  if (!requirePeer(t, 'tshark')) return;
  const file = join(await temporaryFolder(t), 'exchange.pcapng');
  await writeFile(file, written(classicExchange()));
  const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
  const { stdout, status } = await run('tshark', [
    '-r',
    file,
    ...checks,
    '-T',
    'fields',
    '-e',
    '_ws.col.Protocol',
    '-e',
    '_ws.col.Info',
  ]);
  assert.equal(status, 0);
  const lines = stdout.trim().split('\n');
  assert.equal(lines.length, 3 + 12);
  assert.match(stdout, /NBSS\tSession request, to \*SMBSERVER<20> from DESK<00>/);
  assert.match(stdout, /SMB\tOpen AndX Request, Path: \\a<b>\.txt/);
  assert.match(stdout, /SMB\tRead AndX Response, FID: 0x4001, 5 bytes/);
  const expert = await run('tshark', ['-r', file, ...checks, '-q', '-z', 'expert,warn']);
  assert.doesNotMatch(expert.stdout, /Malformed|Checksum|Retransmission|Out-Of-Order|Unseen/i);
});

test('a port that a client uses again begins a new conversation', async (t) => {
  const writer = new PcapngWriter();
  const rounds = [1, 2, 3].map((round) => {
    const events = classicExchange().map((event) => ({ ...event, connection: { ...event.connection, id: round } }));
    const [{ connection, time }] = events.slice(-1) as [FrameEvent];
    return { events, bytes: [...events.map((event) => writer.frame(event)), writer.end(connection, time)] };
  });
  const whole = Buffer.concat([writer.header(), ...rounds.flatMap(({ bytes }) => bytes)]);
  assert.deepEqual(summary(capturedFrames(whole)), summary(rounds.flatMap(({ events }) => events)));
  if (!requirePeer(t, 'tshark')) return;
  const file = join(await temporaryFolder(t), 'again.pcapng');
  await writeFile(file, whole);
  const streams = await run('tshark', ['-r', file, '-Y', 'tcp.flags.syn == 1', '-T', 'fields', '-e', 'tcp.stream']);
  assert.deepEqual(streams.stdout.trim().split(/\s+/), ['0', '0', '1', '1', '2', '2']);
  const faults = await run('tshark', [
    '-r',
    file,
    '-Y',
    'tcp.analysis.retransmission || tcp.analysis.ack_lost_segment',
  ]);
  assert.equal(faults.stdout, '');
});
