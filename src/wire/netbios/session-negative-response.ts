import type { Layout, Wire } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';

/** RFC 1002 4.3.4: why a session was refused. */
export const NegativeResponseCode = {
  NotListeningOnCalledName: 0x80,
  NotListeningForCallingName: 0x81,
  CalledNameNotPresent: 0x82,
  InsufficientResources: 0x83,
  Unspecified: 0x8f,
} as const;

export const NEGATIVE_RESPONSE_NAMES: NameTable = namesOf(NegativeResponseCode);

/** RFC 1002 4.3.4 NEGATIVE SESSION RESPONSE, after its header. */
export class SessionNegativeResponse implements Wire {
  errorCode: number = NegativeResponseCode.Unspecified;

  layout(io: Layout): void {
    this.errorCode = io.u8('ERROR_CODE', this.errorCode, NEGATIVE_RESPONSE_NAMES);
  }
}
