import { type FailureJson, failureJson, isUsage } from './failure.js';
import { json, print } from './terminal.js';

/** What a command prints with `--json`: values of an array as they come, one value, or nothing because people read. */
export type JsonKind = 'array' | 'value' | undefined;

/** Takes what a command found. */
export interface JsonOutput {
  readonly kind: JsonKind;
  add(value: unknown): Promise<void>;
}

/**
 * Does what a command does. However that ends, what is on standard output is JSON: an array is closed, and where there
 * is no value there is an object with the error. Wrong usage alone prints nothing.
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

/** Does all of the work, then tells what came of it: with the error if the work broke off, not at all if usage was wrong. */
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
