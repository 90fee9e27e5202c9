import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import { type NameTable, namesOf } from '../../io/names.js';
import type { Slot } from '../../io/slot.js';
import { data, words } from '../block.js';
import { pieceSlot, TransactionPiece } from './transaction.js';

/** [MS-CIFS] 2.2.2.2, [MS-SMB] 2.2.2.2 functions of SMB_COM_NT_TRANSACT. */
export const NtTransactFunction = {
  Create: 0x0001,
  Ioctl: 0x0002,
  SetSecurityDesc: 0x0003,
  NotifyChange: 0x0004,
  Rename: 0x0005,
  QuerySecurityDesc: 0x0006,
  QueryQuota: 0x0007,
  SetQuota: 0x0008,
} as const;

export const NT_TRANSACT_NAMES: NameTable = namesOf(NtTransactFunction, 'NT_TRANSACT_');

/** [MS-CIFS] 2.2.4.62.1 SMB_COM_NT_TRANSACT Request. */
export class NtTransactRequest extends TransactionPiece {
  maxSetupCount = 0;
  maxParameterCount = 0;
  maxDataCount = 0;
  function = 0;
  /** An even number of bytes, whose meaning depends on the function. */
  setup: Uint8Array = EMPTY;

  layout(io: Layout): void {
    const parameters = pieceSlot();
    const content = pieceSlot();
    words(io, 19 + (this.setup.length >> 1), () => {
      this.maxSetupCount = io.u8('MaxSetupCount', this.maxSetupCount);
      io.skip('Reserved1', 2);
      this.total32(io);
      this.maxParameterCount = io.u32('MaxParameterCount', this.maxParameterCount);
      this.maxDataCount = io.u32('MaxDataCount', this.maxDataCount);
      io.length32('ParameterCount', parameters);
      io.offset32('ParameterOffset', parameters);
      io.length32('DataCount', content);
      io.offset32('DataOffset', content);
      const count = io.u8('SetupCount', this.setup.length >> 1);
      this.function = io.u16('Function', this.function, NT_TRANSACT_NAMES);
      this.setup = io.bytes('Setup', count * 2, this.setup);
    });
    data(io, () => this.pieces(io, parameters, content));
  }
}

function displaced(io: Layout, piece: NtTransactSecondaryRequest | NtTransactResponse, p: Slot, d: Slot): void {
  io.length32('ParameterCount', p);
  io.offset32('ParameterOffset', p);
  piece.parameterDisplacement = io.u32('ParameterDisplacement', piece.parameterDisplacement);
  io.length32('DataCount', d);
  io.offset32('DataOffset', d);
  piece.dataDisplacement = io.u32('DataDisplacement', piece.dataDisplacement);
}

/** [MS-CIFS] 2.2.4.62.2 SMB_COM_NT_TRANSACT Response. */
export class NtTransactResponse extends TransactionPiece {
  parameterDisplacement = 0;
  dataDisplacement = 0;
  setup: Uint8Array = EMPTY;

  layout(io: Layout): void {
    const parameters = pieceSlot();
    const content = pieceSlot();
    words(io, 18 + (this.setup.length >> 1), () => {
      io.skip('Reserved1', 3);
      this.total32(io);
      displaced(io, this, parameters, content);
      const count = io.u8('SetupCount', this.setup.length >> 1);
      this.setup = io.bytes('Setup', count * 2, this.setup);
    });
    data(io, () => this.pieces(io, parameters, content));
  }
}

/** [MS-CIFS] 2.2.4.63.1 SMB_COM_NT_TRANSACT_SECONDARY Request. It has no response of its own. */
export class NtTransactSecondaryRequest extends TransactionPiece {
  parameterDisplacement = 0;
  dataDisplacement = 0;

  layout(io: Layout): void {
    const parameters = pieceSlot();
    const content = pieceSlot();
    words(io, 18, () => {
      io.skip('Reserved1', 3);
      this.total32(io);
      displaced(io, this, parameters, content);
      io.skip('Reserved2', 1);
    });
    data(io, () => this.pieces(io, parameters, content));
  }
}
