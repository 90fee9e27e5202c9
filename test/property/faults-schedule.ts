import fc from 'fast-check';
import type { Fault, Sequence } from './faults-run.js';
import type { Creation, Deed, World } from './faults-world.js';

/** A step of a sequence; steps that are impossible when their turn comes are left out. */
export interface Raw {
  readonly worker: number;
  readonly what: Deed['what'] | 'rest';
  readonly name: string;
  readonly to: string;
  readonly create: Creation;
  readonly durable: boolean;
  readonly flag: boolean;
  readonly at: number;
  readonly length: number;
  readonly which: number;
}

export const WORKERS = 2;

const WHAT: readonly (readonly [Raw['what'], weight: number])[] = [
  ['open', 14],
  ['write', 14],
  ['append', 10],
  ['read', 8],
  ['truncate', 3],
  ['lock', 4],
  ['unlock', 2],
  ['flush', 2],
  ['close', 6],
  ['writeFile', 5],
  ['appendFile', 4],
  ['readFile', 4],
  ['rename', 4],
  ['remove', 4],
  ['mkdir', 2],
  ['rmdir', 1],
  ['stat', 2],
  ['list', 3],
  ['rest', 3],
];

const raw: fc.Arbitrary<Raw> = fc.record({
  worker: fc.nat(WORKERS - 1),
  what: fc.constantFrom(...WHAT.flatMap(([what, weight]) => Array<Raw['what']>(weight).fill(what))),
  name: fc.constantFrom('a', 'a', 'b', 'c'),
  to: fc.constantFrom('a', 'b', 'c'),
  create: fc.constantFrom<Creation[]>('if-missing', 'if-missing', 'truncate', 'exclusive', 'never'),
  durable: fc.constantFrom(true, true, false),
  flag: fc.boolean(),
  at: fc.nat(40),
  length: fc.integer({ min: 1, max: 30 }),
  which: fc.nat(0xffff),
});

const LOSSES = ['unsent', 'unanswered', 'unsent', 'unanswered', 'unanswered', 'silent', 'untaken'] as const;
const fault: fc.Arbitrary<Fault> = fc.record({
  after: fc.constantFrom(0, 0, 1, 1, 2, 3, 4, 5, 6, 8, 10, 14),
  what: fc.constantFrom<Fault['what'][]>(...LOSSES, ...LOSSES, 'cut', 'crash', 'crashed', 'away', 'expired'),
  ms: fc.constantFrom(1, 50, 400, 3000, 9000),
});

export const sequences: fc.Arbitrary<Sequence> = fc.record({
  deeds: fc.array(raw, { minLength: 6, maxLength: 40, size: 'max' }),
  faults: fc.array(fault, { minLength: 1, maxLength: 10, size: 'max' }),
  dialect: fc.constantFrom('3.1.1', '3.1.1', '3.0', '2.1', '2.0.2'),
  continuous: fc.constantFrom(false, false, true),
  unsigned: fc.constantFrom(false, true),
});

const isFree = (world: World, name: string): boolean => {
  const file = world.names.get(name);
  return typeof file !== 'number' || ![...world.open.values()].includes(file);
};

/** The deed that a raw step stands for in all possible worlds; undefined if it is impossible. */
export function decide(worlds: readonly World[], step: Raw, count: number): Deed | undefined {
  const { what, name, to, create, durable, flag, at, length, which } = step;
  const world = worlds[0] as World;
  const free = (path: string): boolean => worlds.every((each) => isFree(each, path));
  const file = (path: string): boolean => free(path) && worlds.every(({ names }) => names.get(path) !== 'directory');
  const handles = [...world.open.keys()];
  const h = handles[which % Math.max(1, handles.length)];
  const data = Uint8Array.from({ length }, (_, i) => 33 + ((count * 7 + i) % 90));
  switch (what) {
    case 'rest':
      return undefined;
    case 'open':
      return free(name) ? { what, name, create, durable, h: count } : undefined;
    case 'writeFile':
    case 'appendFile':
      return free(name) ? { what, name, data } : undefined;
    case 'readFile':
    case 'remove':
    case 'mkdir':
    case 'rmdir':
      return free(name) ? { what, name } : undefined;
    case 'stat':
      return { what, name };
    case 'list':
      return { what };
    case 'rename':
      // Only files: directories raise other questions, which have nothing to do with losses.
      return name !== to && file(name) && file(to) ? { what, name, to, replace: flag } : undefined;
    default:
      if (h === undefined) return undefined;
  }
  const locked = worlds.map((each) => each.locked.has(h));
  switch (what) {
    case 'write':
      return { what, h, at, data };
    case 'append':
      return { what, h, data };
    case 'truncate':
      return { what, h, size: at };
    case 'lock':
      return locked.includes(true) ? undefined : { what, h };
    case 'unlock':
      return locked.includes(false) ? undefined : { what, h };
    default:
      return { what, h };
  }
}
