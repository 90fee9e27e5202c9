import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seeded } from './cutter.js';

/** CUTS=100 is the full run; our own server gets twice as many. */
export const CUTS = Number(process.env.CUTS ?? 15);
export const SEED = Number(process.env.SEED ?? 1);
const FOLDERS = 6;
const FILES = 8;
const LARGE = 24 * 1024 * 1024;
const LANES = 6;

export interface Content {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function contents(): Content[] {
  const random = seeded(SEED + 1);
  const all: Content[] = [{ path: 'large.bin', bytes: new Uint8Array(LARGE) }];
  for (let d = 0; d < FOLDERS; d++) {
    for (let f = 0; f < FILES; f++) {
      const size = Math.floor(random() ** 4 * 3_000_000);
      all.push({ path: `d${d}/sub/f${f}.bin`, bytes: new Uint8Array(size) });
    }
  }
  for (const { bytes } of all) {
    let word = Math.floor(random() * 0x7fffffff);
    for (let i = 0; i < bytes.length; i++) {
      word = (Math.imul(word, 1_103_515_245) + 12_345) & 0x7fffffff;
      bytes[i] = word >>> 16;
    }
  }
  return all;
}

export async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

export async function onDisk(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found.set(path.slice(folder.length + 1), sha256(await readFile(path)));
  }
  return found;
}

export const sorted = (map: Map<string, string>): [string, string][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

export const DURABLE = [
  'kernel oplocks = no',
  'kernel share modes = no',
  'posix locking = no',
  'durable handles = yes',
];
