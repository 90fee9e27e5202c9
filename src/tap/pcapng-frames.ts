import { type ConnectionFacts, connectionFacts, type FrameEvent } from './events.js';
import { capturedPackets } from './pcapng-reader.js';

export interface FramesOptions {
  /** TCP ports of SMB servers besides 445 and 139. */
  readonly ports?: readonly number[];
}

interface Segment {
  readonly source: string;
  readonly target: string;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly sequence: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

const TCP = 6;
const SYN = 0x02;
const ACK = 0x10;
const FRAME_HEADER = 4;
/** Length of a frame header and the first bytes of a message. */
const SMB_START = 8;
const NETBIOS_PORT = 139;
const SESSION_REQUEST = 0x81;
/** Bytes buffered per direction while waiting for a lost segment. */
const MAX_WAITING = 8 * 1024 * 1024;

/**
 * The SMB frames of a capture file (pcapng or pcap), in the order in which they were completed. TCP streams are
 * reassembled: out-of-order segments wait, retransmissions count once, a gap that is never filled is skipped.
 */
export function capturedFrames(file: Uint8Array, options: FramesOptions = {}): FrameEvent[] {
  const capture = new Capture(new Set([445, NETBIOS_PORT, ...(options.ports ?? [])]));
  for (const { time, linkType, bytes } of capturedPackets(file)) {
    const segment = segmentOf(linkType, bytes);
    if (segment) capture.take(segment, time);
  }
  return capture.end();
}

/** The conversations in a capture with servers at certain ports. */
class Capture {
  readonly #ports: ReadonlySet<number>;
  readonly #conversations = new Map<string, Conversation>();
  readonly #found: FrameEvent[] = [];

  constructor(ports: ReadonlySet<number>) {
    this.#ports = ports;
  }

