import { type Guid, NIL_GUID } from '../dtyp/guid.js';
import type { Ndr } from './ndr.js';

/** [C706] Appendix N ndr_context_handle: an opaque handle issued by the server. */
export class ContextHandle {
  attributes = 0;
  uuid: Guid = NIL_GUID;

  fields(ndr: Ndr, name: string): void {
    ndr.group(name, () => {
      this.attributes = ndr.u32('context_handle_attributes', this.attributes);
      this.uuid = ndr.guid('context_handle_uuid', this.uuid);
    });
  }

  get isNull(): boolean {
    return this.uuid === NIL_GUID;
  }
}
