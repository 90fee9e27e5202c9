import {
  appendFileSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Stands behind the code: what a crash left half written does not end so. */
const END = Buffer.from('sombrero');
const OTHERS_MAY_WRITE = 0o022;
/** Versions whose code is kept. */
const VERSIONS = 4;

/**
 * Code that V8 has made of our files, from one run to the next: reading it takes a tenth of making it. Nobody else may
 * have written it, for it is executed.
 */
export class CodeStore {
  readonly #place: string;
  readonly #version: string;

  /** `version`: of all that the code depends on. */
  constructor(place: string, version: string) {
    this.#place = place;
    this.#version = version;
  }

  #at(name: string): string {
    return join(this.#place, this.#version, name);
  }

  /** Undefined where there is none that we have written. */
  read(name: string): Buffer | undefined {
    const data = readOwn(this.#at(name));
    const end = (data?.length ?? 0) - END.length;
    return data && end > 0 && data.subarray(end).equals(END) ? data.subarray(0, end) : undefined;
  }

  /** Keeps code for the next run; does without where that is not possible. */
  keep(code: ReadonlyMap<string, Uint8Array>): void {
    try {
      mkdirSync(join(this.#place, this.#version), { recursive: true, mode: 0o700 });
      for (const [name, data] of code) replace(this.#at(name), data);
      this.#tidy();
    } catch {
      // A disk that is full or read only: then it is made again the next time.
    }
  }

  /** Takes away what belongs to earlier versions of us or of Node. */
  #tidy(): void {
    const ages = new Map<string, number>();
    for (const name of readdirSync(this.#place)) ages.set(name, statSync(join(this.#place, name)).mtimeMs);
    ages.delete(this.#version);
    const names = [...ages].sort(([, a], [, b]) => b - a).map(([name]) => name);
    for (const name of names.slice(VERSIONS - 1)) rmSync(join(this.#place, name), { recursive: true, force: true });
  }
}

/** A file of ours that nobody else may write to. */
function readOwn(path: string): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    const info = fstatSync(file);
    const user = process.geteuid?.();
    const own = user === undefined || (info.uid === user && (info.mode & OTHERS_MAY_WRITE) === 0);
    return own && info.isFile() ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}

function replace(path: string, data: Uint8Array): void {
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, data, { mode: 0o600, flag: 'wx' });
  appendFileSync(beside, END);
  renameSync(beside, path);
}

/** Where code is kept: among what this user's programs can do without. Undefined: nowhere. */
export function codePlace(
  env: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
  home: () => string = homedir,
): string | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  if (platform === 'win32') return env.LOCALAPPDATA ? join(env.LOCALAPPDATA, 'sombrero', 'code') : undefined;
  if (platform === 'darwin') return join(home(), 'Library', 'Caches', 'sombrero', 'code');
  return join(env.XDG_CACHE_HOME || join(home(), '.cache'), 'sombrero', 'code');
}
