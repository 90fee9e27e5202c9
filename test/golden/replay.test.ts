import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { splitCompound } from '#engine/smb2/split.js';
import { formatExchange, parseExchange } from '#testing/exchange.js';
import { toHex } from '#testing/golden.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { dissectSmb1 } from '#wire/smb1/dissect.js';
import { decodeChain, encodeChain } from '#wire/smb1/message.js';
import { dissectSmb2 } from '#wire/smb2/dissect.js';
import { root } from '../root.js';
import { Smb2Message } from '../smb2-message.js';

const HEADER = 4;
const DIALECTS: Readonly<Record<string, number>> = { '2.0.2': 0x0202, '2.1': 0x0210, '3.0.2': 0x0302 };

interface Tally {
  messages: number;
  same: number;
}

function replaySmb1(frame: Uint8Array, tally: Tally): void {
  const { malformed } = dissectSmb1(frame);
  assert.equal(malformed, undefined, malformed?.message);
  const message = decodeChain(frame);
  const encoded = encodeChain(message);
  assert.deepEqual(decodeChain(encoded), message);
  tally.messages++;
  if (toHex(encoded) === toHex(frame)) tally.same++;
}

function replaySmb2(frame: Uint8Array, dialect: number, tally: Tally): void {
  for (const { malformed, name } of dissectSmb2(frame, { dialect })) {
    assert.equal(malformed, undefined, `${name}: ${malformed?.message}`);
  }
  if (frame[0] !== 0xfe) return;
  for (const { bytes } of splitCompound(new Decoder(), frame, 16)) {
    const decode = (from: Uint8Array): Smb2Message => {
      const io = new Decoder();
      io.dialect = dialect;
      const message = new Smb2Message();
      message.layout(io.reset(from));
      return message;
    };
    const first = decode(bytes);
    const encoder = new Encoder();
    encoder.dialect = dialect;
    const encoded = encoder.encode(first);
    assert.deepEqual(decode(encoded), first);
    tally.messages++;
    if (isDeepStrictEqual(encoded.slice(), bytes.slice(0, encoded.length))) tally.same++;
  }
}

const folder = join(root, 'test', 'golden');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.txt'));

test('there are recordings', () => assert.ok(files.length >= 10));

for (const file of files.sort()) {
  test(`recording ${file}`, (t) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const exchange = parseExchange(text);
    assert.equal(formatExchange(exchange), text, 'the recording reads back as it is');
    const dialect = DIALECTS[(exchange.about.dialect ?? '').split(',')[0] as string] ?? 0x0311;
    const tally = { messages: 0, same: 0 };
    exchange.frames.forEach(({ from, bytes }, index) => {
      const frame = bytes.slice(HEADER);
      try {
        if (frame[0] === 0xff) replaySmb1(frame, tally);
        else replaySmb2(frame, dialect, tally);
      } catch (error) {
        throw new Error(`message ${index + 1}, from the ${from}`, { cause: error });
      }
    });
    t.diagnostic(`${tally.same} of ${tally.messages} messages encode to the very same bytes`);
    assert.ok(tally.messages > 0);
  });
}
