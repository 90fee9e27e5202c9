import { type NoteEvent, notes, printable } from '#viewer/index.js';
import { json } from '../terminal.js';

export type LogFormat = 'pretty' | 'json';

/** Writes the server's notes to stderr, one line each. Returns a function that stops it. */
export function startLog(format: LogFormat, verbose: boolean): () => void {
  return notes.subscribe((note) => {
    if (note.level === 'debug' && !verbose) return;
    const line = format === 'json' ? jsonLine(note, new Date()) : prettyLine(note, new Date());
    process.stderr.write(`${line}\n`);
  });
}

export function jsonLine({ level, what, connection, details }: NoteEvent, time: Date): string {
  const peer = connection ? { connection: connection.id, remote: connection.remote } : {};
  return json({ time: time.toISOString(), level, what, ...peer, ...plainDetails(details) });
}

export function prettyLine({ level, what, connection, details }: NoteEvent, time: Date): string {
  const peer = connection ? ` ${connection.remote}` : '';
  const pairs = Object.entries(plainDetails(details)).map(([key, value]) => ` ${key}=${text(value)}`);
  return printable(`${time.toISOString().slice(11, 23)} ${level.padEnd(5)}${peer} ${what}${pairs.join('')}`);
}

function plainDetails(details: NoteEvent['details']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [
      key,
      value instanceof Error ? (value.stack ?? value.message) : value,
    ]),
  );
}

function text(value: unknown): string {
  const shown = typeof value === 'string' || typeof value === 'bigint' ? String(value) : json(value);
  return /[\s"]/.test(shown) ? JSON.stringify(shown) : shown;
}
