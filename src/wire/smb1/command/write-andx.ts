import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { Slot } from '../../io/slot.js';
import { AndXBlock, high32, join64, low32, noData, words } from '../block.js';

/** [MS-CIFS] 2.2.4.43.1 WriteMode. */
export const WriteMode = {
  WritethroughMode: 0x0001,
  ReadBytesAvailable: 0x0002,
  RawMode: 0x0004,
  MsgStart: 0x0008,
} as const;

const MODE_NAMES: NameTable = namesOf(WriteMode);

/**
 * [MS-CIFS] 2.2.4.43.1, [MS-SMB] 2.2.4.3.1 SMB_COM_WRITE_ANDX Request: 12 words, or 14 with a 64-bit offset. ByteCount
 * is too small for large writes, so the data is located by DataOffset and the two DataLength fields.
 */
export class WriteAndXRequest extends AndXBlock {
  wordCount = 14;
  fid = 0;
  /** Both parts combined. -1 for all ones. */
  offset = 0;
  timeout = 0;
  writeMode = 0;
  remaining = 0;
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    const slot = new Slot();
    slot.keepOffset = true;
    this.wordCount = words(io, this.wordCount, (count) => this.#words(io, count, slot), [12, 14]);
    const pad = io.reading ? 0 : -(io.at + 2) & 3;
    io.u16('ByteCount', (pad + this.data.length) & 0xffff);
    io.skip('Pad', pad);
    this.data = this.isLast ? io.payloadAt('Data', slot, this.data) : io.bytesAt('Data', slot, this.data);
  }

  #words(io: Layout, count: number, slot: Slot): void {
    this.andX(io);
    this.fid = io.u16('FID', this.fid);
    const low = io.u32('Offset', low32(this.offset));
    this.timeout = io.u32('Timeout', this.timeout);
    this.writeMode = io.flags16('WriteMode', this.writeMode, MODE_NAMES);
    this.remaining = io.u16('Remaining', this.remaining);
    const lengthHigh = io.u16('DataLengthHigh', this.data.length >>> 16);
    io.length16('DataLength', slot);
    io.offset16('DataOffset', slot);
    const high = count === 14 ? io.u32('OffsetHigh', high32(this.offset)) : 0;
    if (!io.reading) return;
    slot.length += lengthHigh * 65536;
    this.offset = join64('OffsetHigh', io.at - 4, high, low);
  }
}

/** [MS-CIFS] 2.2.4.43.2, [MS-SMB] 2.2.4.3.2 SMB_COM_WRITE_ANDX Response. */
export class WriteAndXResponse extends AndXBlock {
  /** Bytes written, both parts combined. */
  count = 0;
  available = 0xffff;

  layout(io: Layout): void {
    words(io, 6, () => {
      this.andX(io);
      const low = io.u16('Count', this.count & 0xffff);
      this.available = io.u16('Available', this.available);
      const high = io.u16('CountHigh', this.count >>> 16);
      io.skip('Reserved', 2);
      this.count = high * 65536 + low;
    });
    noData(io);
  }
}
