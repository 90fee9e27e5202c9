import { read, readSync, write, writeSync } from 'node:fs';
import type { Eventually } from '../backend.js';
import { statusErrorOf } from '../errno.js';
import type { LocalHandle } from './handle.js';

const SMALL = 64 * 1024;
/** A call that took longer went to the medium (or was just unlucky): so many calls per ms go another way then. */
const SLOW_MS = 1;
const POOLED_PER_MS = 16;
const MOST_POOLED = 1024;

/**
 * Data in and out of file descriptors. A trip through Node's thread pool costs 20 to 100 µs, reading 4 KiB from the
 * page cache 1.5 µs; so small transfers are done at once, as long as they are quick: one that was not sends the next
 * ones through the pool. On a medium that needs 10 ms a call, the event loop stands still for one call in 160.
 */
export class DataIo {
  #pooled = 0;

  /** Fills `into` as far as the file goes. */
  read(handle: LocalHandle, into: Uint8Array, offset: number): Eventually<number> {
    if (!this.#atOnce(into.length)) return handle.use((fd) => readPooled(fd, into, offset));
    const start = performance.now();
    try {
      return this.readNow(handle, into, offset);
    } finally {
      this.#took(performance.now() - start);
    }
  }

  /** Whatever it takes. */
  readNow(handle: LocalHandle, into: Uint8Array, offset: number): number {
    try {
      let done = 0;
      while (done < into.length) {
        const count = readSync(handle.fd, into, done, into.length - done, offset + done);
        if (count === 0) break;
        done += count;
      }
      return done;
    } catch (error) {
      throw statusErrorOf(error);
    }
  }

  /** Writes all of `from`. */
  write(handle: LocalHandle, from: Uint8Array, offset: number): Eventually<void> {
    if (!this.#atOnce(from.length)) return handle.useAlone((fd) => writePooled(fd, from, offset));
    const start = performance.now();
    try {
      return this.writeNow(handle, from, offset);
    } finally {
      this.#took(performance.now() - start);
    }
  }

  /** Whatever it takes. */
  writeNow(handle: LocalHandle, from: Uint8Array, offset: number): void {
    try {
      for (let done = 0; done < from.length; ) {
        done += writeSync(handle.fd, from, done, from.length - done, offset + done);
      }
    } catch (error) {
      throw statusErrorOf(error);
    }
  }

  #atOnce(length: number): boolean {
    if (length > SMALL) return false;
    if (this.#pooled === 0) return true;
    this.#pooled--;
    return false;
  }

  #took(ms: number): void {
    if (ms > SLOW_MS) this.#pooled = Math.min(MOST_POOLED, Math.ceil(ms * POOLED_PER_MS));
  }
}

function readPooled(fd: number, into: Uint8Array, offset: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let done = 0;
    const next = (): void => {
      read(fd, into, done, into.length - done, offset + done, (error, count) => {
        if (error) return reject(statusErrorOf(error));
        done += count;
        if (count === 0 || done === into.length) return resolve(done);
        next();
      });
    };
    if (into.length === 0) resolve(0);
    else next();
  });
}

function writePooled(fd: number, from: Uint8Array, offset: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let done = 0;
    const next = (): void => {
      write(fd, from, done, from.length - done, offset + done, (error, count) => {
        if (error) return reject(statusErrorOf(error));
        done += count;
        if (done === from.length) return resolve();
        next();
      });
    };
    if (from.length === 0) resolve();
    else next();
  });
}
