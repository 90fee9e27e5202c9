import type { Packet, ViewedConnection, ViewedMessage } from '../model.js';
import { factTexts, printable, wrapped } from './text.js';

export interface LadderOptions {
  /** Colours for a terminal; see `wantsColour`. */
  readonly colour?: boolean;
  /** Width in columns. Default 100. */
  readonly width?: number;
}

/** Whether to use colour: on a terminal, unless NO_COLOR is set. */
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

/** The whole exchange as text: the connections, each packet, and a summary. */
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
  const name = printable(message.name);
  const status = statusText(message, paint);
  const which = several ? `#${connection}`.padEnd(4) : '';
  const line = [
    paint(step, message.step === undefined ? 'dim' : 'bold'),
    time,
    `  ${paint(arrow, from === 'client' ? 'cyan' : 'green')}  `,
    which,
    paint(name, 'bold'),
    status && ' '.repeat(Math.max(0, NAME - name.length)) + status,
  ];
  return line.join('');
}

function statusText(message: ViewedMessage, paint: Paint): string {
  if (message.malformed !== undefined) return ` ${paint('MALFORMED', 'red')}`;
  if (message.status === undefined) return '';
  const style = message.refused ? 'red' : message.status === 'STATUS_SUCCESS' ? 'green' : 'yellow';
  return ` ${paint(message.status, style)}`;
}

function details(message: ViewedMessage, packet: Packet, first: boolean): string[] {
  const parts = factTexts(message.facts);
  if (message.malformed !== undefined) parts.push(printable(message.malformed));
  if (packet.encrypted && first) parts.push('encrypted');
  if (first) parts.push(`${packet.bytes} bytes on the wire`);
  if (message.latencyMs !== undefined) parts.push(`after ${message.latencyMs.toFixed(1)} ms`);
  return parts;
}
