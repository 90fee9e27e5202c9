import { EMPTY } from '../io/decoder.js';
import type { Layout } from '../io/layout.js';
import { type NameTable, namesOf } from '../io/names.js';

/** [MS-SMB2] 2.2.9.2 ContextType. */
export const TreeConnectContextType = { RemotedIdentity: 0x0001 } as const;

const contextTypeNames: NameTable = namesOf(TreeConnectContextType);

/** [MS-SMB2] 2.2.9.2 SMB2 TREE_CONNECT_CONTEXT. */
export class TreeConnectContext {
  contextType = 0;
  /** Of RemotedIdentity: 2.2.9.2.1 SMB2_REMOTED_IDENTITY_TREE_CONNECT Context. */
  data: Uint8Array = EMPTY;

  layout(io: Layout): void {
    this.contextType = io.u16('ContextType', this.contextType, contextTypeNames);
    const length = io.length16('DataLength');
    io.skip('Reserved', 4);
    this.data = io.bytesAt('Data', length, this.data);
  }
}
