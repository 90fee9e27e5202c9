import { type FailureJson, failureJson, isUsage } from './failure.js';
import { json, print } from './terminal.js';

/**
 * What a command prints with `--json`: an array whose values are printed as they arrive, one value, or no JSON at all.
 */
export type JsonKind = 'array' | 'value' | undefined;

/** Takes the results of a command. */
export interface JsonOutput {
  readonly kind: JsonKind;
  add(value: unknown): Promise<void>;
}

/**
 * Runs a command so that standard output is valid JSON however the command ends: an array is closed, and a missing
 * value is replaced by an object with the error. After wrong usage nothing is printed.
 */
export async function withJson(kind: JsonKind, work: (output: JsonOutput) => Promise<void>): Promise<void> {
  let count = 0;
  const add = async (value: unknown): Promise<void> => {
    const before = kind === 'value' ? '' : `${count === 0 ? '[' : ','}\n`;
    count++;
    await print(kind === 'value' ? `${json(value, 2)}\n` : before + json(value));
  };
  const close = (): Promise<void> => print(count === 0 ? '[]\n' : '\n]\n');
  try {
    await work({ kind, add });
  } catch (error) {
    if (kind === 'array' && (count > 0 || !isUsage(error))) await close();
    if (kind === 'value' && count === 0 && !isUsage(error)) await print(`${json({ error: failureJson(error) }, 2)}\n`);
    throw error;
  }
  if (kind === 'array') await close();
}

/** Runs the work, then reports its result: with the error if the work failed, but not after wrong usage. */
export async function withResult(
  work: () => Promise<void>,
  tell: (ending: { readonly error?: FailureJson }) => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isUsage(error)) await tell({ error: failureJson(error) });
    throw error;
  }
  await tell({});
}
