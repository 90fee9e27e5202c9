import { createHash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/** Of the code, before it: V8 runs what it gets, damaged or not. */
const DIGEST = { name: 'sha256', length: 32 } as const;
const OTHERS_MAY_WRITE = 0o022;
/** Versions whose code is kept. */
const VERSIONS = 4;

/**
 * Code that V8 has made of our files, from one run to the next: reading it takes a tenth of making it. It is executed:
 * neither it nor the directories that it lies in may be anybody else's.
 */
export class CodeStore {
  readonly #place: string;
  readonly #folder: string;
  #known: boolean | undefined;

  /** `place`: as `codePlace` says it; `version`: of all that the code depends on. */
  constructor(place: string, version: string) {
    this.#place = place;
    this.#folder = join(place, version);
  }

  /** Whether nobody else can put anything where we look. */
  get #safe(): boolean {
    const { home, own } = directories(this.#place);
    // Where a user has caches is the user's choice, by a link, too.
    return isOurs(() => statSync(home)) && [...own, this.#folder].every((path) => isOurs(() => lstatSync(path)));
  }

  /** Undefined where there is none that we have written. */
  read(name: string): Buffer | undefined {
    this.#known ??= this.#safe;
    const data = this.#known ? readOwn(join(this.#folder, name)) : undefined;
    if (!data || data.length <= DIGEST.length) return undefined;
    const code = data.subarray(DIGEST.length);
    return digest(code).equals(data.subarray(0, DIGEST.length)) ? code : undefined;
  }

  /** Keeps code for the next run; does without where that is not possible. */
  keep(code: ReadonlyMap<string, Uint8Array>): void {
    try {
      // With the rights of the administrator nothing is left in the home of a user.
      if (!isOurs(() => nearest(directories(this.#place).home))) return;
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      if (!this.#safe) return;
      for (const [name, data] of code) replace(join(this.#folder, name), data);
      this.#tidy();
    } catch {
      // A disk that is full or read only: then it is made again the next time.
    }
  }

  /** Takes away what belongs to earlier versions of us or of Node. */
  #tidy(): void {
    const ages = new Map<string, number>();
    for (const name of readdirSync(this.#place)) {
      const path = join(this.#place, name);
      if (path !== this.#folder) ages.set(path, statSync(path).mtimeMs);
    }
    const paths = [...ages].sort(([, a], [, b]) => b - a).map(([path]) => path);
    for (const path of paths.slice(VERSIONS - 1)) rmSync(path, { recursive: true, force: true });
  }
}

/** The directory of the user's caches, and ours in it. */
function directories(place: string): { readonly home: string; readonly own: readonly string[] } {
  const above = dirname(place);
  return { home: dirname(above), own: [above, place] };
}

/** What is there of a path. */
function nearest(path: string): Stats {
  const info = statSync(path, { throwIfNoEntry: false });
  return info ?? nearest(dirname(path));
}

/** A directory that belongs to us, and to which nobody else may write. */
function isOurs(look: () => Stats): boolean {
  try {
    const info = look();
    return info.isDirectory() && onlyOurs(info);
  } catch {
    return false;
  }
}

function onlyOurs({ uid, mode }: Stats): boolean {
  const user = process.geteuid?.();
  return user === undefined || (uid === user && (mode & OTHERS_MAY_WRITE) === 0);
}

/** A file of ours that nobody else may write to. */
function readOwn(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const info = fstatSync(file);
    return info.isFile() && onlyOurs(info) ? readFileSync(file) : undefined;
  } catch {
    // Not there, or not to be read: then it is made.
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function digest(data: Uint8Array): Buffer {
  return createHash(DIGEST.name).update(data).digest();
}

function replace(path: string, data: Uint8Array): void {
  const beside = `${path}.${randomUUID()}`;
  try {
    writeFileSync(beside, digest(data), { mode: 0o600, flag: 'wx' });
    appendFileSync(beside, data);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

/** Where code is kept: among what this user's programs can do without. Undefined: nowhere. */
export function codePlace(
  env: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
  home: () => string = homedir,
): string | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const caches = cachesOf(env, platform, home);
  // A relative one would be somewhere else for each working directory.
  return caches !== undefined && isAbsolute(caches) ? join(caches, 'sombrero', 'code') : undefined;
}

function cachesOf(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  home: () => string,
): string | undefined {
  if (platform === 'win32') return env.LOCALAPPDATA;
  if (platform !== 'darwin' && env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  try {
    return join(home(), ...(platform === 'darwin' ? ['Library', 'Caches'] : ['.cache']));
  } catch {
    // A user whom the system does not know has no home.
    return undefined;
  }
}
