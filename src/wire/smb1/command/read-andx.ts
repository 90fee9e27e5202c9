import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import { Slot } from '../../io/slot.js';
import { AndXBlock, high32, join64, low32, noData, words } from '../block.js';

/** [MS-CIFS] 2.2.4.42.1, [MS-SMB] 2.2.4.2.1 SMB_COM_READ_ANDX Request: 10 words, or 12 with a 64-bit offset. */
export class ReadAndXRequest extends AndXBlock {
  wordCount = 12;
  fid = 0;
  /** Both parts combined. -1 for all ones. */
  offset = 0;
  maxCountOfBytesToReturn = 0;
  minCountOfBytesToReturn = 0;
  /** MaxCountHigh for a file, or the time to wait for a pipe. See `maxCount`. */
  timeoutOrMaxCountHigh = 0;
  remaining = 0;

  layout(io: Layout): void {
    this.wordCount = words(io, this.wordCount, (count) => this.#words(io, count), [10, 12]);
    noData(io);
  }

  #words(io: Layout, count: number): void {
    this.andX(io);
    this.fid = io.u16('FID', this.fid);
    const low = io.u32('Offset', low32(this.offset));
    this.maxCountOfBytesToReturn = io.u16('MaxCountOfBytesToReturn', this.maxCountOfBytesToReturn);
    this.minCountOfBytesToReturn = io.u16('MinCountOfBytesToReturn', this.minCountOfBytesToReturn);
    this.timeoutOrMaxCountHigh = io.u32('Timeout_or_MaxCountHigh', this.timeoutOrMaxCountHigh);
    this.remaining = io.u16('Remaining', this.remaining);
    const high = count === 12 ? io.u32('OffsetHigh', high32(this.offset)) : 0;
    if (io.reading) this.offset = join64('OffsetHigh', io.at - 4, high, low);
  }

  /** Bytes requested, including MaxCountHigh, in which all ones is a time-out rather than a count. */
  get maxCount(): number {
    const high = this.timeoutOrMaxCountHigh;
    return high === 0xffffffff ? this.maxCountOfBytesToReturn : ((high & 0xffff) << 16) | this.maxCountOfBytesToReturn;
  }
  set maxCount(count: number) {
    this.maxCountOfBytesToReturn = count & 0xffff;
    this.timeoutOrMaxCountHigh = count >>> 16;
  }
}

/**
 * [MS-CIFS] 2.2.4.42.2, [MS-SMB] 2.2.4.2.2 SMB_COM_READ_ANDX Response. ByteCount is too small for large reads, so the
 * data is located by DataOffset and the two DataLength fields.
 */
export class ReadAndXResponse extends AndXBlock {
  /** 0xFFFF for files. */
  available = 0xffff;
  dataCompactionMode = 0;
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    const slot = new Slot();
    slot.keepOffset = true;
    words(io, 12, () => this.#words(io, slot));
    const pad = io.reading ? 0 : -(io.at + 2) & 3;
    io.u16('ByteCount', (pad + this.data.length) & 0xffff);
    io.skip('Pad', pad);
    this.data = this.isLast ? io.payloadAt('Data', slot, this.data) : io.bytesAt('Data', slot, this.data);
  }

  #words(io: Layout, slot: Slot): void {
    this.andX(io);
    this.available = io.u16('Available', this.available);
    this.dataCompactionMode = io.u16('DataCompactionMode', this.dataCompactionMode);
    io.skip('Reserved1', 2);
    io.length16('DataLength', slot);
    io.offset16('DataOffset', slot);
    const high = io.u16('DataLengthHigh', this.data.length >>> 16);
    io.skip('Reserved2', 8);
    if (io.reading) slot.length += high * 65536;
  }
}
