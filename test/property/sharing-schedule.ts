import fc from 'fast-check';
import { CLIENTS, guidOf, SharingClients } from './sharing-clients.js';
import { looksOnly, type ModelFile } from './sharing-file.js';
import { SharingModel } from './sharing-model.js';
import { type BreakTold, type Concrete, type Disposition, OPLOCK_BITS, type Told } from './sharing-operations.js';

/** A step of a sequence; steps that are impossible when their turn comes are left out. */
interface Raw {
  readonly what: Concrete['what'];
  readonly client: number;
  readonly name: string;
  readonly to: string;
  readonly access: number;
  readonly share: number;
  readonly disposition: Disposition;
  readonly oplock: number;
  readonly key: string;
  readonly lease: number;
  readonly asks: 'oplock' | 'v1' | 'v2';
  readonly from: number;
  readonly size: number;
  readonly flag: boolean;
  readonly rare: boolean;
  readonly which: number;
}

const WHAT: readonly (readonly [Concrete['what'], weight: number])[] = [
  ['open', 30],
  ['close', 12],
  ['acknowledge', 18],
  ['read', 5],
  ['write', 6],
  ['lock', 10],
  ['unlock', 4],
  ['truncate', 3],
  ['rename', 5],
  ['dispose', 4],
  ['cancel', 3],
  ['expire', 2],
  ['leave', 1],
];

const raw: fc.Arbitrary<Raw> = fc.record({
  what: fc.constantFrom(...WHAT.flatMap(([what, weight]) => Array<Concrete['what']>(weight).fill(what))),
  client: fc.nat(CLIENTS - 1),
  name: fc.constantFrom('a', 'a', 'a', 'b'),
  to: fc.constantFrom('a', 'b', 'c'),
  access: fc.constantFrom(3, 3, 7, 7, 1, 2, 5, 4, 0),
  share: fc.constantFrom(7, 7, 7, 7, 0, 1, 2, 3, 4, 5, 6),
  disposition: fc.constantFrom<Disposition[]>(
    'openIf',
    'openIf',
    'openIf',
    'open',
    'create',
    'overwriteIf',
    'overwrite',
    'supersede',
  ),
  oplock: fc.constantFrom(...Object.values(OPLOCK_BITS)),
  key: fc.constantFrom('1', '2'),
  lease: fc.constantFrom(7, 7, 3, 3, 5, 1, 0),
  asks: fc.constantFrom<Raw['asks'][]>('oplock', 'v1', 'v2', 'v2'),
  from: fc.nat(3),
  size: fc.constantFrom(1, 1, 2, 3),
  flag: fc.boolean(),
  rare: fc.nat(7).map((n) => n === 7),
  which: fc.nat(0xffff),
});

const LONGEST = 24;
export const sequences: fc.Arbitrary<Raw[]> = fc.array(raw, { minLength: 2, maxLength: LONGEST, size: 'max' });

const pick = <T>(from: readonly T[], which: number): T | undefined => from[which % Math.max(1, from.length)];

/** The operation that a raw step stands for in the current state of the model. */
function decide(model: SharingModel, step: Raw): Concrete | undefined {
  const { what, client, name, access, share, disposition, flag, rare, which, from, to } = step;
  const range = { from, to: from + step.size };
  switch (what) {
    case 'open': {
      const deleteOnClose = rare && (access & 4) !== 0;
      const lease = { key: step.key, state: step.lease, version: step.asks === 'v1' ? 1 : 2 } as const;
      // It is unspecified when a waiting open finds that its lease key is used for another file.
      const waits = ({ op }: { readonly op: Concrete }): boolean =>
        op.what === 'open' && op.lease?.key === step.key && op.name !== name;
      if (step.asks !== 'oplock' && model.waiting.some(waits)) return undefined;
      const caches = step.asks === 'oplock' ? { oplock: step.oplock } : { oplock: 0, lease };
      return { what, client, name, access, share, disposition, deleteOnClose, ...caches };
    }
    case 'expire':
      return { what, client };
    case 'leave': {
      if ([...model.files.values()].some((file) => manyStartAnew(model, file, client))) return undefined;
      if (model.waiting.some(({ op }) => op.client === client && op.what === 'rename')) return undefined;
      return { what, client, how: flag ? 'disconnect' : 'logoff' };
    }
    case 'cancel': {
      const waiting = pick(model.waiting, which);
      return waiting && { what, client: waiting.op.client, request: waiting.number };
    }
    case 'acknowledge':
      return acknowledgment(model, step);
    default:
  }
  const open = pick([...model.opens.values()], which);
  // It is unspecified whether an open that neither reads nor writes may lock.
  if (open === undefined || (what === 'lock' && looksOnly(open.access))) return undefined;
  const common = { client: open.client, open: open.number };
  switch (what) {
    case 'close':
      if (model.waiting.some((one) => one.open === open && one.op.what === 'rename')) return undefined;
      return manyStartAnew(model, open.file, undefined) ? undefined : { what, ...common };
    case 'lock':
      return { what, ...common, ...range, exclusive: flag, waits: (which & 0x100) !== 0 };
    case 'truncate':
      return { what, ...common, size: from };
    case 'rename':
      // It is unspecified where waiting operations start over, and with which file.
      if (waitersAt(model, open.file) > 0) return undefined;
      // To wait for those who have the target open, the server briefly opens it as well.
      if ([...(model.files.get(to)?.holders ?? [])].some((one) => one.file !== open.file && one.state !== 0))
        return undefined;
      // Renames of one file happen one after another.
      if (model.waiting.some((one) => one.op.what === 'rename' && one.open?.file === open.file)) return undefined;
      return { what, ...common, to, replace: flag };
    case 'dispose':
      return { what, ...common, pending: flag };
    default:
      return { what, ...common, ...range };
  }
}

