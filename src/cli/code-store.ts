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

/** A digest precedes the code: V8 runs whatever it gets, damaged or not. */
const DIGEST = { name: 'sha256', length: 32 } as const;
const OTHERS_MAY_WRITE = 0o022;
/** Versions whose code is kept. */
const VERSIONS = 4;

/**
 * Caches compiled code from one run to the next: reading it takes a tenth of the time of compiling. Since it is
 * executed, the files and their directories must belong to this user, and nobody else may write to them.
 */
export class CodeStore {
  readonly #place: string;
  readonly #folder: string;
  #known: boolean | undefined;

  /** `place`: from `codePlace`; `version`: of everything that the code depends on. */
  constructor(place: string, version: string) {
    this.#place = place;
    this.#folder = join(place, version);
  }

  /** Whether nobody else can put anything where we look. */
  get #safe(): boolean {
    const { home, own } = directories(this.#place);
    // Users may choose where their caches are, even by a link.
    return isOurs(() => statSync(home)) && [...own, this.#folder].every((path) => isOurs(() => lstatSync(path)));
  }

  /** Undefined if there is none that we have written. */
  read(name: string): Buffer | undefined {
    this.#known ??= this.#safe;
    const data = this.#known ? readOwn(join(this.#folder, name)) : undefined;
    if (!data || data.length <= DIGEST.length) return undefined;
    const code = data.subarray(DIGEST.length);
    return digest(code).equals(data.subarray(0, DIGEST.length)) ? code : undefined;
  }

  /** Stores code for the next run, if possible. */
  keep(code: ReadonlyMap<string, Uint8Array>): void {
    try {
      // When run as root, leave nothing in a user's home.
      if (!isOurs(() => nearest(directories(this.#place).home))) return;
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      if (!this.#safe) return;
      for (const [name, data] of code) replace(join(this.#folder, name), data);
      this.#tidy();
    } catch {
      // The disk is full or read-only: compile again next time.
    }
  }

  /** Removes the code of earlier versions of this program or of Node. */
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

/** The user's cache directory, and our directories in it. */
function directories(place: string): { readonly home: string; readonly own: readonly string[] } {
  const above = dirname(place);
  return { home: dirname(above), own: [above, place] };
}

/** Status of the nearest existing ancestor. */
function nearest(path: string): Stats {
  const info = statSync(path, { throwIfNoEntry: false });
  return info ?? nearest(dirname(path));
}

/** Whether a directory belongs to us and nobody else may write to it. */
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

/** Reads a file that belongs to us and that nobody else may write to. */
function readOwn(path: string): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const info = fstatSync(file);
    return info.isFile() && onlyOurs(info) ? readFileSync(file) : undefined;
  } catch {
    // Missing or not readable: the code is compiled again.
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

/** Where code is kept: in the user's cache directory. Undefined: nowhere. */
export function codePlace(
  env: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
  home: () => string = homedir,
): string | undefined {
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const caches = cachesOf(env, platform, home);
  // A relative path would depend on the working directory.
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
    // A user unknown to the system has no home.
    return undefined;
  }
}
