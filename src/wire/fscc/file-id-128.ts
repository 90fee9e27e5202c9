import type { Layout } from '../io/layout.js';

const LOW = 0xffff_ffff_ffff_ffffn;

/** [MS-FSCC] 2.1.10 128-bit file ID. */
export function fileId128(io: Layout, name: string, v: bigint): bigint {
  const low = io.x64(name, v & LOW);
  return low | (io.x64(`${name}High`, v >> 64n) << 64n);
}
