import { writeFile } from 'node:fs/promises';
import { Option } from 'commander';
import { exchangeHtml, exchangeJson, ladder, type Packet, type ViewedConnection, wantsColour } from '#viewer/index.js';
import { json, print } from './terminal.js';

export type Format = 'text' | 'json' | 'html';

export const FORMAT = (): Option =>
  new Option('--format <format>', 'text: a ladder, json: every field, html: a page to click through')
    .choices(['text', 'json', 'html'])
    .default('text');

export const OUT = (): Option => new Option('--out <file>', 'write there instead of to standard output');

/** A recording to be shown. */
export interface Recorded {
  readonly packets: readonly Packet[];
  readonly connections: readonly ViewedConnection[];
}

export function render(recorded: Recorded, format: Format, out?: string): string {
  if (format === 'json') return `${json(exchangeJson(recorded), 2)}\n`;
  if (format === 'html') return exchangeHtml(recorded);
  return ladder(recorded, { colour: out === undefined && wantsColour(process.stdout, process.env) });
}

/** Writes to the file, or to standard output. */
export async function deliver(text: string, out: string | undefined): Promise<void> {
  if (out === undefined) await print(text);
  else await writeFile(out, text);
}
