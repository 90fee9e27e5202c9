import { ntStatusNames } from '../../erref/nt-status.js';
import type { Layout } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';
import { ContextHandle } from '../context-handle.js';
import { StatusResponse } from '../messages.js';
import { Ndr } from '../ndr.js';

/** A request that begins with a handle. */
export class HandleRequest {
  handle: ContextHandle = new ContextHandle();

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    this.handle.fields(ndr, 'Handle');
    this.fields(ndr);
  }

  protected fields(_ndr: Ndr): void {}
}

/** A response that ends with an NTSTATUS. */
export class NtResponse extends StatusResponse {
  protected override statusNames(): NameTable {
    return ntStatusNames;
  }
}

/** A response with a handle; null on failure. */
export class HandleResponse extends NtResponse {
  handle: ContextHandle = new ContextHandle();

  protected override fields(ndr: Ndr): void {
    this.handle.fields(ndr, 'Handle');
  }
}
