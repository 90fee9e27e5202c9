import { EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import { Slot } from '../../io/slot.js';
import { data, words } from '../block.js';

/** [MS-CIFS] 2.2.4.33.1 Flags. */
export const TransactionFlags = {
  DisconnectTid: 0x0001,
  NoResponse: 0x0002,
} as const;

const FLAG_NAMES: NameTable = namesOf(TransactionFlags, 'TRANSACTION_');

/** [MS-CIFS] 2.2.2.2: first setup word of SMB_COM_TRANSACTION on a named pipe. */
export const TransSubcommand = {
  SetNmpipeState: 0x0001,
  RawReadNmpipe: 0x0011,
  QueryNmpipeState: 0x0021,
  QueryNmpipeInfo: 0x0022,
  PeekNmpipe: 0x0023,
  TransactNmpipe: 0x0026,
  RawWriteNmpipe: 0x0031,
  ReadNmpipe: 0x0036,
  WriteNmpipe: 0x0037,
  WaitNmpipe: 0x0053,
  CallNmpipe: 0x0054,
} as const;

export const TRANS_SUBCOMMAND_NAMES: NameTable = namesOf(TransSubcommand, 'TRANS_');

/** Base class of the pieces of all transactions. When writing, totals of 0 are raised to the size of this piece. */
export abstract class TransactionPiece implements Wire {
  totalParameterCount = 0;
  totalDataCount = 0;
  parameters: Uint8Array = EMPTY;
  data: Uint8Array = EMPTY;

  abstract layout(io: Layout): unknown;

  protected total16(io: Layout): void {
    this.totalParameterCount = io.u16('TotalParameterCount', this.parameterTotal(io));
    this.totalDataCount = io.u16('TotalDataCount', this.dataTotal(io));
  }

  protected total32(io: Layout): void {
    this.totalParameterCount = io.u32('TotalParameterCount', this.parameterTotal(io));
    this.totalDataCount = io.u32('TotalDataCount', this.dataTotal(io));
  }

  /** The parameters and data, each at an offset from the header that is a multiple of 4. */
  protected pieces(io: Layout, parameters: Slot, content: Slot): void {
    if (!io.reading && this.parameters.length + this.data.length > 0) io.align(4);
    this.parameters = io.bytesAt('Parameters', parameters, this.parameters, 4);
    this.data = io.bytesAt('Data', content, this.data, 4);
  }

  private parameterTotal(io: Layout): number {
    return io.reading ? 0 : Math.max(this.totalParameterCount, this.parameters.length);
  }

  private dataTotal(io: Layout): number {
    return io.reading ? 0 : Math.max(this.totalDataCount, this.data.length);
  }
}

/** A slot whose offset is written even if it is empty, as peers do. */
export function pieceSlot(): Slot {
  const slot = new Slot();
  slot.keepOffset = true;
  return slot;
}

abstract class TransRequest extends TransactionPiece {
  maxParameterCount = 0;
  maxDataCount = 0;
  maxSetupCount = 0;
  flags = 0;
  timeout = 0;
  setup: number[] = [];

  layout(io: Layout): void {
    const parameters = pieceSlot();
    const content = pieceSlot();
    words(io, 14 + this.setup.length, () => {
      this.total16(io);
      this.maxParameterCount = io.u16('MaxParameterCount', this.maxParameterCount);
      this.maxDataCount = io.u16('MaxDataCount', this.maxDataCount);
      this.maxSetupCount = io.u8('MaxSetupCount', this.maxSetupCount);
      io.skip('Reserved1', 1);
      this.flags = io.flags16('Flags', this.flags, FLAG_NAMES);
      this.timeout = io.u32('Timeout', this.timeout);
      io.skip('Reserved2', 2);
      io.length16('ParameterCount', parameters);
      io.offset16('ParameterOffset', parameters);
      io.length16('DataCount', content);
      io.offset16('DataOffset', content);
      const count = io.u8('SetupCount', this.setup.length);
      io.skip('Reserved3', 1);
      this.setup = io.u16s('Setup', count, this.setup);
    });
    data(io, () => {
      this.nameField(io);
      this.pieces(io, parameters, content);
    });
  }

  protected abstract nameField(io: Layout): void;
}

/** [MS-CIFS] 2.2.4.33.1 SMB_COM_TRANSACTION Request: named pipes and mailslots. */
export class TransactionRequest extends TransRequest {
  /** `\PIPE\`, `\MAILSLOT\BROWSE`. */
  name = '';

  protected override nameField(io: Layout): void {
    this.name = io.text('Name', this.name);
  }
}

/** [MS-CIFS] 2.2.4.46.1 SMB_COM_TRANSACTION2 Request. The first setup word is the subcommand. */
export class Transaction2Request extends TransRequest {
  protected override nameField(io: Layout): void {
    if (!io.reading || io.left > 0) io.skip('Name', 1);
  }
}

/** [MS-CIFS] 2.2.4.33.2, 2.2.4.46.2 SMB_COM_TRANSACTION and SMB_COM_TRANSACTION2 Response. */
export class TransactionResponse extends TransactionPiece {
  parameterDisplacement = 0;
  dataDisplacement = 0;
  setup: number[] = [];

  layout(io: Layout): void {
    const parameters = pieceSlot();
    const content = pieceSlot();
    words(io, 10 + this.setup.length, () => {
      this.total16(io);
      io.skip('Reserved1', 2);
      io.length16('ParameterCount', parameters);
      io.offset16('ParameterOffset', parameters);
      this.parameterDisplacement = io.u16('ParameterDisplacement', this.parameterDisplacement);
      io.length16('DataCount', content);
      io.offset16('DataOffset', content);
      this.dataDisplacement = io.u16('DataDisplacement', this.dataDisplacement);
      const count = io.u8('SetupCount', this.setup.length);
      io.skip('Reserved2', 1);
      this.setup = io.u16s('Setup', count, this.setup);
    });
    data(io, () => this.pieces(io, parameters, content));
  }
}

/** [MS-CIFS] 2.2.4.34.1 SMB_COM_TRANSACTION_SECONDARY Request. It has no response of its own. */
export class TransactionSecondaryRequest extends TransactionPiece {
  parameterDisplacement = 0;
  dataDisplacement = 0;

  layout(io: Layout): void {
    const parameters = pieceSlot();
    const content = pieceSlot();
    words(io, 8, () => this.secondary(io, parameters, content));
    data(io, () => this.pieces(io, parameters, content));
  }

  protected secondary(io: Layout, parameters: Slot, content: Slot): void {
    this.total16(io);
    io.length16('ParameterCount', parameters);
    io.offset16('ParameterOffset', parameters);
    this.parameterDisplacement = io.u16('ParameterDisplacement', this.parameterDisplacement);
    io.length16('DataCount', content);
    io.offset16('DataOffset', content);
    this.dataDisplacement = io.u16('DataDisplacement', this.dataDisplacement);
  }
}

/** [MS-CIFS] 2.2.4.47.1 SMB_COM_TRANSACTION2_SECONDARY Request. It has no response of its own. */
export class Transaction2SecondaryRequest extends TransactionSecondaryRequest {
  fid = 0xffff;

  override layout(io: Layout): void {
    const parameters = pieceSlot();
    const content = pieceSlot();
    words(io, 9, () => {
      this.secondary(io, parameters, content);
      this.fid = io.u16('FID', this.fid);
    });
    data(io, () => this.pieces(io, parameters, content));
  }
}
