import { tcpSegments } from './pcap.js';

/** One message of a recorded conversation, with its four-byte session header. */
export interface RecordedFrame {
  readonly from: 'client' | 'server';
  readonly bytes: Uint8Array;
}

/** A recorded conversation, as stored in test/golden: its description, then its messages. */
export interface Exchange {
  /** `peer`, `client`, `dialect`, `recorded` … */
  readonly about: Readonly<Record<string, string>>;
  readonly frames: readonly RecordedFrame[];
}

const HEADER = 4;
const ROW = 16;

function hexdump(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += ROW) {
    const row = Array.from(bytes.subarray(at, at + ROW));
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const shown = row.map((byte) => (byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    text += `${at.toString(16).padStart(4, '0')}  ${hex.padEnd(ROW * 3 - 1)}  ${shown}\n`;
  }
  return text;
}

/** The text of a recording: `# key: value` lines, then `> client` and `< server` with hex dumps. */
export function formatExchange(exchange: Exchange): string {
  let text = Object.entries(exchange.about)
    .map(([key, value]) => `# ${key}: ${value}\n`)
    .join('');
  for (const { from, bytes } of exchange.frames) {
    text += `\n${from === 'client' ? '> client' : '< server'} ${bytes.length} bytes\n${hexdump(bytes)}`;
  }
  return text;
}

/** Reads what `formatExchange` wrote. */
export function parseExchange(text: string): Exchange {
  const about: Record<string, string> = {};
  const frames: RecordedFrame[] = [];
  let digits = '';
  let from: RecordedFrame['from'] | undefined;
  const flush = (): void => {
    if (from !== undefined)
      frames.push({ from, bytes: Uint8Array.from(digits.match(/../g) ?? [], (b) => Number.parseInt(b, 16)) });
    digits = '';
  };
  text.split('\n').forEach((line, index) => {
    const header = /^# ([\w-]+): (.*)$/.exec(line);
    const start = /^(?:> (client)|< (server))\b/.exec(line);
    const row = /^[0-9a-f]{4,} {2}((?:[0-9a-f]{2} ?)+)/.exec(line);
    if (header) about[header[1] as string] = header[2] as string;
    else if (start) {
      flush();
      from = start[1] ? 'client' : 'server';
    } else if (row) digits += (row[1] as string).slice(0, ROW * 3).replaceAll(' ', '');
    else if (line.trim() !== '' && !line.startsWith('#'))
      throw new Error(`line ${index + 1} is no part of a recording`);
  });
  flush();
  return { about, frames };
}

/** Puts the segments of one direction in order and splits them into messages. */
class Stream {
  readonly from: RecordedFrame['from'];
  #next = -1;
  #pending: Uint8Array = new Uint8Array(0);

  constructor(from: RecordedFrame['from']) {
    this.from = from;
  }

  take(sequence: number, syn: boolean, payload: Uint8Array, frames: RecordedFrame[]): void {
    if (syn) this.#next = (sequence + 1) >>> 0;
    if (payload.length === 0) return;
    if (this.#next === -1) this.#next = sequence;
    const ahead = (sequence - this.#next) | 0;
    if (ahead > 0) throw new Error('the capture has lost a segment');
    // Retransmitted: only new bytes count.
    const fresh = payload.subarray(Math.min(-ahead, payload.length));
    this.#next = (this.#next + fresh.length) >>> 0;
    const joined = new Uint8Array(this.#pending.length + fresh.length);
    joined.set(this.#pending);
    joined.set(fresh, this.#pending.length);
    this.#pending = joined;
    while (this.#cut(frames));
  }

  #cut(frames: RecordedFrame[]): boolean {
    const bytes = this.#pending;
    if (bytes.length < HEADER) return false;
    const size = HEADER + (((bytes[1] as number) << 16) | ((bytes[2] as number) << 8) | (bytes[3] as number));
    if (bytes.length < size) return false;
    frames.push({ from: this.from, bytes: bytes.slice(0, size) });
    this.#pending = bytes.subarray(size);
    return true;
  }
}

/** The conversations of a capture with the server at `port`, in the order of their first segments. */
export function exchangesOf(capture: Uint8Array, port: number): RecordedFrame[][] {
  const conversations = new Map<number, { client: Stream; server: Stream; frames: RecordedFrame[] }>();
  for (const segment of tcpSegments(capture)) {
    const toServer = segment.destinationPort === port;
    if (!toServer && segment.sourcePort !== port) continue;
    const peer = toServer ? segment.sourcePort : segment.destinationPort;
    let found = conversations.get(peer);
    if (!found) {
      found = { client: new Stream('client'), server: new Stream('server'), frames: [] };
      conversations.set(peer, found);
    }
    const stream = toServer ? found.client : found.server;
    stream.take(segment.sequence, segment.syn, segment.payload, found.frames);
  }
  return Array.from(conversations.values(), ({ frames }) => frames).filter((frames) => frames.length > 0);
}
