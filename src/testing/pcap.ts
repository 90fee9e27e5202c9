/** A TCP segment of a capture. Byte fields are views into the file. */
export interface Segment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly syn: boolean;
  readonly payload: Uint8Array;
  /** Offset of the TCP header in the file. */
  readonly at: number;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const TCP = 6;

/** A record of the file: its bounds, and its TCP segment if it has one. */
interface PcapRecord {
  readonly start: number;
  readonly end: number;
  readonly segment: Segment | undefined;
}

/** The records of a classic little-endian pcap of Ethernet frames, as `dumpcap -P` writes it on Linux. */
function* recordsOf(file: Uint8Array): Generator<PcapRecord> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < FILE_HEADER || view.getUint32(0, true) !== 0xa1b2c3d4 || view.getUint32(20, true) !== 1) {
    throw new Error('not a little-endian pcap file of Ethernet frames');
  }
  let at = FILE_HEADER;
  while (at + RECORD_HEADER <= file.length) {
    const frame = at + RECORD_HEADER;
    const end = frame + view.getUint32(at + 8, true);
    yield { start: at, end, segment: segmentOf(file, view, frame, end) };
    at = end;
  }
}

/** The TCP segments of a pcap. */
export function* tcpSegments(file: Uint8Array): Generator<Segment> {
  for (const { segment } of recordsOf(file)) if (segment) yield segment;
}

/** A pcap without the frames that are not TCP, in parts. */
export function tcpOnly(file: Uint8Array): Uint8Array[] {
  const records = Array.from(recordsOf(file)).filter(({ segment }) => segment !== undefined);
  return [file.subarray(0, FILE_HEADER), ...records.map(({ start, end }) => file.subarray(start, end))];
}

function segmentOf(file: Uint8Array, view: DataView, frame: number, end: number): Segment | undefined {
  const etherType = view.getUint16(frame + 12, false);
  const ip = frame + 14;
  let tcp: number;
  let packetEnd: number;
  if (etherType === 0x0800 && view.getUint8(ip + 9) === TCP) {
    tcp = ip + (view.getUint8(ip) & 15) * 4;
    packetEnd = ip + view.getUint16(ip + 2, false);
  } else if (etherType === 0x86dd && view.getUint8(ip + 6) === TCP) {
    tcp = ip + 40;
    packetEnd = tcp + view.getUint16(ip + 4, false);
  } else return undefined;
  // With segmentation offload, a packet above 64 KiB has a length of 0.
  if (packetEnd <= tcp || packetEnd > end) packetEnd = end;
  return {
    sourcePort: view.getUint16(tcp, false),
    destinationPort: view.getUint16(tcp + 2, false),
    sequence: view.getUint32(tcp + 4, false),
    syn: (view.getUint8(tcp + 13) & 2) !== 0,
    payload: file.subarray(tcp + (view.getUint8(tcp + 12) >> 4) * 4, packetEnd),
    at: tcp,
  };
}

/** Copies a capture with one TCP port replaced. Checksums are left alone: they are not filled in on loopback anyway. */
export function rewritePort(file: Uint8Array, from: number, to: number): Uint8Array {
  const copy = file.slice();
  const view = new DataView(copy.buffer);
  for (const segment of tcpSegments(copy)) {
    if (segment.sourcePort === from) view.setUint16(segment.at, to, false);
    if (segment.destinationPort === from) view.setUint16(segment.at + 2, to, false);
  }
  return copy;
}
