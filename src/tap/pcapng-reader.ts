import { Malformed } from '#wire/io/malformed.js';

/** One packet of a capture file. */
export interface CapturedPacket {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly linkType: number;
  readonly bytes: Uint8Array;
}

interface Interface {
  readonly linkType: number;
  readonly ticksPerMs: number;
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;
const OPTION_TSRESOL = 9;
const MICROS_PER_MS = 1000;

/** The packets of a pcapng or classic pcap file; of a truncated file, those that are complete. */
export function* capturedPackets(file: Uint8Array): Generator<CapturedPacket> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 24) throw new Malformed('magic number', 0, 'too short to be a capture');
  const magic = view.getUint32(0, true);
  if (magic === SECTION_HEADER) {
    yield* pcapng(file, view);
    return;
  }
  const order = classicOrder(magic);
  if (!order) throw new Malformed('magic number', 0, 'neither a pcapng nor a pcap file');
  yield* classic(file, view, order.little, order.ticksPerMs);
}

function classicOrder(magic: number): { little: boolean; ticksPerMs: number } | undefined {
  switch (magic) {
    case 0xa1b2c3d4:
      return { little: true, ticksPerMs: 1000 };
    case 0xd4c3b2a1:
      return { little: false, ticksPerMs: 1000 };
    case 0xa1b23c4d:
      return { little: true, ticksPerMs: 1_000_000 };
    case 0x4d3cb2a1:
      return { little: false, ticksPerMs: 1_000_000 };
    default:
      return undefined;
  }
}

function* classic(file: Uint8Array, view: DataView, little: boolean, ticks: number): Generator<CapturedPacket> {
  const linkType = view.getUint32(20, little) & 0xffff;
  let at = 24;
  while (at + 16 <= file.length) {
    const time = view.getUint32(at, little) * 1000 + view.getUint32(at + 4, little) / ticks;
    const length = view.getUint32(at + 8, little);
    if (length > file.length - at - 16) return;
    yield { time, linkType, bytes: file.subarray(at + 16, at + 16 + length) };
    at += 16 + length;
  }
}

function* pcapng(file: Uint8Array, view: DataView): Generator<CapturedPacket> {
  let little = true;
  let interfaces: Interface[] = [];
  let at = 0;
  while (at + 12 <= file.length) {
    const type = view.getUint32(at, little);
    if (type === SECTION_HEADER) {
      little = view.getUint32(at + 8, true) === BYTE_ORDER;
      interfaces = [];
    }
    const length = view.getUint32(at + 4, little);
    if (length < 12 || length % 4 !== 0) throw new Malformed('Block Total Length', at + 4, `is ${length}`);
    if (length > file.length - at) return;
    if (type === INTERFACE && length >= 20) interfaces.push(interfaceOf(view, at, length, little));
    const packet = packetOf(file, view, { at, length, type, little }, interfaces);
    if (packet) yield packet;
    at += length;
  }
}

interface Block {
  readonly at: number;
  readonly length: number;
  readonly type: number;
  readonly little: boolean;
}

function packetOf(
  file: Uint8Array,
  view: DataView,
  { at, length, type, little }: Block,
  interfaces: readonly Interface[],
): CapturedPacket | undefined {
  if (type === SIMPLE_PACKET && length >= 16) {
    const size = Math.min(view.getUint32(at + 8, little), length - 16);
    return { time: 0, linkType: interfaces[0]?.linkType ?? 1, bytes: file.subarray(at + 12, at + 12 + size) };
  }
  if (type !== ENHANCED_PACKET || length < 32) return undefined;
  const card = interfaces[view.getUint32(at + 8, little)];
  const size = view.getUint32(at + 20, little);
  if (!card || size > length - 32) return undefined;
  const ticks = view.getUint32(at + 12, little) * 4294967296 + view.getUint32(at + 16, little);
  return { time: ticks / card.ticksPerMs, linkType: card.linkType, bytes: file.subarray(at + 28, at + 28 + size) };
}

function interfaceOf(view: DataView, at: number, length: number, little: boolean): Interface {
  const linkType = view.getUint16(at + 8, little);
  const end = at + length - 4;
  let ticksPerMs = MICROS_PER_MS;
  for (let option = at + 16; option + 4 <= end; ) {
    const code = view.getUint16(option, little);
    const size = view.getUint16(option + 2, little);
    if (code === 0) break;
    if (code === OPTION_TSRESOL && size === 1 && option + 5 <= end) {
      const resolution = view.getUint8(option + 4);
      ticksPerMs = (resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution) / 1000;
    }
    option += 4 + size + (-size & 3);
  }
  return { linkType, ticksPerMs };
}
