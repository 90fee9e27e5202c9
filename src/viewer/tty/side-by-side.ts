import type { Packet, ViewedMessage } from '../model.js';
import { factTexts, printable, wrapped } from './text.js';

export interface Column {
  readonly title: string;
  readonly packets: readonly Packet[];
}

interface Cell {
  readonly key: string;
  readonly step: number | undefined;
  readonly head: string;
  readonly status: string | undefined;
  readonly refused: boolean;
  readonly details: readonly string[];
}

const STEP_WIDTH = 5;
const GAP = ' │ ';

/** Exchanges side by side, to compare what different dialects do in each step. */
export function sideBySide(columns: readonly Column[], options: { colour?: boolean; width?: number } = {}): string {
  const total = options.width ?? 100;
  const width = Math.floor((total - STEP_WIDTH - GAP.length * (columns.length - 1)) / Math.max(1, columns.length));
  const cells = columns.map(({ packets }) => cellsOf(packets, width));
  const paint = (text: string, code: number): string => (options.colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  const row = (step: string, texts: readonly string[], style: (text: string) => string): string => {
    const last = texts.findLastIndex((text) => text !== '');
    const shown = texts
      .slice(0, last + 1)
      .map((text, i) => style(text) + (i < last ? ' '.repeat(width - text.length) : ''));
    return `${step.padEnd(STEP_WIDTH)}${shown.join(GAP)}`.trimEnd();
  };
  const lines = [
    row(
      'step',
      columns.map(({ title }) => title.slice(0, width)),
      (text) => paint(text, 1),
    ),
    '',
  ];
  for (const key of order(cells)) {
    const found = cells.map((column) => column.find((cell) => cell.key === key));
    const step = found.find((cell) => cell)?.step;
    lines.push(
      row(
        step === undefined ? '  –' : `  ${step}`,
        found.map((cell) => cell?.head ?? ''),
        (text) => paint(text, 1),
      ),
    );
    const rest = found.map((cell) => [...(cell?.status ? [`    ${cell.status}`] : []), ...(cell?.details ?? [])]);
    const height = Math.max(...rest.map(({ length }) => length));
    for (let i = 0; i < height; i++)
      lines.push(
        row(
          '',
          rest.map((texts) => texts[i] ?? ''),
          (text) => paint(text, 2),
        ),
      );
  }
  return `${lines.join('\n')}\n`;
}

function cellsOf(packets: readonly Packet[], width: number): Cell[] {
  const seen = new Map<string, number>();
  return packets.flatMap((packet) =>
    packet.messages.map((message) => {
      const { step, name } = message;
      // Messages without a step are matched by command: tree disconnect with tree disconnect.
      const base = `${step ?? name.replace(/^SMB2 |^SMB_COM_|_ANDX$/g, '').replace(/_ANDX$/, '')} ${packet.from}`;
      const count = seen.get(base) ?? 0;
      seen.set(base, count + 1);
      return cell(`${base} ${count}`, packet, message, width);
    }),
  );
}

function cell(key: string, packet: Packet, message: ViewedMessage, width: number): Cell {
  const details = wrapped([...factTexts(message.facts), `${packet.bytes} bytes`], width - 4).map(
    (line) => `    ${line}`,
  );
  return {
    key,
    step: message.step,
    head: `${packet.from === 'client' ? '──▶' : '◀──'} ${printable(message.name)}`.slice(0, width),
    status: message.status,
    refused: message.refused,
    details,
  };
}

/** Merges the keys of all columns; a key found in only some columns comes after the key it followed there. */
function order(columns: readonly (readonly Cell[])[]): string[] {
  const keys: string[] = [];
  for (const column of columns) {
    let at = 0;
    for (const { key } of column) {
      const known = keys.indexOf(key);
      if (known === -1) keys.splice(at, 0, key);
      at = (known === -1 ? at : known) + 1;
    }
  }
  return keys;
}
