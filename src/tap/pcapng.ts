import type { ConnectionFacts, FrameEvent } from './events.js';

/** LINKTYPE_RAW: a packet begins with its IPv4 or IPv6 header. */
const LINKTYPE_RAW = 101;
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;

/** Ports by which readers recognize the protocol; the server's real port may be any. */
const PORTS = { direct: 445, netbios: 139 } as const;

const TCP_HEADER = 20;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** Largest payload of a packet; an IP packet has at most 65535 bytes. */
const MAX_PAYLOAD = 65_000;
const FIN = 0x01;
const SYN = 0x02;
const PSH = 0x08;
const ACK = 0x10;

interface Address {
  /** 4 or 16 bytes. */
  readonly ip: readonly number[];
  readonly port: number;
}

interface End {
  readonly address: Address;
  /** Number of the next byte that this end sends. */
  next: number;
}

interface Conversation {
  readonly client: End;
  readonly server: End;
}

/**
 * Writes frames as a pcapng file for Wireshark. IP and TCP headers are not available from a socket, so they are made
 * up: real addresses, the client's port, consistent sequence numbers; the server's port becomes 445 or 139, by which
 * Wireshark recognizes SMB.
 */
export class PcapngWriter {
  readonly #conversations = new Map<number, Conversation>();
  #begun = 0;

  /** The header of the file. */
  header(): Uint8Array {
    const section = block(SECTION_HEADER, [...u32(BYTE_ORDER), ...u16(1), ...u16(0), ...Array<number>(8).fill(0xff)]);
    const card = block(INTERFACE, [...u16(LINKTYPE_RAW), ...u16(0), ...u32(0)]);
    return joined([section, card]);
  }

  /** The packets of a frame, preceded by the TCP handshake for a connection's first frame. */
  frame(event: FrameEvent): Uint8Array {
    const { connection, direction, frame, time } = event;
    const packets: Uint8Array[] = [];
    let conversation = this.#conversations.get(connection.id);
    if (!conversation) {
      conversation = begin(connection, this.#begun++);
      this.#conversations.set(connection.id, conversation);
      packets.push(...handshake(conversation, time));
    }
    const { client, server } = conversation;
    const fromClient = (direction === 'sent') === (connection.role === 'client');
    const [source, target] = fromClient ? [client, server] : [server, client];
    for (let at = 0; at < frame.length; at += MAX_PAYLOAD) {
      const payload = frame.subarray(at, at + MAX_PAYLOAD);
      const last = at + payload.length === frame.length;
      packets.push(packetBlock(time, segment(source, target, last ? PSH | ACK : ACK, payload)));
    }
    return joined(packets);
  }

  /** The packets that end a connection; none if it had no frames. */
  end(connection: ConnectionFacts, time: number): Uint8Array {
    const conversation = this.#conversations.get(connection.id);
    if (!conversation) return NOTHING;
    this.#conversations.delete(connection.id);
    const { client, server } = conversation;
    return joined([
      packetBlock(time, segment(client, server, FIN | ACK, NOTHING)),
      packetBlock(time, segment(server, client, FIN | ACK, NOTHING)),
    ]);
  }
}

const NOTHING = new Uint8Array(0);

/**
 * Step between initial sequence numbers, which goes through all of them before it repeats: if a client's port is reused
 * with the same sequence numbers, readers take the new connection for a retransmission of the old one.
 */
const SEQUENCE_STEP = 0x9e3779b1;

function begin({ role, framing, local, remote }: ConnectionFacts, ordinal: number): Conversation {
  const [client, server] = role === 'client' ? [local, remote] : [remote, local];
  const from = addressOf(client, 49152);
  const to = { ...addressOf(server, 0), port: PORTS[framing] };
  // Both directions must have the same kind of IP header.
  const same = from.ip.length === to.ip.length ? to : { ...to, ip: from.ip };
  const first = Math.imul(ordinal, SEQUENCE_STEP);
  return {
    client: { address: from, next: (1000 + first) >>> 0 },
    server: { address: same, next: (5000 + first) >>> 0 },
  };
}

function handshake({ client, server }: Conversation, time: number): Uint8Array[] {
  return [
    packetBlock(time, segment(client, server, SYN, NOTHING)),
    packetBlock(time, segment(server, client, SYN | ACK, NOTHING)),
    packetBlock(time, segment(client, server, ACK, NOTHING)),
  ];
}

/** `127.0.0.1:445`, `[::1]:445`; anything else is the loopback address. */
function addressOf(text: string, port: number): Address {
  const four = /^(\d+)\.(\d+)\.(\d+)\.(\d+):(\d+)$/.exec(text);
  if (four) return { ip: four.slice(1, 5).map(Number), port: Number(four[5]) };
  const mapped = /^\[::ffff:(\d+)\.(\d+)\.(\d+)\.(\d+)\]:(\d+)$/i.exec(text);
  if (mapped) return { ip: mapped.slice(1, 5).map(Number), port: Number(mapped[5]) };
  const six = /^\[([0-9a-f:]+)(?:%[^\]]*)?\]:(\d+)$/i.exec(text);
  if (six) return { ip: ipv6Bytes(six[1] as string), port: Number(six[2]) };
  return { ip: [127, 0, 0, 1], port };
}

