import type { Command, Option } from 'commander';
import { listShares } from '#client/index.js';
import { below } from './entries.js';
import { type ClientFlags, connectOptions } from './options.js';
import { isUrl, onShare, parseUrl, placeOf, serverOf } from './remote.js';

/** What may stand in a place of a command line. */
export interface Completions {
  readonly words: readonly string[];
  /** The shell knows: files of this machine. */
  readonly files: boolean;
  /** More is to follow: no blank behind it. */
  readonly open: boolean;
}

/** A shell must not be kept waiting. */
const PATIENCE_MS = 3000;
const MOST = 1000;

const NOTHING: Completions = { words: [], files: false, open: false };

/** What may come in place of the last of the words, of which the first is a command. */
export async function complete(program: Command, words: readonly string[]): Promise<Completions> {
  const current = words.at(-1) ?? '';
  if (words.length <= 1)
    return plain(
      program.commands.map((command) => command.name()),
      current,
    );
  const command = program.commands.find((known) => known.name() === words[0]);
  if (!command)
    return words[0] === 'help'
      ? plain(
          program.commands.map((known) => known.name()),
          current,
        )
      : NOTHING;
  const option = taking(command, words.at(-2) ?? '');
  if (option) return option.argChoices ? plain(option.argChoices, current) : { ...NOTHING, files: true };
  if (current.startsWith('-')) return plain(flagsOf(command), current);
  if (isUrl(current)) return remote(current, flagsFrom(command, words));
  return { ...NOTHING, files: true };
}

function plain(words: readonly string[], prefix: string): Completions {
  return { ...NOTHING, words: words.filter((word) => word.startsWith(prefix) && !word.startsWith('__')) };
}

function flagsOf(command: Command): string[] {
  const options = command.options.filter((option) => !option.hidden);
  return [...options.flatMap(({ long, short }) => long ?? short ?? []), '--help'];
}

/** The option that a word is, if a value follows it. */
function taking(command: Command, word: string): Option | undefined {
  return command.options.find(
    (option) => (option.required || option.optional) && [option.short, option.long].includes(word),
  );
}

/** The flags that say how to log on, as far as they are there already. */
function flagsFrom(command: Command, words: readonly string[]): ClientFlags {
  const valueAfter = (flag: string): string | undefined => {
    const at = words.indexOf(flag);
    return at === -1 || at + 1 >= words.length - 1 ? undefined : words[at + 1];
  };
  const [user, credentials] = [valueAfter('--user'), valueAfter('--credentials')];
  const has = (flag: string): boolean => words.includes(flag) && command.options.some(({ long }) => long === flag);
  return {
    timeout: PATIENCE_MS,
    ...(user === undefined ? {} : { user }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(has('--guest') && { guest: true }),
    ...(has('--anonymous') && { anonymous: true }),
    ...(has('--netbios') && { netbios: true }),
  };
}

/** Shares of a server, or what is in a directory. Nobody is asked for a password here: then there is nothing. */
async function remote(current: string, flags: ClientFlags): Promise<Completions> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const head = current.slice(0, current.lastIndexOf('/') + 1);
  const last = current.slice(head.length);
  if (head.length <= 'smb://'.length || !head.includes('://')) return NOTHING;
  try {
    const names =
      parseUrl(head).share === undefined ? await shares(head, flags, signal) : await entries(head, last, flags, signal);
    const words = names
      .filter((name) => name.toLowerCase().startsWith(decoded(last).toLowerCase()))
      .map((name) => head + encoded(name));
    return { ...NOTHING, words, open: words.every((word) => word.endsWith('/')) };
  } catch {
    // No server, no password, no such place: a shell shows nothing then.
    return NOTHING;
  }
}

async function shares(head: string, flags: ClientFlags, signal: AbortSignal): Promise<string[]> {
  const { url, password } = serverOf(await placeOf(head, flags, signal));
  const secret = password === undefined ? {} : { password };
  const found = await listShares(url, { ...connectOptions(flags, signal), ...secret });
  return found.filter(({ kind }) => kind === 'disk').map(({ name }) => `${name}/`);
}

async function entries(head: string, last: string, flags: ClientFlags, signal: AbortSignal): Promise<string[]> {
  return onShare(head, flags, signal, async (share, path) => {
    const names: string[] = [];
    // What begins with it is found by the server.
    const pattern = `${decoded(last).replace(/[*?<>"]/g, '?')}*`;
    for await (const entry of share.readdir(below(path, '').replace(/\/$/, ''), { pattern, signal })) {
      names.push(entry.isDirectory() ? `${entry.name}/` : entry.name);
      if (names.length === MOST) break;
    }
    return names;
  });
}

/** What would end a word, or mean something in an URL, is written as %20. */
function encoded(name: string): string {
  return name.replace(
    /[%\s'"\\$`!&;()<>|*?[\]{}#~]/g,
    (found) => `%${found.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
