import { EMPTY } from '../../io/decoder.js';
import type { Layout } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';

/** [MS-FSCC] 2.3.46 NamedPipeState. */
export const NamedPipeState = {
  Connected: 0x00000003,
  Closing: 0x00000004,
} as const;

export const namedPipeStateNames: NameTable = { 3: 'FILE_PIPE_CONNECTED_STATE', 4: 'FILE_PIPE_CLOSING_STATE' };

/** [MS-FSCC] 2.3.46 FSCTL_PIPE_PEEK Reply. */
export class PipePeekResponse {
  namedPipeState: number = NamedPipeState.Connected;
  readDataAvailable = 0;
  numberOfMessages = 0;
  messageLength = 0;
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.namedPipeState = io.u32('NamedPipeState', this.namedPipeState, namedPipeStateNames);
    this.readDataAvailable = io.u32('ReadDataAvailable', this.readDataAvailable);
    this.numberOfMessages = io.u32('NumberOfMessages', this.numberOfMessages);
    this.messageLength = io.u32('MessageLength', this.messageLength);
    this.data = io.rest('Data', this.data);
  }
}
