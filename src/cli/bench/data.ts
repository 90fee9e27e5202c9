import { randomBytes } from 'node:crypto';
import type { File, Share } from '#client/index.js';
import type { DataCase } from './cases.js';
import { drive, type Load, type Outcome } from './drive.js';

const PIECE = 8 * 1024 * 1024;

/** Path and size of the file. */
export interface DataFile {
  readonly path: string;
  readonly size: number;
}

/** Fills the file, so that reads find data and writes replace allocated blocks. */
export async function fill(share: Share, { path, size }: DataFile, signal: AbortSignal): Promise<void> {
  const file = await share.open(path, { access: 'write', create: 'truncate', signal });
  try {
    // Random data: servers and disks may treat zeros specially.
    const piece = randomBytes(Math.min(PIECE, size));
    for (let at = 0; at < size; at += piece.length) {
      await file.write(piece.subarray(0, Math.min(piece.length, size - at)), at, { signal });
    }
  } finally {
    await file.close();
  }
}

/** Positions of blocks, sequential or pseudo-random; the same in each run. */
function positions(blocks: number, size: number, random: boolean): () => number {
  let next = 0;
  let state = 0x2545f491;
  if (!random) return () => (next++ % blocks) * size;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) % blocks) * size;
  };
}

/** Reads or writes blocks, `depth` at a time on each connection. */
export async function driveData(
  shares: readonly Share[],
  { path, size: fileSize }: DataFile,
  { write, random, size }: DataCase,
  load: Load,
): Promise<Outcome> {
  const files: File[] = [];
  try {
    for (const share of shares) {
      files.push(await share.open(path, { access: write ? 'read-write' : 'read', signal: load.signal }));
    }
    const position = positions(Math.max(1, Math.floor(fileSize / size)), size, random);
    const buffers = Array.from({ length: load.lanes }, () => new Uint8Array(randomBytes(size)));
    return await drive(load, async (lane) => {
      const file = files[lane % files.length] as File;
      const buffer = buffers[lane] as Uint8Array;
      if (!write) return file.read(buffer, position());
      await file.write(buffer, position());
      return size;
    });
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}
