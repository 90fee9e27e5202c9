import { lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ReadableBackend } from '../backend.js';
import type { Snapshots } from '../capabilities.js';
import { errnoOf, statusErrorOf } from '../errno.js';
import type { ByteString } from './name-map.js';

const TOKEN = /^@GMT-\d{4}\.\d\d\.\d\d-\d\d\.\d\d\.\d\d$/;
/** Maximum number of snapshots kept open. */
const MOST_OPEN = 64;

/** Snapshots of the share: directories named by their time, in one directory. */
export class LocalSnapshots implements Snapshots {
  readonly #directory: string;
  readonly #serve: (root: string) => ReadableBackend<unknown>;
  readonly #open = new Map<string, ReadableBackend<unknown>>();

  constructor(directory: string, serve: (root: string) => ReadableBackend<unknown>) {
    this.#directory = directory;
    this.#serve = serve;
  }

  async list(): Promise<string[]> {
    try {
      const entries = await readdir(this.#directory, { withFileTypes: true });
      const tokens = entries.filter((entry) => entry.isDirectory() && TOKEN.test(entry.name)).map(({ name }) => name);
      return tokens.sort().reverse();
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw statusErrorOf(error);
    }
  }

  open(token: string): ReadableBackend<unknown> | undefined {
    if (!TOKEN.test(token)) return undefined;
    const place = `${this.#directory}/${token}`;
    // Removed, or only a symlink.
    if (!isDirectory(place)) {
      this.#open.delete(token);
      return undefined;
    }
    const known = this.#open.get(token);
    if (known !== undefined) return known;
    for (const oldest of this.#open.keys()) {
      if (this.#open.size < MOST_OPEN) break;
      this.#open.delete(oldest);
    }
    const served = this.#serve(place);
    this.#open.set(token, served);
    return served;
  }
}

const USUAL = '.snapshots';

export interface SnapshotPlace {
  readonly directory: string;
  /** Its name in the root of the share, in lower case, if it is there. */
  readonly hidden: readonly ByteString[];
}

/** Where snapshots are; the directory may be created later. */
export function snapshotPlace(root: ByteString, option: string | false | undefined): SnapshotPlace | undefined {
  const native = Buffer.from(root, 'latin1').toString();
  const usual = join(native, USUAL);
  if (option === false || (option === undefined && !isDirectory(usual))) return undefined;
  const directory = resolve(option ?? usual);
  const isInRoot = dirname(directory) === native;
  return { directory, hidden: isInRoot ? [Buffer.from(basename(directory)).toString('latin1').toLowerCase()] : [] };
}

function isDirectory(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch (error) {
    if (errnoOf(error) === '') throw error;
    return false;
  }
}
