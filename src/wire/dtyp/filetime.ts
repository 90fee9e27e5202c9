/** 100 ns units between 1601-01-01 and 1970-01-01. */
const EPOCH = 116_444_736_000_000_000n;

/** Milliseconds since 1970 (as `Date`) to FILETIME ([MS-DTYP] 2.3.3). */
export function filetimeFromMs(ms: number): bigint {
  return BigInt(Math.round(ms * 10_000)) + EPOCH;
}

/** Nanoseconds since 1970 (as `fs.stat({ bigint: true })`) to FILETIME, rounded down. */
export function filetimeFromNs(ns: bigint): bigint {
  return ns / 100n + EPOCH;
}

/** FILETIME to milliseconds since 1970. */
export function msFromFiletime(time: bigint): number {
  return Number(time - EPOCH) / 10_000;
}

/** FILETIME to nanoseconds since 1970. */
export function nsFromFiletime(time: bigint): bigint {
  return (time - EPOCH) * 100n;
}

/** ISO 8601, or the meaning of a special value. */
export function filetimeText(time: bigint): string {
  if (time === 0n) return 'none';
  if (time >= 0x7fff_ffff_ffff_ffffn) return 'never';
  const ms = msFromFiletime(time);
  return Math.abs(ms) > 8.64e15 ? String(time) : new Date(ms).toISOString();
}