const waitersAt = ({ waiting }: SharingModel, file: ModelFile): number =>
  waiting.filter(({ op, found }) => op.what === 'open' && found === file).length;

/** Several operations that wait for a file being removed start over at the same time: their order is unspecified. */
function manyStartAnew(model: SharingModel, file: ModelFile, client: number | undefined): boolean {
  const goes = file.deletePending || [...file.opens].some(({ deleteOnClose }) => deleteOnClose);
  const closes = client === undefined ? file.opens.size === 1 : [...file.opens].every((open) => open.client === client);
  return waitersAt(model, file) > 1 && goes && closes;
}

/** Mostly acknowledges a break in progress with an allowed state; sometimes neither. */
function acknowledgment(model: SharingModel, { client, which, lease, rare, flag }: Raw): Concrete | undefined {
  const holders = model.holders();
  const breaking = holders.filter(({ breakingTo }) => breakingTo !== undefined);
  const holder = pick(rare ? holders : breaking, which);
  if (holder === undefined) return undefined;
  const { breakingTo = 0, lease: isLease, key } = holder;
  const asked = flag || !rare ? breakingTo : isLease ? lease : (pick(Object.values(OPLOCK_BITS), which) as number);
  const state = which % 5 === 0 && !rare ? 0 : asked;
  const opener = [...holder.opens][0]?.client ?? client;
  return { what: 'acknowledge', client: opener, key, oplock: !isLease, state };
}

/** Counts what occurred. */
export class Tally {
  readonly counts = new Map<string, number>();

  add(what: string, count: number = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + count);
  }

  /** Counts one step. */
  note(op: Concrete, told: Told, number: number): void {
    this.add('operations');
    this.add(op.what);
    this.add('breaks', told.breaks.length);
    if (op.what !== 'leave' && op.what !== 'expire' && op.what !== 'cancel' && !told.answers.has(number))
      this.add('waits');
    for (const { status } of told.answers.values()) this.add(status);
  }
}

export class Unlike extends Error {}

function breakText({ client, key, from, to, acknowledged }: BreakTold): string {
  const holder = `${client[0]}'s ${typeof key === 'string' ? `lease ${key}` : `oplock of ${key}`}`;
  // For an oplock, only the new level is notified.
  return typeof key === 'string' ? `${holder} ${from}->${to}${acknowledged ? ' ack' : ''}` : `${holder} ->${to}`;
}

function tellingText({ answers, breaks }: Told): string {
  const answered = [...answers]
    .sort(([a], [b]) => a - b)
    .map(([number, { status, granted }]) => {
      return `${number}=${status}${granted === undefined ? '' : `(${granted})`}`;
    });
  return [...answered, ...breaks.map(breakText).sort()].join(', ') || 'nothing';
}

/**
 * When the open through which a client was notified of a break is closed, the server notifies it again through another
 * open of the lease, in case the first one was lost. This is not expected, but accepted.
 */
