import {
  closeSync,
  fchmodSync,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { nodeTime } from '#fs/local/node-time.js';
import { TransferError } from './errors.js';
import { type Facts, isVersion, type SmallFile, type Version } from './tree.js';

export const ANY_WRITE = 0o222;
export const READONLY = 0x01;

export function changed(): TransferError {
  return new TransferError('TRANSFER_CHANGED', 'it changed while it was read');
}

export function noFile(place: string): TransferError {
  return new TransferError('TRANSFER_KIND', `${place} is no file`);
}

export function alreadyThere(place: string): TransferError {
  return new TransferError('TRANSFER_KIND', `${place} is there already`);
}

/** Files of the kernel, such as those in /proc, report a size of 0 but have content. */
export function checkEmpty(fd: number): void {
  if (readSync(fd, new Uint8Array(1), 0, 1, 0) === 0) return;
  throw new TransferError('TRANSFER_KIND', 'it has no size, but something in it: it can be read as a stream only');
}

/** Whether a file is to be made read-only. */
export function isReadOnly({ attributes = 0 }: Facts): boolean {
  return (attributes & READONLY) !== 0;
}

/** Arguments for utimes. If the access time is unknown, the write time stands in for it. */
export function utimesOf({ atime, mtime }: Facts): [atime: number | Date, mtime: number | Date] | undefined {
  return mtime && [nodeTime((atime ?? mtime).getTime()), nodeTime(mtime.getTime())];
}

/** The mode without write permissions. */
export function readOnly(mode: number): number {
  return mode & ~ANY_WRITE & 0o7777;
}

/** Reads a small file synchronously. */
export function readNow(place: string, flags: number, version: Version): Uint8Array {
  const fd = openSync(place, flags);
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile()) throw noFile(place);
    if (facts.size === 0) checkEmpty(fd);
    const data = new Uint8Array(version.size);
    for (let fill = 0; fill < data.length; ) {
      const count = readSync(fd, data, fill, data.length - fill, fill);
      if (count === 0) throw changed();
      fill += count;
    }
    if (!isVersion(fstatSync(fd), version)) throw changed();
    return data;
  } finally {
    closeSync(fd);
  }
}

/** Writes a small file under its temporary name and renames it, synchronously. */
export function writeNow(partial: string, place: string, file: SmallFile): void {
  const fd = openSync(partial, 'wx');
  try {
    fillNow(fd, file);
    if (!file.replace && lstatSync(place, { throwIfNoEntry: false })) throw alreadyThere(place);
    renameSync(partial, place);
  } catch (error) {
    try {
      unlinkSync(partial);
    } catch {
      // The original error is what matters.
    }
    throw error;
  }
}

function fillNow(fd: number, { data, facts }: SmallFile): void {
  try {
    for (let done = 0; done < data.length; ) done += writeSync(fd, data, done, data.length - done, done);
    const times = utimesOf(facts);
    if (times) futimesSync(fd, ...times);
    if (isReadOnly(facts)) fchmodSync(fd, readOnly(fstatSync(fd).mode));
  } finally {
    closeSync(fd);
  }
}
