import type { Layout } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';

/** [MS-CIFS] 2.2.1.3 SMB_NMPIPE_STATUS. */
export const PipeStatus = {
  /** Maximum number of instances; all ones for no limit. */
  ICount: 0x00ff,
  /** Reads return messages rather than bytes. */
  ReadMode: 0x0100,
  /** Type of the pipe, as opposed to how it is read. */
  NamedPipeType: 0x0400,
  Endpoint: 0x4000,
  NonBlocking: 0x8000,

  /** Status of our pipes: a message pipe with unlimited instances, seen from the client end. */
  ours(messageMode: boolean): number {
    return 0x00ff | 0x0400 | (messageMode ? 0x0100 : 0);
  },
} as const;

const STATUS_NAMES: NameTable = { 256: 'ReadMode', 1024: 'NamedPipeType', 16384: 'Endpoint', 32768: 'NonBlocking' };

/** [MS-CIFS] 2.2.5.1.1, 2.2.5.3.2 TRANS_SET_NMPIPE_STATE Request and TRANS_QUERY_NMPIPE_STATE Response. */
export class NmpipeState {
  state = 0;

  layout(io: Layout): void {
    this.state = io.flags16('PipeState', this.state, STATUS_NAMES);
  }
}

const CONNECTED = 3;

/** [MS-CIFS] 2.2.5.5.2 TRANS_PEEK_NMPIPE Response, its parameters. */
export class NmpipePeek {
  readDataAvailable = 0;
  messageBytesLength = 0;
  namedPipeState: number = CONNECTED;

  layout(io: Layout): void {
    this.readDataAvailable = io.u16('ReadDataAvailable', this.readDataAvailable);
    this.messageBytesLength = io.u16('MessageBytesLength', this.messageBytesLength);
    this.namedPipeState = io.u16('NamedPipeState', this.namedPipeState);
  }
}
