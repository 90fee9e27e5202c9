import { Writable } from 'node:stream';
import { printable } from '#viewer/index.js';

let hurry: AbortSignal | undefined;

/** Once this is aborted, `print` no longer waits for the reader of our output. */
export function hurryAfter(signal: AbortSignal): void {
  hurry = signal;
}

/** Writes text or bytes, and waits while the reader of our output is slower. */
export async function print(text: string | Uint8Array): Promise<void> {
  if (process.stdout.write(text) || hurry?.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      process.stdout.off('drain', done);
      hurry?.removeEventListener('abort', done);
      resolve();
    };
    process.stdout.on('drain', done);
    hurry?.addEventListener('abort', done);
  });
}

/** Makes names from a peer safe for a terminal. In a pipe they stay as they are. */
export function shown(text: string): string {
  return process.stdout.isTTY ? printable(text) : text;
}

/** Prints a line on stderr, made safe for a terminal, wherever standard output goes. */
export function say(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/** Asks for a secret without showing it; undefined if nobody can be asked. */
export async function askSecret(question: string, signal?: AbortSignal): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  process.stderr.write(question);
  const { createInterface } = await import('node:readline/promises');
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: mute, terminal: true });
  const stop = new AbortController();
  lines.on('SIGINT', () => stop.abort());
  try {
    return await lines.question('', { signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

/** JSON with bigints as decimal strings, and without control characters that a terminal would obey. */
export function json(value: unknown, indent?: number): string {
  const plain = (_key: string, field: unknown): unknown => (typeof field === 'bigint' ? String(field) : field);
  return JSON.stringify(value, plain, indent).replace(
    /[\u007f-\u009f]/g,
    (char) => `\\u00${char.charCodeAt(0).toString(16)}`,
  );
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Formats as `1.4 MiB`. */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Formats as `2026-11-23 11:04:55`, in local time. */
export function humanTime(date: Date): string {
  if (Number.isNaN(date.getTime()) || date.getTime() < -11_644_473_000_000) return '-';
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