function withoutRepeats(underWay: readonly BreakTold[], expected: Told, heard: Told): Told {
  const same = (one: BreakTold, { client, key }: BreakTold): boolean => one.client === client && one.key === key;
  const repeats = (one: BreakTold): boolean =>
    underWay.some((known) => same(known, one) && known.to === one.to) &&
    !expected.breaks.some((told) => same(told, one) && told.to === one.to);
  return { ...heard, breaks: heard.breaks.filter((one) => !repeats(one)) };
}

function sameAs(expected: Told, heard: Told): boolean {
  for (const [number, { status }] of expected.answers) {
    if (status !== 'any') continue;
    const answer = heard.answers.get(number);
    if (answer) expected.answers.set(number, answer);
  }
  return tellingText(expected) === tellingText(heard);
}

const opText = (number: number, { what, client, ...rest }: Concrete): string =>
  `${number}: client ${client} ${what} ${JSON.stringify(rest).replaceAll('"', '')}`;

/** Plays a sequence on both server and model; fails at the first difference, with the script up to it. */
export class Schedule {
  readonly #clients: SharingClients;
  readonly #tally: Tally;
  readonly #script: string[] = [];
  readonly #model = new SharingModel(guidOf);
  #number = 0;
  /** All breaks so far, and the step at which somebody last left. */
  readonly #breaks: BreakTold[] = [];
  #leftAt = Number.NEGATIVE_INFINITY;

  constructor(clients: SharingClients, tally: Tally) {
    this.#clients = clients;
    this.#tally = tally;
  }

  async play(steps: readonly Raw[]): Promise<void> {
    await this.#clients.begin();
    for (const step of steps) {
      const op = decide(this.#model, step);
      if (op) await this.#do(op);
    }
    await this.#end();
    this.#tally.add('sequences');
  }

  async #do(op: Concrete): Promise<void> {
    const number = ++this.#number;
    const underWay = this.#model.underWay();
    const expected = this.#model.step(number, op);
    // What went over a lost connection is sent again over another one, by the next operation at the latest.
    if (op.what === 'leave') this.#leftAt = number;
    const retold = number - this.#leftAt <= 1 ? this.#breaks : [];
    this.#breaks.push(...expected.breaks);
    const heard = withoutRepeats(
      [...underWay, ...this.#model.underWay(), ...retold],
      expected,
      await this.#clients.step(number, op),
    );
    const same = sameAs(expected, heard);
    this.#script.push(
      `${opText(number, op)}  =>  ${tellingText(heard)}${same ? '' : `  BUT EXPECTED  ${tellingText(expected)}`}`,
    );
    if (!same) throw new Unlike(`\n${this.#script.join('\n')}`);
    this.#tally.note(op, heard, number);
    this.#check();
  }

  /** Whoever may cache writes must be the only holder. */
  #check(): void {
    for (const { holders, name } of this.#model.files.values()) {
      const states = [...holders].map(({ state }) => state).filter((state) => state !== 0);
      if (states.some((state) => (state & 4) !== 0) && states.length > 1) throw new Unlike(`${name}: ${states}`);
    }
  }

  /** Closes everything; then nothing waits, and nothing is left. */
  async #end(): Promise<void> {
    const model = this.#model;
    for (let turns = 0; turns < LONGEST && model.waiting.some(({ op }) => op.what !== 'lock'); turns++)
      await this.#do({ what: 'expire', client: 0 });
    for (let open = pick([...model.opens.values()], 0); open; open = pick([...model.opens.values()], 0))
      await this.#do({ what: 'close', client: open.client, open: open.number });
    for (const name of [...model.files.keys()]) {
      const how = { access: 4, share: 7, disposition: 'open', deleteOnClose: true, oplock: 0 } as const;
      await this.#do({ what: 'open', client: 0, name, ...how });
      await this.#do({ what: 'close', client: 0, open: this.#number });
    }
    const left = [...(await this.#clients.left()), ...model.waiting.map(({ number }) => `${number} waits`)];
    if (left.length > 0) throw new Unlike(`\n${this.#script.join('\n')}\nleft: ${left.join(', ')}`);
  }
}

/** Checks a number of sequences; returns what occurred. Throws with the smallest sequence that differs. */
export async function checkSharing(numRuns: number, seed: number, tally: Tally = new Tally()): Promise<Tally> {
  let clients = new SharingClients();
  await fc.assert(
    fc.asyncProperty(sequences, async (steps) => {
      try {
        await new Schedule(clients, tally).play(steps);
      } catch (error) {
        clients = new SharingClients();
        throw error;
      }
    }),
    { numRuns, seed },
  );
  return tally;
}
