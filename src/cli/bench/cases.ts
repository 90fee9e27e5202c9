import { UsageError } from '#client/index.js';

export const SIZES = [4096, 65_536, 1_048_576, 8_388_608] as const;
const SIZE_NAMES = ['4k', '64k', '1m', '8m'] as const;

/** Reads or writes one file in blocks. */
export interface DataCase {
  readonly kind: 'data';
  readonly name: string;
  readonly write: boolean;
  readonly random: boolean;
  readonly size: number;
}

/** An operation on one small file after another, or on the connection. */
export interface ActionCase {
  readonly kind: 'files' | 'connections';
  readonly name: string;
}

export type Case = DataCase | ActionCase;

/** In this order, each case finds what it needs: files are created, used, renamed, and finally deleted. */
export const FILE_CASES = ['create-write-close', 'open-read-close', 'stat', 'list', 'rename', 'delete'] as const;
export const CONNECTION_CASES = ['echo', 'logon', 'idle'] as const;

const action =
  (kind: ActionCase['kind']) =>
  (name: string): ActionCase => ({ kind, name });

function dataCases(): DataCase[] {
  const cases: DataCase[] = [];
  for (const write of [false, true]) {
    for (const random of [false, true]) {
      SIZES.forEach((size, index) => {
        const name = `${write ? 'write' : 'read'}-${random ? 'random' : 'sequential'}-${SIZE_NAMES[index]}`;
        cases.push({ kind: 'data', name, write, random, size });
      });
    }
  }
  return cases;
}

export const CASES: readonly Case[] = [
  ...dataCases(),
  ...FILE_CASES.map(action('files')),
  ...CONNECTION_CASES.map(action('connections')),
];

/** Selects cases by name, or by the beginning of names up to a dash: `read`, `read-random`, `read-random-4k`. */
export function selectCases(names: readonly string[]): readonly Case[] {
  for (const name of names) {
    if (!CASES.some((known) => matches(known.name, name))) {
      throw new UsageError(`no case '${name}'; there are ${CASES.map((known) => known.name).join(', ')}`);
    }
  }
  return CASES.filter((known) => names.length === 0 || names.some((name) => matches(known.name, name)));
}

function matches(name: string, asked: string): boolean {
  return name === asked || name.startsWith(`${asked}-`);
}
