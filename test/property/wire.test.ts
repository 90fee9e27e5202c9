import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Sampler } from '#testing/sampler.js';
import { SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import { Decoder } from '#wire/io/decoder.js';
import { Dissector, dissectWith } from '#wire/io/dissector.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Layout, Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import { Commands } from '#wire/smb1/commands.js';
import { Smb1Header } from '#wire/smb1/header.js';
import { commandsByName } from '#wire/smb2/commands.js';
import { Smb2Header } from '#wire/smb2/header.js';

const RUNS = 200;
const SMB2_HEADER = 64;
const SMB1_HEADER = 32;

interface Settings {
  readonly dialect: number;
  readonly unicode: boolean;
}

function configure<I extends { dialect: number; unicode: boolean }>(io: I, settings: Settings): I {
  io.dialect = settings.dialect;
  io.unicode = settings.unicode;
  return io;
}

/** A body at its place in a message: offsets count from the header. */
class Placed implements Wire {
  readonly body: Wire;
  readonly #header: number;

  constructor(body: Wire, header: number) {
    this.body = body;
    this.#header = header;
  }

  layout(io: Layout): void {
    if (this.#header > 0) io.skip('Header', this.#header);
    this.body.layout(io);
  }
}

/** Invents a message; undefined if the invented lengths contradict checks in the layout. */
function sample(make: () => Wire, header: number, seed: number, settings: Settings): Placed | undefined {
  const placed = new Placed(make(), header);
  try {
    placed.layout(configure(new Sampler(seed), settings));
    return placed;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function property(make: () => Wire, header: number): void {
  let tried = 0;
  const decode = (bytes: Uint8Array, settings: Settings): Placed => {
    const placed = new Placed(make(), header);
    placed.layout(configure(new Decoder(), settings).reset(bytes));
    return placed;
  };
  const settings = fc.record({
    dialect: fc.constantFrom(0, 0x0202, 0x0210, 0x0300, 0x0302, 0x0311),
    unicode: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.nat(), settings, (seed, how) => {
      const invented = sample(make, header, seed, how);
      if (!invented) return;
      tried++;
      const bytes = configure(new Encoder(), how).encode(invented).slice();
      const read = decode(bytes, how);
      assert.deepEqual(read.body, invented.body);
      const { malformed } = dissectWith(configure(new Dissector(), how).reset(bytes), new Placed(make(), header));
      assert.equal(malformed, undefined);
      for (const part of [1, 2, 3]) cut(bytes.slice(0, (bytes.length * part) >> 2), (from) => decode(from, how));
    }),
    { numRuns: RUNS, seed: 1, endOnFailure: false },
  );
  assert.ok(tried > RUNS / 10, `only ${tried} samples could be tried`);
}

/** Decoding a truncated message may only throw Malformed. */
function cut(bytes: Uint8Array, decode: (bytes: Uint8Array) => unknown): void {
  try {
    decode(bytes);
  } catch (error) {
    assert.ok(error instanceof Malformed, String(error));
  }
}

test('any SMB2 header', () => property(() => new Smb2Header(), 0));
test('any SMB1 header', () => property(() => new Smb1Header(), 0));
test('any security descriptor', () => property(() => new SecurityDescriptor(), 0));

for (const row of Object.values(commandsByName)) {
  test(`any SMB2 ${row.name} request`, () => property(row.request, SMB2_HEADER));
  test(`any SMB2 ${row.name} response`, () => property(row.response, SMB2_HEADER));
}

for (const row of Object.values(Commands)) {
  test(`any ${row.name} request`, () => property(() => new row.request(), SMB1_HEADER));
  test(`any ${row.name} response`, () => property(() => new row.response(), SMB1_HEADER));
}