function ipv6Bytes(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const middle = Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0);
  return [...left, ...middle, ...right].slice(0, 8).flatMap((group) => [(group >> 8) & 255, group & 255]);
}

/** A TCP segment in an IP packet. Advances the sender's sequence number. */
function segment(from: End, to: End, flags: number, payload: Uint8Array): Uint8Array {
  const six = from.address.ip.length === 16;
  const ipHeader = six ? IPV6_HEADER : IPV4_HEADER;
  const length = TCP_HEADER + payload.length;
  const packet = new Uint8Array(ipHeader + length);
  const view = new DataView(packet.buffer);
  const source = from.address.ip;
  const target = to.address.ip;
  if (six) {
    view.setUint32(0, 0x60000000);
    view.setUint16(4, length);
    packet.set([6, 64, ...source, ...target], 6);
  } else {
    packet.set([0x45, 0], 0);
    view.setUint16(2, packet.length);
    packet.set([0x40, 0, 64, 6, 0, 0, ...source, ...target], 6);
    view.setUint16(10, checksum(packet.subarray(0, IPV4_HEADER), 0));
  }
  view.setUint16(ipHeader, from.address.port);
  view.setUint16(ipHeader + 2, to.address.port);
  view.setUint32(ipHeader + 4, from.next);
  view.setUint32(ipHeader + 8, flags & ACK ? to.next : 0);
  view.setUint16(ipHeader + 12, 0x5000 | flags);
  view.setUint16(ipHeader + 14, 65535);
  packet.set(payload, ipHeader + TCP_HEADER);
  const pseudo = checksumWords(Uint8Array.from([...source, ...target, 0, 6, length >> 8, length & 255]), 0);
  view.setUint16(ipHeader + 16, checksum(packet.subarray(ipHeader), pseudo));
  from.next = (from.next + payload.length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0;
  return packet;
}

function checksumWords(bytes: Uint8Array, start: number): number {
  let sum = start;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);
  return sum;
}

/** RFC 1071. */
function checksum(bytes: Uint8Array, start: number): number {
  let sum = checksumWords(bytes, start);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 65536);
  return ~sum & 0xffff;
}

function packetBlock(timeMs: number, packet: Uint8Array): Uint8Array {
  const micros = BigInt(Math.round(timeMs * 1000));
  const head = [
    ...u32(0),
    ...u32(Number(micros >> 32n)),
    ...u32(Number(micros & 0xffffffffn)),
    ...u32(packet.length),
    ...u32(packet.length),
  ];
  return block(ENHANCED_PACKET, head, packet);
}

/** A pcapng block: type, length, body padded to four bytes, length again. */
function block(type: number, head: readonly number[], data: Uint8Array = NOTHING): Uint8Array {
  const body = head.length + data.length;
  const total = 12 + body + (-body & 3);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, total, true);
  bytes.set(head, 8);
  bytes.set(data, 8 + head.length);
  view.setUint32(total - 4, total, true);
  return bytes;
}

const u16 = (v: number): number[] => [v & 255, (v >>> 8) & 255];
const u32 = (v: number): number[] => [v & 255, (v >>> 8) & 255, (v >>> 16) & 255, v >>> 24];

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
