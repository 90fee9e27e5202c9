import { StatusError } from '#wire/erref/errors.js';
import { Malformed } from '#wire/io/malformed.js';

/** What is fed: bytes in, nothing out, but for what it throws. */
export interface Target {
  readonly name: string;
  /** The scripts whose coverage guides. */
  readonly sources: RegExp;
  /** Inputs to begin with, besides the corpus. */
  readonly seeds: readonly Uint8Array[];
  readonly tokens?: readonly Uint8Array[];
  run(bytes: Uint8Array): void | Promise<void>;
}

/** The target understood an input, but not twice in the same way. */
export class Unstable extends Error {}

const SLOW_MS = 50;

/** Why an input is a finding, or nothing. Only Malformed and StatusError may come out, soon, and the bytes stay as they are. */
export async function judge(target: Target, input: Uint8Array): Promise<string | undefined> {
  const copy = input.slice();
  const started = performance.now();
  let verdict: string | undefined;
  try {
    const going = target.run(copy);
    if (going !== undefined) await going;
  } catch (error) {
    if (!(error instanceof Malformed) && !(error instanceof StatusError)) verdict = describe(error);
  }
  const elapsed = performance.now() - started;
  if (verdict === undefined && elapsed > SLOW_MS && (await isSlow(target, input)))
    verdict = `takes more than ${SLOW_MS} ms`;
  if (verdict === undefined && !copy.every((byte, i) => byte === input[i])) verdict = 'writes into its input';
  return verdict;
}

/** Slow four times running: not the collector, nor a machine that is busy. */
async function isSlow(target: Target, input: Uint8Array): Promise<boolean> {
  for (let i = 0; i < 4; i++) {
    const started = process.cpuUsage();
    try {
      await target.run(input.slice());
    } catch (error) {
      // What it throws was judged before.
      void error;
    }
    const { user, system } = process.cpuUsage(started);
    if ((user + system) / 1000 < SLOW_MS) return false;
  }
  return true;
}

/** One line that stays the same while an input is made smaller: the kind of error and where it came from. */
function describe(error: unknown): string {
  if (error instanceof Unstable) return `is not stable: ${error.message}`;
  if (!(error instanceof Error)) return `throws ${String(error)}`;
  const where = /\/dist\/(\S+?\.js:\d+)/.exec(error.stack ?? '')?.[1] ?? '';
  return `throws ${error.name}: ${error.message.replace(/\d+/g, 'N').split('\n')[0]} at ${where}`;
}
