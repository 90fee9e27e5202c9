import { readFile, stat } from 'node:fs/promises';
import { UsageError } from '#client/index.js';
import { reasonOf } from './failure.js';
import { say } from './terminal.js';

/** Who logs on, read from a file. */
export interface Credentials {
  readonly user?: string;
  readonly password?: string;
  readonly domain?: string;
}

const KEYS: Readonly<Record<string, keyof Credentials>> = {
  username: 'user',
  user: 'user',
  password: 'password',
  domain: 'domain',
};
const OTHERS = 0o077;

/** Parses the format of smbclient's --authentication-file: `username = ann`, `password = …`, `domain = …`. */
function parseCredentials(text: string, file: string): Credentials {
  const found: Partial<Record<keyof Credentials, string>> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|;|$)/.test(line)) continue;
    const at = line.indexOf('=');
    const key = KEYS[line.slice(0, at).trim().toLowerCase()];
    if (at === -1 || key === undefined) {
      throw new UsageError(`${file}, line ${index + 1}: must be username = …, password = … or domain = …`);
    }
    // Spaces around the sign are ignored, except that a password keeps all but one leading space.
    found[key] = key === 'password' ? line.slice(at + 1).replace(/^ /, '') : line.slice(at + 1).trim();
  }
  return found;
}

/** Reads credentials from a file; warns if others can read it. */
export async function readCredentials(file: string): Promise<Credentials> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && mode & OTHERS) say(`sombrero: others may read ${file}: chmod 600 ${file}`);
  } catch (error) {
    throw new UsageError(`${file}: ${reasonOf(error, file)}`, { cause: error });
  }
  return parseCredentials(text, file);
}