  take(segment: Segment, time: number): void {
    const toServer = this.#ports.has(segment.targetPort);
    if (!toServer && !this.#ports.has(segment.sourcePort)) return;
    const [client, server] = toServer ? [segment.source, segment.target] : [segment.target, segment.source];
    const key = `${client} ${server}`;
    let conversation = this.#conversations.get(key);
    if (!conversation || isNew(segment)) {
      conversation?.flush(this.#found, time);
      conversation = new Conversation(client, server, toServer ? segment.targetPort : segment.sourcePort);
      this.#conversations.set(key, conversation);
    }
    conversation.take(segment, toServer, time, this.#found);
  }

  end(): FrameEvent[] {
    const found = this.#found;
    for (const conversation of this.#conversations.values()) conversation.flush(found, found.at(-1)?.time ?? 0);
    return found;
  }
}

/** Whether a segment starts a connection. */
const isNew = ({ flags, payload }: Segment): boolean => (flags & (SYN | ACK)) === SYN && payload.length === 0;

class Conversation {
  readonly #client: string;
  readonly #server: string;
  readonly #fromClient = new Stream();
  readonly #fromServer = new Stream();
  #framing: 'direct' | 'netbios';
  #facts: ConnectionFacts | undefined;

  constructor(client: string, server: string, port: number) {
    this.#client = client;
    this.#server = server;
    this.#framing = port === NETBIOS_PORT ? 'netbios' : 'direct';
  }

  take(segment: Segment, toServer: boolean, time: number, found: FrameEvent[]): void {
    const stream = toServer ? this.#fromClient : this.#fromServer;
    for (const frame of stream.take(segment)) this.#tell(frame, toServer, time, found);
  }

  /** Delivers what waits for segments that never came. */
  flush(found: FrameEvent[], time: number): void {
    for (const frame of this.#fromClient.flush()) this.#tell(frame, true, time, found);
    for (const frame of this.#fromServer.flush()) this.#tell(frame, false, time, found);
  }

  #tell(frame: Uint8Array, toServer: boolean, time: number, found: FrameEvent[]): void {
    if (!this.#facts) {
      if (frame[0] === SESSION_REQUEST) this.#framing = 'netbios';
      const ends = { local: this.#client, remote: this.#server };
      this.#facts = connectionFacts({ role: 'client', framing: this.#framing, ...ends });
    }
    found.push({
      connection: this.#facts,
      direction: toServer ? 'sent' : 'received',
      time,
      frame,
      plain: undefined,
    });
  }
}

/** One direction of a TCP connection. */
class Stream {
  #next = -1;
  /** Received bytes of incomplete frames; only the first `#fill` are valid. */
  #pending: Uint8Array = new Uint8Array(0);
  #fill = 0;
  /** Set after a gap: the start of the next frame has to be found. */
  #lost = false;
  #waiting: Segment[] = [];
  #waitingBytes = 0;

  /** The frames that a segment completes. */
  take(segment: Segment): Uint8Array[] {
    if (segment.flags & SYN) this.#next = (segment.sequence + 1) >>> 0;
    if (segment.payload.length === 0) return [];
    if (this.#next === -1) this.#next = segment.sequence;
    if (((segment.sequence - this.#next) | 0) > 0) {
      this.#waiting.push(segment);
      this.#waitingBytes += segment.payload.length;
      return this.#waitingBytes > MAX_WAITING ? this.flush() : [];
    }
    this.#append(segment);
    this.#retry();
    return this.#cut();
  }

  /** Gives up on missing segments and continues with the earliest waiting one. */
  flush(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    while (this.#waiting.length > 0) {
      this.#waiting.sort((a, b) => (a.sequence - b.sequence) | 0);
      const first = this.#waiting[0] as Segment;
      this.#next = first.sequence;
      // A frame started before the gap cannot be completed.
      this.#fill = 0;
      this.#lost = true;
      this.#retry();
      for (const frame of this.#cut()) frames.push(frame);
    }
    return frames;
  }

  #retry(): void {
    for (;;) {
      const index = this.#waiting.findIndex(({ sequence }) => ((sequence - this.#next) | 0) <= 0);
      if (index === -1) return;
      const [segment] = this.#waiting.splice(index, 1) as [Segment];
      this.#waitingBytes -= segment.payload.length;
      this.#append(segment);
    }
  }

  #append({ sequence, payload }: Segment): void {
    const known = (this.#next - sequence) | 0;
    if (known >= payload.length) return;
    const fresh = payload.subarray(known);
    this.#next = (this.#next + fresh.length) >>> 0;
    const fill = this.#fill + fresh.length;
    if (fill > this.#pending.length) {
      const larger = new Uint8Array(fill * 2);
      larger.set(this.#pending.subarray(0, this.#fill));
      this.#pending = larger;
    }
    this.#pending.set(fresh, this.#fill);
    this.#fill = fill;
  }

  /** Where a frame starts, or else the first position that may still be a start. */
  #find(bytes: Uint8Array): number {
    const last = bytes.length - SMB_START;
    for (let at = 0; at <= last; at++) {
      if (!beginsFrame(bytes, at)) continue;
      this.#lost = false;
      return at;
    }
    return Math.max(0, last + 1);
  }

  #cut(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    const bytes = this.#pending.subarray(0, this.#fill);
    let at = this.#lost ? this.#find(bytes) : 0;
    while (!this.#lost && bytes.length - at >= FRAME_HEADER) {
      const type = bytes[at] as number;
      const high = (bytes[at + 1] as number) & (type === 0 ? 0xff : 1);
      const size = FRAME_HEADER + ((high << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
      if (bytes.length - at < size) break;
      frames.push(bytes.slice(at, at + size));
      at += size;
    }
    if (at > 0) {
      this.#pending.copyWithin(0, at, this.#fill);
      this.#fill -= at;
    }
    return frames;
  }
}

/** Whether a frame with an SMB message starts there: the header, then 0xFF, 0xFE, 0xFD or 0xFC and `SMB`. */
function beginsFrame(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0 &&
    (bytes[at + 4] as number) >= 0xfc &&
    bytes[at + 5] === 0x53 &&
    bytes[at + 6] === 0x4d &&
    bytes[at + 7] === 0x42
  );
}

/** Bytes before the IP header, and the offset of the EtherType (undefined: use the first nibble of the IP header). */
const LINKS: Readonly<Record<number, readonly [header: number, etherType: number | undefined]>> = {
  0: [4, undefined],
  1: [14, 12],
  12: [0, undefined],
  14: [0, undefined],
  101: [0, undefined],
  108: [4, undefined],
  113: [16, 14],
  228: [0, undefined],
  229: [0, undefined],
  276: [20, 0],
};
const VLAN = [0x8100, 0x88a8];

function segmentOf(linkType: number, bytes: Uint8Array): Segment | undefined {
  const link = LINKS[linkType];
  if (!link) return undefined;
  let [start] = link;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let typeAt = link[1];
  while (typeAt === 12 && start <= bytes.length && VLAN.includes(view.getUint16(start - 2))) start += 4;
  if (typeAt === 12) typeAt = start - 2;
  if (start + 40 > bytes.length) return undefined;
  const version = (bytes[start] as number) >> 4;
  if (typeAt !== undefined && view.getUint16(typeAt) !== (version === 6 ? 0x86dd : 0x0800)) return undefined;
  if (version === 4) return ipv4(bytes, view, start);
  return version === 6 ? ipv6(bytes, view, start) : undefined;
}

function ipv4(bytes: Uint8Array, view: DataView, at: number): Segment | undefined {
  if (view.getUint8(at + 9) !== TCP || (view.getUint16(at + 6) & 0x3fff) !== 0) return undefined;
  const header = (view.getUint8(at) & 15) * 4;
  // With segmentation offload, a packet above 64 KiB has length 0.
  const total = view.getUint16(at + 2) || bytes.length - at;
  const place = (from: number): string => Array.from(bytes.subarray(from, from + 4)).join('.');
  return tcp(bytes, view, at + header, at + total, place(at + 12), place(at + 16));
}

function ipv6(bytes: Uint8Array, view: DataView, at: number): Segment | undefined {
  if (view.getUint8(at + 6) !== TCP) return undefined;
  const length = view.getUint16(at + 4) || bytes.length - at - 40;
  const place = (from: number): string => {
    const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(from + i * 2).toString(16));
    return `[${groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/, '::')}]`;
  };
  return tcp(bytes, view, at + 40, at + 40 + length, place(at + 8), place(at + 24));
}

function tcp(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  end: number,
  source: string,
  target: string,
): Segment | undefined {
  if (at + 20 > bytes.length) return undefined;
  const sourcePort = view.getUint16(at);
  const targetPort = view.getUint16(at + 2);
  const from = at + (view.getUint8(at + 12) >> 4) * 4;
  return {
    source: `${source}:${sourcePort}`,
    target: `${target}:${targetPort}`,
    sourcePort,
    targetPort,
    sequence: view.getUint32(at + 4),
    flags: view.getUint8(at + 13),
    payload: bytes.subarray(from, Math.max(from, Math.min(end, bytes.length))),
  };
}
