import type { Layout, Wire } from '../../io/layout.js';
import { Raw } from '../raw.js';
import { codeTag, tagBytes, tagCode, tagNames, tagText } from './tag.js';

/** Creates the data structure of a context, given its length in bytes. */
export type DataMaker = (length: number) => Wire;

/**
 * [MS-SMB2] 2.2.13.2 SMB2_CREATE_CONTEXT without Next, which `Layout.chain` handles. The class of the data depends on
 * the name, and on whether it is in a request or a response; data of an unknown name is `Raw`.
 */
export abstract class CreateContext {
  /** A byte string, one of `CreateContextTag` or another. */
  name = '';
  data: Wire = new Raw();

  /** Makers of the data in this direction, by name. */
  protected abstract get makers(): ReadonlyMap<string, DataMaker>;

  layout(io: Layout): void {
    const name = io.offset16('NameOffset');
    io.length16('NameLength', name);
    io.skip('Reserved', 2);
    const data = io.offset16('DataOffset');
    io.length32('DataLength', data);
    io.within('Name', name, () => this.#tag(io, io.reading ? name.length : this.name.length));
    if (io.reading) this.data = (this.makers.get(this.name) ?? makeRaw)(data.length);
    this.data = io.structAt('Data', data, this.data, 8);
  }

  #tag(io: Layout, length: number): void {
    if (length === 4) this.name = codeTag(io.u32be('Tag', tagCode(this.name), tagNames));
    else this.name = tagText(io.rest('Tag', tagBytes(this.name)));
  }
}

function makeRaw(): Wire {
  return new Raw();
}
