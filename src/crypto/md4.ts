/** MD4 (RFC 1320). OpenSSL 3 refuses it, but NTLM's password hash needs it. */
export function md4(message: Uint8Array): Uint8Array {
  const state = new Uint32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]);
  const padded = pad(message);
  const view = new DataView(padded.buffer);
  const words = new Uint32Array(16);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + i * 4, true);
    block(state, words);
  }
  const digest = new Uint8Array(16);
  const out = new DataView(digest.buffer);
  state.forEach((word, i) => {
    out.setUint32(i * 4, word, true);
  });
  return digest;
}

function pad(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array((message.length + 9 + 63) & ~63);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, (message.length << 3) >>> 0, true);
  view.setUint32(padded.length - 4, Math.floor(message.length / 0x20000000), true);
  return padded;
}

interface Round {
  readonly mix: (x: number, y: number, z: number) => number;
  readonly add: number;
  readonly order: readonly number[];
  readonly shifts: readonly number[];
}

const ROUNDS: readonly Round[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    add: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    add: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    add: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

function block(state: Uint32Array, words: Uint32Array): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (const { mix, add, order, shifts } of ROUNDS) {
    for (let step = 0; step < 16; step++) {
      const sum = (a + mix(b, c, d) + (words[order[step] as number] as number) + add) | 0;
      const shift = shifts[step & 3] as number;
      a = d;
      d = c;
      c = b;
      b = (sum << shift) | (sum >>> (32 - shift));
    }
  }
  [a, b, c, d].forEach((word, i) => {
    state[i] = (state[i] as number) + word;
  });
}
