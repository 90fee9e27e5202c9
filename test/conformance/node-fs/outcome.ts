import { setTimeout } from 'node:timers/promises';
import type { Act, At, Fs } from './act.js';

/** The outcome of an act, in a form that can be compared between file systems. */
export type Outcome = { readonly gives: unknown } | { readonly throws: unknown };

const LIMIT_MS = 30_000;

const KINDS = [
  'isFile',
  'isDirectory',
  'isSymbolicLink',
  'isBlockDevice',
  'isCharacterDevice',
  'isFIFO',
  'isSocket',
] as const;
type Kinded = { readonly [K in (typeof KINDS)[number]]: () => boolean };

/** Performs an act and describes the outcome; `hide` removes what differs between places from a text. */
export async function outcome(act: Act, fs: Fs, at: At, hide: (text: string) => string): Promise<Outcome> {
  try {
    return { gives: described(await within(act(fs, at)), hide) };
  } catch (error) {
    return { throws: described(error, hide) };
  }
}

/** Not ending is an outcome too. */
async function within(doing: unknown): Promise<unknown> {
  const late = new AbortController();
  const limit = setTimeout(LIMIT_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error('it does not end');
  });
  try {
    return await Promise.race([doing, limit]);
  } finally {
    late.abort();
    limit.catch(() => undefined);
  }
}

function described(value: unknown, hide: (text: string) => string): unknown {
  const each = (inner: unknown): unknown => described(inner, hide);
  if (typeof value === 'string') return hide(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? `${value}n` : value;
  if (Buffer.isBuffer(value)) return { buffer: hide(value.toString('latin1')) };
  if (ArrayBuffer.isView(value)) return { [value.constructor.name]: [...new Uint8Array(value.buffer)] };
  if (value instanceof Date) return value;
  if (value instanceof Error) return ofError(value, hide);
  if (Array.isArray(value)) return value.map(each);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, each(inner)]));
}

function ofError(error: Error, hide: (text: string) => string): unknown {
  const { name, message, code, errno, syscall, path, dest, cause } = error as NodeJS.ErrnoException & {
    dest?: string;
  };
  const about = Object.entries({ code, errno, syscall, path, dest }).filter(([, value]) => value !== undefined);
  // Our errors have the server's response as their cause; Node's have none.
  const why = name === 'AbortError' && cause instanceof Error ? { cause: cause.name } : {};
  return {
    name,
    ...(isOfSystem(code) ? { message: hide(message) } : {}),
    ...(described(Object.fromEntries(about), hide) as object),
    ...why,
  };
}

// Messages about wrong arguments differ between versions of Node; which argument is wrong does not.
function isOfSystem(code: string | undefined): boolean {
  return code === undefined || !code.startsWith('ERR_') || code.startsWith('ERR_FS_');
}

/** The kinds of node that a `Stats` or `Dirent` reports. */
export function kindsOf(node: Kinded): string[] {
  return KINDS.filter((kind) => node[kind]());
}

/** The names and types of a value's fields, except dates. */
export function shapeOf(value: object): Record<string, string> {
  // Since Node 22, dates are created on access and are not fields.
  const fields = Object.entries(value).filter(([, inner]) => !(inner instanceof Date));
  return Object.fromEntries(fields.map(([name, inner]) => [name, typeof inner]).sort());
}
