import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decoder } from '#wire/io/decoder.js';
import { Dissector, dissectWith } from '#wire/io/dissector.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';

export interface GoldenOptions {
  readonly dialect?: number;
  readonly unicode?: boolean;
  /** Bytes before the structure that its offsets count from (64 for an SMB2 body). Written as zeros. */
  readonly headerLength?: number;
  /** False if a peer pads or orders differently: then only decode ∘ encode ∘ decode must be stable. */
  readonly sameBytes?: boolean;
}

/** Converts hex with any white space to bytes. */
export function fromHex(hex: string): Uint8Array {
  const digits = hex.replace(/\s+/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(i * 2, i * 2 + 2), 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

class Prefixed implements Wire {
  readonly #inner: Wire;
  readonly #length: number;
  constructor(inner: Wire, length: number) {
    this.#inner = inner;
    this.#length = length;
  }
  layout(io: Parameters<Wire['layout']>[0]): void {
    io.skip('Header', this.#length);
    this.#inner.layout(io);
  }
}

/**
 * Tests one structure with its values and its bytes: decodes the bytes, encodes the values, dissects without a fault,
 * and truncates the bytes at every position, which must cause no error other than `Malformed`.
 */
export function golden<T extends Wire>(
  make: new () => T,
  values: Partial<T>,
  hex: string,
  options: GoldenOptions = {},
): void {
  const header = options.headerLength ?? 0;
  const body = fromHex(hex);
  const bytes = new Uint8Array(header + body.length);
  bytes.set(body, header);
  const configure = <I extends { dialect: number; unicode: boolean }>(io: I): I => {
    io.dialect = options.dialect ?? 0;
    io.unicode = options.unicode ?? true;
    return io;
  };
  const decode = (from: Uint8Array): T => {
    const message = new make();
    new Prefixed(message, header).layout(configure(new Decoder()).reset(from));
    return message;
  };
  const encode = (message: T): Uint8Array =>
    configure(new Encoder()).encode(new Prefixed(message, header)).subarray(header);

  test(`golden ${make.name}`, () => {
    const expected = Object.assign(new make(), values);
    assert.deepEqual(decode(bytes), expected, 'decode');
    if (options.sameBytes !== false) assert.equal(toHex(encode(expected)), toHex(body), 'encode');
    const reencoded = encode(decode(bytes));
    const whole = new Uint8Array(header + reencoded.length);
    whole.set(reencoded, header);
    assert.deepEqual(decode(whole), expected, 'decode after encode');
    const dissection = dissectWith(configure(new Dissector()).reset(bytes), new Prefixed(new make(), header));
    assert.equal(dissection.malformed, undefined, 'dissect');
    for (let cut = header; cut < bytes.length; cut++) {
      try {
        decode(bytes.slice(0, cut));
      } catch (error) {
        assert.ok(error instanceof Malformed, `cut at ${cut}: ${String(error)}`);
      }
    }
  });
}
