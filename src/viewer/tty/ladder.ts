import type { FactValue } from '../facts.js';
import type { Packet, ViewedConnection, ViewedMessage } from '../model.js';

export interface LadderOptions {
  /** Colours for a terminal; see `wantsColour`. */
  readonly colour?: boolean;
  /** Columns; 100 when absent. */
  readonly width?: number;
}

/** Whether to colour: a terminal, and nobody has said NO_COLOR. */
export function wantsColour(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

const CODES = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' } as const;
type Paint = (text: string, style: keyof typeof CODES) => string;

const plain: Paint = (text) => text;
const coloured: Paint = (text, style) => `\x1b[${CODES[style]}m${text}\x1b[0m`;

const MIN_WIDTH = 60;
const INDENT = 37;
const NAME = 36;

/** The whole exchange as text: who spoke with whom, each packet, and a summary. */
export function ladder(
  exchange: { readonly packets: readonly Packet[]; readonly connections: readonly ViewedConnection[] },
  options: LadderOptions = {},
): string {
  const { packets, connections } = exchange;
  const paint = options.colour ? coloured : plain;
  const lines = connections.flatMap((connection) => [title(connection, connections.length > 1, paint)]);
  lines.push('', paint('step      ms', 'dim'));
  for (const packet of packets) lines.push(...packetLines(packet, connections.length > 1, options));
  lines.push('', summary(packets));
  return `${lines.join('\n')}\n`;
}

function title(connection: ViewedConnection, several: boolean, paint: Paint): string {
  const { number, client, server, framing, dialect } = connection;
  const transport = framing === 'netbios' ? 'NetBIOS session service' : 'direct TCP';
  const which = several ? `#${number}  ` : '';
  return `${which}client ${printable(client)} ──▶ server ${printable(server)}   ${paint(`${dialect ?? 'no dialect agreed'} over ${transport}`, 'bold')}`;
}

function summary(packets: readonly Packet[]): string {
  const bytes = packets.reduce((sum, packet) => sum + packet.bytes, 0);
  const last = packets.at(-1)?.timeMs ?? 0;
  return `${packets.length} packets, ${bytes} bytes, ${last.toFixed(1)} ms`;
}

/** The lines of one packet. */
export function packetLines(packet: Packet, several: boolean, options: LadderOptions = {}): string[] {
  const paint = options.colour ? coloured : plain;
  const width = Math.max(options.width ?? 100, MIN_WIDTH);
  return packet.messages.flatMap((message, index) => {
    const facts = details(message, packet, index === 0);
    return [
      headLine(packet, message, index, several, paint),
      ...wrapped(facts, width - INDENT).map((line) => `${' '.repeat(INDENT)}${paint(line, 'dim')}`),
    ];
  });
}

function headLine(packet: Packet, message: ViewedMessage, index: number, several: boolean, paint: Paint): string {
  const { from, timeMs, connection } = packet;
  const step = (message.step === undefined ? '–' : String(message.step)).padStart(3);
  const time = index === 0 ? timeMs.toFixed(1).padStart(9) : '+'.padStart(9);
  const arrow = from === 'client' ? 'client  ──▶  server' : 'client  ◀──  server';
  const name = printable(message.name).padEnd(NAME);
  const which = several ? ` #${connection}`.padEnd(5) : '';
  const line = [
    paint(step, message.step === undefined ? 'dim' : 'bold'),
    time,
    `  ${paint(arrow, from === 'client' ? 'cyan' : 'green')}  `,
    which,
    paint(name, 'bold'),
    statusText(message, paint),
  ].join('');
  return line.trimEnd();
}

function statusText(message: ViewedMessage, paint: Paint): string {
  if (message.malformed !== undefined) return ` ${paint('MALFORMED', 'red')}`;
  if (message.status === undefined) return '';
  const style = message.refused ? 'red' : message.status === 'STATUS_SUCCESS' ? 'green' : 'yellow';
  return ` ${paint(message.status, style)}`;
}

function details(message: ViewedMessage, packet: Packet, first: boolean): string[] {
  const parts = Object.entries(message.facts).map(([key, value]) => `${words(key)} ${valueText(value)}`);
  if (message.malformed !== undefined) parts.push(printable(message.malformed));
  if (packet.encrypted && first) parts.push('encrypted');
  if (first) parts.push(`${packet.bytes} bytes on the wire`);
  if (message.latencyMs !== undefined) parts.push(`after ${message.latencyMs.toFixed(1)} ms`);
  return parts;
}

/** `maxBuffer` as people read it: `max buffer`. Ids stay as they are. */
function words(key: string): string {
  return key.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

function valueText(value: FactValue): string {
  if (typeof value === 'string') return printable(value);
  return typeof value === 'object' ? value.map(printable).join(', ') : String(value);
}

/** Facts joined by dots and broken between them, or inside of one that is too long by itself. */
function wrapped(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const joined = line === '' ? part : `${line} · ${part}`;
    if (joined.length <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    line = part;
    while (line.length > width) {
      const space = Math.max(line.lastIndexOf(' ', width), line.lastIndexOf('|', width - 1) + 1);
      const cut = space > width / 3 ? space : width;
      lines.push(line.slice(0, cut));
      line = line.slice(cut).trimStart();
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** What a peer sent must not steer the terminal: control characters become visible. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '�';
  });
}
