import { type BigIntStats, closeSync, lstatSync, opendirSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { StatusError } from '#wire/erref/errors.js';
import type { DirectoryEntry } from '../backend.js';
import { statusErrorOf } from '../errno.js';
import { type Containment, isPrivate } from './containment.js';
import type { Facts } from './facts.js';
import type { LocalHandle } from './handle.js';
import { type ByteString, nativePath, toWire } from './name-map.js';

const BATCH = 64;
/** How often others get their turn: 256 entries take about a millisecond. */
const BATCHES_A_TURN = 4;
const NO_DATA = { read: false, write: false };

/** The entries of the directory that `at` leads to. */
export async function* listDirectory(
  containment: Containment,
  facts: Facts,
  at: ByteString,
  handle: LocalHandle,
): AsyncGenerator<readonly DirectoryEntry[]> {
  let directory: ReturnType<typeof opendirSync>;
  try {
    directory = opendirSync(nativePath(at) as string, { encoding: 'latin1' as BufferEncoding, bufferSize: 256 });
  } catch (error) {
    throw statusErrorOf(error);
  }
  try {
    let batch: DirectoryEntry[] = [];
    for (let batches = 0; ; ) {
      // The handle closed meanwhile: its number may be another node by now.
      const next = handle.closed ? null : directory.readSync();
      if (next === null) break;
      const entry = entryOf(containment, facts, at, handle.path, next.name);
      if (entry !== undefined) batch.push(entry);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
      if (++batches % BATCHES_A_TURN === 0) await turn();
    }
    if (batch.length > 0) yield batch;
  } catch (error) {
    throw statusErrorOf(error);
  } finally {
    directory.closeSync();
  }
}

function entryOf(
  containment: Containment,
  facts: Facts,
  at: ByteString,
  directory: ByteString,
  name: ByteString,
): DirectoryEntry | undefined {
  const path = directory === '' ? name : `${directory}/${name}`;
  if (isPrivate(path)) return undefined;
  const own = lstatSync(nativePath(`${at}/${name}`), { bigint: true, throwIfNoEntry: false });
  if (own === undefined) return undefined;
  const stats = own.isSymbolicLink() ? statsOfTarget(containment, path) : own;
  return stats === undefined ? undefined : { name: toWire(name), info: facts.of(stats, path) };
}

/** What a symlink leads to; undefined if it may not be followed. */
function statsOfTarget(containment: Containment, path: ByteString): BigIntStats | undefined {
  try {
    const { fd, stats } = containment.open(path, NO_DATA);
    if (fd >= 0) closeSync(fd);
    return stats;
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}
