import type { Layout, Wire } from '../io/layout.js';
import { Malformed } from '../io/malformed.js';
import { Slot } from '../io/slot.js';
import { Ace } from './ace.js';

const HEADER = 8;

/** [MS-DTYP] 2.4.5 ACL. */
export class Acl implements Wire {
  /** 2, or 4 if there are object ACEs. */
  aclRevision = 2;
  aces: Ace[] = [];

  static of(...aces: Ace[]): Acl {
    return Object.assign(new Acl(), { aces });
  }

  /** Bytes on the wire. */
  get size(): number {
    return this.aces.reduce((sum, ace) => sum + ace.size, HEADER);
  }

  layout(io: Layout): void {
    this.aclRevision = io.u8('AclRevision', this.aclRevision);
    io.skip('Sbz1', 1);
    const size = io.u16('AclSize', io.reading ? 0 : this.size);
    if (io.reading && size < HEADER) throw new Malformed('AclSize', io.at - 2, `is ${size}`);
    const count = io.u16('AceCount', this.aces.length);
    io.skip('Sbz2', 2);
    const body = new Slot();
    body.length = size - HEADER;
    io.within('Aces', body, () => {
      this.aces = io.list('Ace', count, this.aces, () => new Ace());
    });
  }
}
