import { StatusError } from '#wire/erref/errors.js';
import { Malformed } from '#wire/io/malformed.js';

/** A function to fuzz: it takes bytes and returns nothing; only its exceptions matter. */
export interface Target {
  readonly name: string;
  /** The scripts whose coverage guides the fuzzer. */
  readonly sources: RegExp;
  /** Initial inputs, in addition to the corpus. */
  readonly seeds: readonly Uint8Array[];
  readonly tokens?: readonly Uint8Array[];
  run(bytes: Uint8Array): void | Promise<void>;
}

/** The target understood an input, but not the same way twice. */
export class Unstable extends Error {}

const SLOW_MS = 50;

/**
 * Why an input is a finding, or undefined. A target may only throw Malformed or StatusError, quickly, and must not
 * change the bytes.
 */
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

/** Slow four times in a row: not because of garbage collection or a busy machine. */
async function isSlow(target: Target, input: Uint8Array): Promise<boolean> {
  for (let i = 0; i < 4; i++) {
    const started = process.cpuUsage();
    try {
      await target.run(input.slice());
    } catch (error) {
      // Exceptions have been judged before.
      void error;
    }
    const { user, system } = process.cpuUsage(started);
    if ((user + system) / 1000 < SLOW_MS) return false;
  }
  return true;
}

/** A line that stays the same while the input is minimised: the kind of error and its origin. */
function describe(error: unknown): string {
  if (error instanceof Unstable) return `is not stable: ${error.message}`;
  if (!(error instanceof Error)) return `throws ${String(error)}`;
  const where = /\/dist\/(\S+?\.js:\d+)/.exec(error.stack ?? '')?.[1] ?? '';
  return `throws ${error.name}: ${error.message.replace(/\d+/g, 'N').split('\n')[0]} at ${where}`;
}
