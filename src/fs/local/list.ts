import { closeSync, lstatSync, opendirSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { StatusError } from '#wire/erref/errors.js';
import type { DirectoryEntry } from '../backend.js';
import { statusErrorOf } from '../errno.js';
import type { Containment } from './containment.js';
import type { DosAttributes } from './dos-attributes.js';
import type { EntryReader } from './entry-attributes.js';
import type { Facts } from './facts.js';
import type { LocalHandle } from './handle.js';
import { type ByteString, nativePath, toWire } from './name-map.js';

const BATCH = 64;
/** Milliseconds until other work gets a turn: some hundred entries from cache, or a few from disk. */
const TURN_MS = 2;
const NO_DATA = { read: false, write: false };

/** What a listing needs. */
export interface Listing {
  readonly containment: Containment;
  readonly facts: Facts;
  readonly dos: DosAttributes | undefined;
  readonly entries: EntryReader | undefined;
  /** Whether a path is hidden from clients. */
  isHidden(path: ByteString): boolean;
}

/** The entries of the directory that `at` leads to. */
export async function* listDirectory(
  listing: Listing,
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
    for (let since = performance.now(); ; ) {
      // If the handle was closed meanwhile, its descriptor may belong to another node by now.
      const next = handle.closed ? null : directory.readSync();
      if (next === null) break;
      const entry = entryOf(listing, at, handle, next.name);
      if (entry !== undefined) batch.push(entry);
      if (performance.now() - since > TURN_MS) {
        await turn();
        since = performance.now();
      }
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } catch (error) {
    throw statusErrorOf(error);
  } finally {
    directory.closeSync();
  }
}

function entryOf(listing: Listing, at: ByteString, handle: LocalHandle, name: ByteString): DirectoryEntry | undefined {
  const path = handle.path === '' ? name : `${handle.path}/${name}`;
  if (listing.isHidden(path)) return undefined;
  const place = `${at}/${name}`;
  const stats = lstatSync(nativePath(place), { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  const { facts, entries } = listing;
  if (stats.isSymbolicLink()) return entryBehind(listing, path, name);
  const kept = entries?.of(handle.fd, name);
  return { name: toWire(name), info: facts.of(stats, path, kept?.dos, kept?.eaSize) };
}

/** The entry for a symlink's target; undefined if it may not be followed. */
function entryBehind({ containment, facts, dos }: Listing, path: ByteString, name: string): DirectoryEntry | undefined {
  let fd = -1;
  try {
    const found = containment.open(path, NO_DATA);
    fd = found.fd;
    return { name: toWire(name), info: facts.of(found.stats, path, dos?.at(containment.via(fd, path))) };
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}
