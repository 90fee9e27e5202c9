import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { statusErrorOf } from '../errno.js';
import type { StateStore } from '../state-store.js';
import { decodeParts, encodePart, type Tail } from './state-file.js';
import { lockDirectory } from './state-lock.js';

const KEY = /^[A-Za-z0-9-]{1,128}$/;
const RECORD = '.record';
const TEMPORARY = '.tmp';
const LARGEST = 8 * 1024 * 1024;
const OTHERS_WRITE = 0o022;
const NO_LINKS = constants.O_NOFOLLOW ?? 0;

/**
 * Stores records as files in a directory, which is created if missing, with access for this user only. A record is
 * written to a temporary file, flushed and renamed into place; then the directory is flushed. Additions are written at
 * the end of the file and flushed. The directory is locked from `load` to `close`.
 */
export function stateDirectory(path: string): StateStore {
  return new StateDirectory(path);
}

class StateDirectory implements StateStore {
  readonly #path: string;
  #made: Promise<unknown> | undefined;
  #unlock: (() => Promise<void>) | undefined;
  #temporaries = 0;
  /** Tails of the records put since `load`. */
  readonly #tails = new Map<string, Tail>();
  /** The flush of the directory in progress, and (`#next`) the one to follow it. */
  #flushing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async load(damaged: (what: string) => void): Promise<Map<string, Uint8Array>> {
    await this.#make();
    this.#unlock ??= await lockDirectory(this.#path);
    const records = new Map<string, Uint8Array>();
    for (const name of await readdir(this.#path)) {
      if (name.endsWith(TEMPORARY)) await rm(join(this.#path, name), { force: true });
      if (!name.endsWith(RECORD)) continue;
      const record = await this.#read(name);
      if (record) records.set(name.slice(0, -RECORD.length), record);
      else {
        damaged(name);
        await rename(join(this.#path, name), join(this.#path, `${name}.damaged`));
      }
    }
    return records;
  }

  async #read(name: string): Promise<Uint8Array | undefined> {
    if (!KEY.test(name.slice(0, -RECORD.length))) return undefined;
    const file = await open(join(this.#path, name), constants.O_RDONLY | NO_LINKS).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const stats = await file.stat();
      if (!stats.isFile() || stats.size > LARGEST) return undefined;
      return decodeParts(await file.readFile());
    } finally {
      await file.close();
    }
  }

  async put(key: string, record: Uint8Array): Promise<void> {
    requireKey(key);
    const { bytes, tail } = encodePart(record);
    if (tail.size > LARGEST) throw new StatusError(NtStatus.InsufficientResources);
    await this.#make();
    const temporary = join(this.#path, `${key}-${++this.#temporaries}${TEMPORARY}`);
    this.#tails.delete(key);
    try {
      await writeFlushed(temporary, constants.O_CREAT | constants.O_EXCL, bytes, 0);
      await rename(temporary, join(this.#path, key + RECORD));
      await this.#flush();
      this.#tails.set(key, tail);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw statusErrorOf(error);
    }
  }

  async append(key: string, addition: Uint8Array): Promise<void> {
    const behind = this.#tails.get(key);
    if (behind === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
    const { bytes, tail } = encodePart(addition, behind);
    if (tail.size > LARGEST) throw new StatusError(NtStatus.InsufficientResources);
    // After an interrupted write nothing must be appended.
    this.#tails.delete(key);
    try {
      await writeFlushed(join(this.#path, key + RECORD), 0, bytes, behind.size);
      this.#tails.set(key, tail);
    } catch (error) {
      throw statusErrorOf(error);
    }
  }

  async delete(key: string): Promise<void> {
    requireKey(key);
    this.#tails.delete(key);
    try {
      await rm(join(this.#path, key + RECORD), { force: true });
      await this.#flush();
    } catch (error) {
      throw statusErrorOf(error);
    }
  }

  async close(): Promise<void> {
    const unlock = this.#unlock;
    this.#unlock = undefined;
    await unlock?.();
  }

  /** Creates the directory with access for this user only, as records may name files of other users. */
  #make(): Promise<unknown> {
    this.#made ??= mkdir(this.#path, { recursive: true, mode: 0o700 }).then(() => requireOwn(this.#path));
    return this.#made;
  }

  /** Flushes the directory, once for all concurrent callers. */
  #flush(): Promise<void> {
    if (this.#flushing === undefined) {
      this.#flushing = flushDirectory(this.#path).finally(() => {
        this.#flushing = undefined;
      });
      return this.#flushing;
    }
    // The flush in progress may not include the last change.
    this.#next ??= this.#flushing
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#flush();
      });
    return this.#next;
  }
}

function requireKey(key: string): void {
  if (!KEY.test(key)) throw new StatusError(NtStatus.ObjectNameInvalid);
}

/** Whoever can put a record into the directory gets access to the file it names, so nobody else must be able to. */
async function requireOwn(path: string): Promise<void> {
  const user = process.geteuid?.();
  if (user === undefined) return;
  const { uid, mode } = await stat(path);
  if ((uid === user || uid === 0) && (mode & OTHERS_WRITE) === 0) return;
  throw new StatusError(NtStatus.AccessDenied, { hint: `others can write to the state directory ${path}` });
}

async function writeFlushed(path: string, flags: number, bytes: Uint8Array, at: number): Promise<void> {
  const file = await open(path, constants.O_WRONLY | NO_LINKS | flags, 0o600);
  try {
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function flushDirectory(path: string): Promise<void> {
  // Windows cannot flush directories; NTFS orders their changes itself.
  if (process.platform === 'win32') return;
  const directory = await open(path, constants.O_RDONLY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
