import { readFile, stat } from 'node:fs/promises';
import type { UnixNames } from '../unix-names.js';

/** A larger file cannot be the list of a machine's accounts. */
const LARGEST = 4 * 1024 * 1024;

/** Either /etc/passwd or /etc/group, reread after changes. */
class NameFile {
  readonly #path: string;
  #seen = '';
  #byName = new Map<string, number>();
  #byNumber = new Map<number, string>();

  constructor(path: string) {
    this.#path = path;
  }

  async number(name: string): Promise<number | undefined> {
    await this.#read();
    return this.#byName.get(name);
  }

  async name(number: number): Promise<string | undefined> {
    await this.#read();
    return this.#byNumber.get(number);
  }

  /** If the file is missing or unreadable, nothing has a name. */
  async #read(): Promise<void> {
    let seen = '';
    let text = '';
    try {
      const { mtimeNs, size, ino } = await stat(this.#path, { bigint: true });
      seen = `${mtimeNs} ${size} ${ino}`;
      if (seen === this.#seen) return;
      if (size <= LARGEST) text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    }
    this.#seen = seen;
    this.#byName = new Map();
    this.#byNumber = new Map();
    for (const line of text.split('\n')) this.#add(line);
  }

  // The first line with a name or number wins, as in the C library.
  #add(line: string): void {
    const [name = '', , digits = ''] = line.split(':');
    if (name === '' || !/^\d{1,10}$/.test(digits)) return;
    const number = Number(digits);
    if (!this.#byName.has(name)) this.#byName.set(name, number);
    if (!this.#byNumber.has(number)) this.#byNumber.set(number, name);
  }
}

/** The users and groups of this machine, from /etc/passwd and /etc/group. */
export function unixNames(passwd = '/etc/passwd', group = '/etc/group'): UnixNames {
  const users = new NameFile(passwd);
  const groups = new NameFile(group);
  return {
    userName: (uid) => users.name(uid),
    groupName: (gid) => groups.name(gid),
    uid: (name) => users.number(name),
    gid: (name) => groups.number(name),
  };
}
