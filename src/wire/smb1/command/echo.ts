import { EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';
import { data, words } from '../block.js';

/** [MS-CIFS] 2.2.4.39.1 SMB_COM_ECHO Request. */
export class EchoRequest implements Wire {
  echoCount = 1;
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    words(io, 1, () => {
      this.echoCount = io.u16('EchoCount', this.echoCount);
    });
    data(io, () => {
      this.data = io.rest('Data', this.data);
    });
  }
}

/** [MS-CIFS] 2.2.4.39.2 SMB_COM_ECHO Response. */
export class EchoResponse implements Wire {
  /** From 1. */
  sequenceNumber = 1;
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    words(io, 1, () => {
      this.sequenceNumber = io.u16('SequenceNumber', this.sequenceNumber);
    });
    data(io, () => {
      this.data = io.rest('Data', this.data);
    });
  }
}
