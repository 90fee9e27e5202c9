import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';

/** [MS-RAP] 2.5 RAP Opcodes, those supported here. */
export const RapOpcode = {
  NetServerGetInfo: 13,
} as const;

const OPCODE_NAMES: NameTable = namesOf(RapOpcode);

/** [MS-RAP] 2.5.1 RAP Request Message: the parameters of a transaction on \PIPE\LANMAN. */
export class RapRequest {
  opcode = 0;
  /** Types of the parameters, one letter each. */
  paramDesc = '';
  /** Types of the data. */
  dataDesc = '';
  rapParams: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.opcode = io.u16('RAPOpcode', this.opcode, OPCODE_NAMES);
    this.paramDesc = io.oem('ParamDesc', this.paramDesc);
    this.dataDesc = io.oem('DataDesc', this.dataDesc);
    this.rapParams = io.rest('RAPParams', this.rapParams);
  }
}
