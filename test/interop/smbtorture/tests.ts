import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../root.js';

/** The lists, in the order of the report. */
export const LISTS = [
  'smb2-core',
  'smb2-acls-streams-eas',
  'rpc-srvsvc',
  'special-server',
  'smb2-locking',
  'smb2-durable',
  'smb2-notify',
] as const;
export type ListName = (typeof LISTS)[number];

/** With smbtorture's `--target=samba3`, which accepts Samba's behaviour, or without. */
export const TARGETS = ['samba3', 'windows'] as const;
export type Target = (typeof TARGETS)[number];

/** A smbtorture test and its requirements. */
export interface TortureTest {
  readonly list: ListName;
  /** Its name in smbtorture. */
  readonly name: string;
  /** The only share it may run on; otherwise any general one. */
  readonly share: string | undefined;
  readonly options: readonly string[];
  /** Seconds it needs, if more than the default. */
  readonly seconds: number | undefined;
  /** The key in results, expectations and reasons: the name, plus the share if it needs a certain one. */
  readonly key: string;
}

const FOLDER = join(root, 'test/interop/smbtorture');

/** Lines of a file next to the sources, without comments. */
function linesOf(file: string): string[] {
  const lines = readFileSync(join(FOLDER, file), 'utf8').split('\n');
  return lines.filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

function parseTest(list: ListName, line: string): TortureTest {
  const [name = '', settings = ''] = line.split('\t');
  const words = settings.split(' ').filter((word) => word !== '');
  const share = words.find((word) => word.startsWith('share='))?.slice('share='.length);
  const seconds = words.find((word) => word.startsWith('seconds='))?.slice('seconds='.length);
  const options = words.filter((word) => word.startsWith('--'));
  return {
    list,
    name,
    share,
    options,
    seconds: seconds === undefined ? undefined : Number(seconds),
    key: share === undefined ? name : `${name} [${share}]`,
  };
}

export function testsOf(list: ListName): TortureTest[] {
  return linesOf(`lists/${list}.txt`).map((line) => parseTest(list, line));
}

export function allTests(): TortureTest[] {
  return LISTS.flatMap(testsOf);
}

/** Tests that have passed, by key, with the targets for which they did. */
export function expectations(): Map<string, readonly Target[]> {
  const entries = linesOf('expected.txt').map((line): [string, readonly Target[]] => {
    const [key = '', only] = line.split('\t');
    return [key, only === undefined ? TARGETS : TARGETS.filter((target) => target === only)];
  });
  return new Map(entries);
}

/** Why a test does not pass here, by key. */
export function reasons(): Map<string, string> {
  return new Map(linesOf('reasons.txt').map((line) => line.split('\t') as [string, string]));
}
