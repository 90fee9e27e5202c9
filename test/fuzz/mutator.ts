const INTERESTING: readonly number[] = [
  0, 1, 2, 4, 7, 8, 16, 24, 63, 64, 65, 0x7f, 0x80, 0xfe, 0xff, 0x100, 0x7fff, 0x8000, 0xffff,
];
const WIDE: readonly number[] = [0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const MAX_LENGTH = 4096;

/** A small random number generator (mulberry32): the same seed gives the same run. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** 0 ≤ x < n. */
  below(n: number): number {
    return n <= 0 ? 0 : this.next() % n;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

function splice(bytes: Uint8Array, at: number, drop: number, insert: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length - drop + insert.length);
  out.set(bytes.subarray(0, at));
  out.set(insert, at);
  out.set(bytes.subarray(at + drop), at + insert.length);
  return out;
}

function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Sets, nudges or scales a number of 1, 2 or 4 bytes, in either byte order. */
function number(bytes: Uint8Array, random: Random, at: number, size: number): void {
  const little = random.below(4) !== 0;
  const data = view(bytes);
  const old = size === 1 ? data.getUint8(at) : size === 2 ? data.getUint16(at, little) : data.getUint32(at, little);
  const choice = random.below(4);
  let value: number;
  if (choice === 0) value = random.pick(size === 4 ? [...INTERESTING, ...WIDE] : INTERESTING);
  else if (choice === 1) value = old + random.pick([-8, -4, -2, -1, 1, 2, 4, 8]);
  else if (choice === 2)
    value = random.pick([old * 2, old >>> 1, bytes.length, bytes.length - at, bytes.length - at - size]);
  else value = random.next();
  if (size === 1) data.setUint8(at, value);
  else if (size === 2) data.setUint16(at, value, little);
  else data.setUint32(at, value, little);
}

/** Positions whose 16 or 32 bits could be a length or an offset. */
function suspects(bytes: Uint8Array): number[] {
  const data = view(bytes);
  const found: number[] = [];
  for (let at = 0; at + 2 <= bytes.length; at++) {
    const value = data.getUint16(at, true);
    if (value !== 0 && value <= bytes.length) found.push(at);
  }
  return found;
}

const MUTATIONS: readonly Mutation[] = [
  function flip(bytes, random) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
    return bytes;
  },
  function setNumber(bytes, random) {
    const size = random.pick([1, 1, 2, 2, 4]);
    if (bytes.length >= size) number(bytes, random, random.below(bytes.length - size + 1), size);
    return bytes;
  },
  function disturbLength(bytes, random) {
    const places = suspects(bytes);
    const at = random.pick(places.length > 0 ? places : [0]);
    if (at + 2 <= bytes.length) number(bytes, random, at, 2);
    return bytes;
  },
  /** Inserts bytes and corrects a preceding number that looks like a length, so that the rest still parses. */
  function growWithLength(bytes, random) {
    const places = suspects(bytes);
    if (places.length === 0) return bytes;
    const at = random.pick(places);
    const more = 1 + random.below(16);
    const length = view(bytes).getUint16(at, true);
    view(bytes).setUint16(at, length + more, true);
    const where = Math.min(bytes.length, at + 2 + random.below(length));
    return splice(bytes, where, 0, noise(random, more));
  },
  function shrinkWithLength(bytes, random) {
    const places = suspects(bytes);
    if (places.length === 0) return bytes;
    const at = random.pick(places);
    const length = view(bytes).getUint16(at, true);
    const less = 1 + random.below(length);
    view(bytes).setUint16(at, length - less, true);
    return splice(
      bytes,
      Math.min(bytes.length, at + 2),
      Math.min(less, Math.max(0, bytes.length - at - 2)),
      new Uint8Array(0),
    );
  },
  function insert(bytes, random) {
    return splice(bytes, random.below(bytes.length + 1), 0, noise(random, 1 + random.below(8)));
  },
  function remove(bytes, random) {
    const at = random.below(bytes.length);
    return splice(bytes, at, 1 + random.below(Math.min(16, bytes.length - at)), new Uint8Array(0));
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random.below(bytes.length));
  },
  function repeat(bytes, random) {
    const at = random.below(bytes.length);
    const part = bytes.slice(at, at + 1 + random.below(32));
    return splice(bytes, at, 0, part);
  },
  function move(bytes, random) {
    const from = random.below(bytes.length);
    bytes.copyWithin(random.below(bytes.length), from, from + 1 + random.below(16));
    return bytes;
  },
];

/** A mutated copy. `other` is another input to take parts from; `tokens` are byte strings with a meaning. */
export function mutate(
  bytes: Uint8Array,
  other: Uint8Array,
  tokens: readonly Uint8Array[],
  random: Random,
): Uint8Array {
  let out: Uint8Array = bytes.slice();
  for (let rounds = 1 + random.below(4); rounds > 0; rounds--) {
    if (out.length === 0) out = noise(random, 8);
    const choice = random.below(MUTATIONS.length + 2);
    if (choice < MUTATIONS.length) out = (MUTATIONS[choice] as Mutation)(out, random);
    else if (choice === MUTATIONS.length && tokens.length > 0) {
      const token = random.pick(tokens);
      const at = random.below(out.length);
      out = splice(out, at, random.below(2) * Math.min(token.length, out.length - at), token);
    } else if (other.length > 0) {
      const from = random.below(other.length);
      const part = other.slice(from, from + 1 + random.below(64));
      const at = random.below(out.length);
      out = splice(out, at, random.below(2) * Math.min(part.length, out.length - at), part);
    }
  }
  return out.length > MAX_LENGTH ? out.slice(0, MAX_LENGTH) : out;
}
