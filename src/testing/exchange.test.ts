import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Exchange, exchangesOf, formatExchange, parseExchange } from './exchange.js';
import { rewritePort, tcpOnly, tcpSegments } from './pcap.js';

/** A pcap with minimal Ethernet, IPv4 and TCP headers. */
function pcap(segments: [source: number, destination: number, sequence: number, payload: number[]][]): Uint8Array {
  const parts: number[] = [];
  const u32 = (v: number): number[] => [v & 255, (v >> 8) & 255, (v >> 16) & 255, (v >>> 24) & 255];
  const be16 = (v: number): number[] => [v >> 8, v & 255];
  parts.push(...u32(0xa1b2c3d4), 2, 0, 4, 0, ...u32(0), ...u32(0), ...u32(0x40000), ...u32(1));
  for (const [source, destination, sequence, payload] of segments) {
    const length = 40 + payload.length;
    parts.push(...u32(0), ...u32(0), ...u32(14 + length), ...u32(14 + length));
    parts.push(...new Array(12).fill(0), 8, 0);
    parts.push(0x45, 0, ...be16(length), 0, 0, 0, 0, 64, 6, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1);
    parts.push(...be16(source), ...be16(destination), ...u32(sequence).reverse(), 0, 0, 0, 0, 0x50, 0x18);
    parts.push(0, 0, 0, 0, 0, 0, ...payload);
  }
  return Uint8Array.from(parts);
}

test('a recording reads back as it was written', () => {
  const exchange: Exchange = {
    about: { peer: 'Samba 4.17.12', dialect: 'NT LM 0.12' },
    frames: [
      { from: 'client', bytes: Uint8Array.from({ length: 37 }, (_, i) => i * 7) },
      { from: 'server', bytes: Uint8Array.of(0, 0, 0, 1, 0x20) },
    ],
  };
  const text = formatExchange(exchange);
  assert.deepEqual(parseExchange(text), exchange);
  assert.match(text, /^# peer: Samba 4\.17\.12\n/);
  assert.throws(() => parseExchange(`${text}\nwhat is this`), /no part of a recording/);
});

test('a conversation is cut out of a capture: split, joined and repeated segments', () => {
  const capture = pcap([
    [50000, 4450, 100, [0, 0, 0, 2, 0xaa]],
    [50000, 4450, 100, [0, 0, 0, 2, 0xaa]],
    [50000, 4450, 105, [0xbb, 0, 0, 0, 0]],
    [4450, 50000, 9, [0, 0, 0, 1, 0xcc]],
    [1, 2, 3, [1, 2, 3]],
  ]);
  const bytes = (...v: number[]): Uint8Array => Uint8Array.from(v);
  assert.deepEqual(exchangesOf(capture, 4450), [
    [
      { from: 'client', bytes: bytes(0, 0, 0, 2, 0xaa, 0xbb) },
      { from: 'client', bytes: bytes(0, 0, 0, 0) },
      { from: 'server', bytes: bytes(0, 0, 0, 1, 0xcc) },
    ],
  ]);
  assert.throws(
    () =>
      exchangesOf(
        pcap([
          [5, 4450, 1, [0]],
          [5, 4450, 3, [0]],
        ]),
        4450,
      ),
    /lost a segment/,
  );
});

test('a port is rewritten in both directions and nowhere else', () => {
  const capture = pcap([
    [50000, 4450, 1, [4450 >> 8, 4450 & 255]],
    [4450, 50000, 1, []],
    [7, 8, 1, []],
  ]);
  const ports = Array.from(tcpSegments(rewritePort(capture, 4450, 445)), (s) => [s.sourcePort, s.destinationPort]);
  assert.deepEqual(ports, [
    [50000, 445],
    [445, 50000],
    [7, 8],
  ]);
  assert.deepEqual(
    Array.from(tcpSegments(capture), (s) => s.payload.length),
    [2, 0, 0],
  );
});

test('what is not TCP can be left out of a capture', () => {
  const capture = pcap([
    [50000, 445, 1, [1, 2]],
    [445, 50000, 1, [3]],
  ]);
  assert.deepEqual(Buffer.concat(tcpOnly(capture)), Buffer.from(capture));
  // The protocol field of the first frame, after the file, record and Ethernet headers.
  capture[24 + 16 + 14 + 9] = 17;
  const left = Buffer.concat(tcpOnly(capture));
  assert.deepEqual(
    Array.from(tcpSegments(left), ({ payload }) => [...payload]),
    [[3]],
  );
});
