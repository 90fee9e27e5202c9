import type { Command, Option } from 'commander';
import { isUrl } from './is-url.js';
import type { ClientFlags } from './options.js';
import { load } from './program.js';

/** Candidates for a word of a command line. */
export interface Completions {
  readonly words: readonly string[];
  /** File names on this machine are candidates; the shell finds them. */
  readonly files: boolean;
  /** The word may continue: the shell adds no space after it. */
  readonly open: boolean;
}

/** A shell must not be kept waiting. */
const PATIENCE_MS = 3000;

const NOTHING: Completions = { words: [], files: false, open: false };

/** Candidates for the last of the words; the first word is a command. */
export async function complete(program: Command, words: readonly string[]): Promise<Completions> {
  const current = words.at(-1) ?? '';
  const names = program.commands.map((command) => command.name());
  if (words.length <= 1) return plain(names, current);
  if (words[0] === 'help') return plain(names, current);
  const command = program.commands.find((known) => known.name() === words[0]);
  if (!command) return NOTHING;
  await load(command);
  const option = taking(command, words.at(-2) ?? '');
  if (option) return option.argChoices ? plain(option.argChoices, current) : { ...NOTHING, files: true };
  if (current.startsWith('-')) return plain(flagsOf(command), current);
  if (!isUrl(current)) return { ...NOTHING, files: true };
  const { wordsOnServer } = await import('./remote-completion.js');
  const found = await wordsOnServer(current, flagsFrom(command, words), AbortSignal.timeout(PATIENCE_MS));
  return { ...NOTHING, words: found, open: found.length > 0 && found.every((word) => word.endsWith('/')) };
}

function plain(words: readonly string[], prefix: string): Completions {
  return { ...NOTHING, words: words.filter((word) => word.startsWith(prefix) && !word.startsWith('__')) };
}

function flagsOf(command: Command): string[] {
  const options = command.options.filter((option) => !option.hidden);
  return [...options.flatMap(({ long, short }) => long ?? short ?? []), '--help'];
}

/** The option that a word stands for, if it takes a value. */
function taking(command: Command, word: string): Option | undefined {
  return command.options.find(
    (option) => (option.required || option.optional) && [option.short, option.long].includes(word),
  );
}

/** The logon flags that are already on the command line. */
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
