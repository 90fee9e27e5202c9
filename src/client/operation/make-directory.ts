import { randomBytes } from 'node:crypto';
import { errnoCode, presentCode } from '../errors.js';
import { componentsOf, normal, toWire } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';
import { exists, stat } from './facts.js';

const TRIES = 20;

export function mkdir(protocol: FileProtocol, path: string, control: Control): Promise<void> {
  return protocol.mkdir(toWire(path), control);
}

/** Creates a directory and its missing parents; returns the first one that was missing, undefined if all existed. */
export async function mkdirs(protocol: FileProtocol, path: string, control: Control): Promise<string | undefined> {
  const names = componentsOf(path);
  let first: string | undefined;
  const make = async (depth: number): Promise<void> => {
    const made = names.slice(0, depth).join('/');
    if ((await makeIfMissing(protocol, made, control)) && (first === undefined || made.length < first.length)) {
      first = made;
    }
  };
  let depth = names.length;
  // Walk up until something exists, then back down: a single request if the parent exists.
  while (depth > 0) {
    try {
      await make(depth);
      break;
    } catch (error) {
      if (depth === 1 || !(await isParentMissing(protocol, names.slice(0, depth - 1), error, control))) throw error;
      depth--;
    }
  }
  while (++depth <= names.length) await make(depth);
  return first;
}

/** Some servers report a missing parent with a different status. */
async function isParentMissing(
  protocol: FileProtocol,
  parent: readonly string[],
  error: unknown,
  control: Control,
): Promise<boolean> {
  const code = errnoCode(error);
  return code === 'ENOENT' || (code === 'EACCES' && !(await exists(protocol, parent.join('/'), control)));
}

async function makeIfMissing(protocol: FileProtocol, path: string, control: Control): Promise<boolean> {
  try {
    await mkdir(protocol, path, control);
    return true;
  } catch (error) {
    if (presentCode(error) !== 'EEXIST') throw error;
    if (!(await stat(protocol, path, control)).isDirectory()) throw error;
    return false;
  }
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A random suffix, as in mkdtemp(3). Suffixes that differ only in case may collide; the server then reports that. */
function randomName(): string {
  return Array.from(randomBytes(6), (byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** Creates a directory with a unique name that begins with `prefix`; returns its path. */
export async function mkdtemp(protocol: FileProtocol, prefix: string, control: Control): Promise<string> {
  for (let tries = 1; ; tries++) {
    const path = `${prefix}${randomName()}`;
    try {
      await mkdir(protocol, path, control);
      return normal(path);
    } catch (error) {
      if (presentCode(error) !== 'EEXIST' || tries >= TRIES) throw error;
    }
  }
}
