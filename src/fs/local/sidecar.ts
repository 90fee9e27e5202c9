import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { StatusError } from '#wire/erref/errors.js';
import { errnoOf } from '../errno.js';
import { nativePath } from './name-map.js';
import { makeDirectory, type PrivatePlace } from './private-place.js';

/** What the file system cannot store for a node. Zero (for attributes: -1) means "not stored". */
export interface SidecarRecord {
  /** The node's birth time in ns: inode numbers are reused, but a record must not be. */
  readonly birth: bigint;
  readonly attributes: number;
  readonly creationTime: bigint;
  /** The exact time; valid while the file system still has its rounded value in `writeNs` (Node sets whole µs). */
  readonly writeTime: bigint;
  readonly writeNs: bigint;
  readonly accessTime: bigint;
  readonly accessNs: bigint;
  /** The file system's change time cannot be set, so it is stored here until the next change. */
  readonly changeTime: bigint;
  readonly changeNs: bigint;
}

export const NOTHING_KEPT: Omit<SidecarRecord, 'birth'> = {
  attributes: -1,
  creationTime: 0n,
  writeTime: 0n,
  writeNs: 0n,
  accessTime: 0n,
  accessNs: 0n,
  changeTime: 0n,
  changeNs: 0n,
};

const HEADER = 'sombrero sidecar 1\n';
const FILE = 'attributes';
const NEW = '.new';
const LARGEST = 64 * 1024 * 1024;

/**
 * The DOS attributes, creation times and exact times of a share that the file system cannot store: a text file with a
 * line per change (`id birth attributes creation write writeNs access accessNs change changeNs`, or `id` for "forget
 * it"), read on first use and rewritten when most lines are obsolete. Only nodes that differ from the default have a
 * record. Beyond `limit` records the oldest are forgotten. If the file cannot be written, nothing is stored, as `stat`
 * then shows.
 */
export class Sidecar {
  readonly #place: PrivatePlace | undefined;
  readonly #limit: number;
  readonly #records = new Map<bigint, SidecarRecord>();
  #loaded = false;
  /** The file is one of ours; otherwise it is started afresh. */
  #valid = false;
  #fd = -1;
  #lines = 0;
  #writable: boolean;

  constructor(place: PrivatePlace | undefined, limit: number) {
    this.#place = place;
    this.#limit = limit;
    this.#writable = place !== undefined;
  }

  get(id: bigint, birth: bigint): SidecarRecord | undefined {
    if (!this.#loaded) this.#load();
    const record = this.#records.get(id);
    return record?.birth === birth ? record : undefined;
  }

  set(id: bigint, record: SidecarRecord): void {
    if (!this.#loaded) this.#load();
    if (!this.#append(line(id, record))) return;
    this.#keep(id, record);
    if (this.#lines > 10_000 + 4 * this.#records.size) this.#rewrite();
  }

  forget(id: bigint): void {
    if (!this.#loaded) this.#load();
    if (this.#records.delete(id)) this.#append(`${id}\n`);
  }

  #keep(id: bigint, record: SidecarRecord): void {
    this.#records.delete(id);
    this.#records.set(id, record);
    if (this.#records.size <= this.#limit) return;
    for (const oldest of this.#records.keys()) {
      this.#records.delete(oldest);
      break;
    }
  }

  #load(): void {
    this.#loaded = true;
    const text = this.#at(constants.O_RDONLY, (fd) => {
      const bytes = readFileSync(fd);
      return bytes.length > LARGEST ? '' : bytes.toString('latin1');
    });
    this.#valid = text?.startsWith(HEADER) ?? false;
    if (text === undefined || !this.#valid) return;
    this.#records.clear();
    // Anything after the last line feed was cut off by a crash.
    const lines = text.slice(HEADER.length, text.lastIndexOf('\n')).split('\n');
    for (const text of lines) this.#parse(text);
    this.#lines = lines.length;
  }

  #parse(text: string): void {
    const words = text.split(' ');
    if (text === '' || !words.every((word) => /^-?\d{1,20}$/.test(word))) return;
    const [id, birth, attributes, creationTime, writeTime, writeNs, accessTime, accessNs, ...rest] = words.map(BigInt);
    const [changeTime = 0n, changeNs = 0n] = rest;
    if (id !== undefined && birth === undefined) this.#records.delete(id);
    if (id === undefined || birth === undefined || creationTime === undefined || writeTime === undefined) return;
    if (writeNs === undefined || accessTime === undefined || accessNs === undefined) return;
    const bits = Number(BigInt.asIntN(32, attributes ?? -1n));
    const times = { creationTime, writeTime, writeNs, accessTime, accessNs, changeTime, changeNs };
    this.#keep(id, { birth, attributes: bits, ...times });
  }

  #append(text: string): boolean {
    if (!this.#writable) return false;
    // Another server has replaced the file: continue with the new one.
    if (this.#fd >= 0 && fstatSync(this.#fd).nlink === 0) this.#leave();
    if (this.#fd < 0) {
      // Another server may have created it since we looked.
      this.#load();
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND;
      this.#fd = this.#at(this.#valid ? flags : flags | constants.O_TRUNC, (fd) => fd, true) ?? -1;
      this.#writable = this.#fd >= 0;
    }
    if (!this.#writable) return false;
    try {
      // The line feed terminates a line that a crash may have cut off.
      writeSync(this.#fd, this.#valid ? `\n${text}` : HEADER + text);
      this.#valid = true;
    } catch (error) {
      if (errnoOf(error) === '') throw error;
      return false;
    }
    this.#lines++;
    return true;
  }

  #rewrite(): void {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;
    // The file holds all our records, and those of other servers of this directory.
    this.#load();
    const texts = Array.from(this.#records, ([id, record]) => line(id, record));
    const swap = (fd: number, path: string): void => {
      writeFileSync(fd, HEADER + texts.join(''));
      renameSync(nativePath(path), nativePath(path.slice(0, -NEW.length)));
    };
    this.#at(flags, swap, false, NEW);
    this.#leave();
    this.#lines = texts.length;
  }

  #leave(): void {
    closeSync(this.#fd);
    this.#fd = -1;
  }

  /** Opens the file for `use`, never through a symlink; undefined if the system refuses. */
  #at<T>(flags: number, use: (fd: number, path: string) => T, keepOpen = false, suffix = ''): T | undefined {
    if (this.#place === undefined) return undefined;
    let fd = -1;
    let place: ReturnType<PrivatePlace> | undefined;
    try {
      place = this.#place();
      if ((flags & constants.O_CREAT) !== 0) makeDirectory(place.directory);
      const path = `${place.directory}/${FILE}${suffix}`;
      fd = openSync(nativePath(path), flags | (constants.O_NOFOLLOW ?? 0), 0o600);
      return use(fd, path);
    } catch (error) {
      if (errnoOf(error) === '' && !(error instanceof StatusError)) throw error;
      return undefined;
    } finally {
      if (fd >= 0 && !keepOpen) closeSync(fd);
      place?.release();
    }
  }
}

function line(id: bigint, r: SidecarRecord): string {
  const times = [r.creationTime, r.writeTime, r.writeNs, r.accessTime, r.accessNs, r.changeTime, r.changeNs];
  return `${id} ${r.birth} ${r.attributes} ${times.join(' ')}\n`;
}
