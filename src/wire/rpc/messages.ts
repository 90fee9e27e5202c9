import type { Layout } from '../io/layout.js';
import type { NameTable } from '../io/names.js';
import { Ndr } from './ndr.js';

/** A request whose first parameter is the server name, which is ignored. */
export class ServerRequest {
  serverName: string | null = null;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    this.serverName = ndr.optionalString('ServerName', this.serverName);
    this.fields(ndr);
  }

  protected fields(_ndr: Ndr): void {}
}

/** A response that ends with a status. */
export class StatusResponse {
  status = 0;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    this.fields(ndr);
    this.status = ndr.u32('Status', this.status, this.statusNames());
  }

  protected fields(_ndr: Ndr): void {}

  protected statusNames(): NameTable | undefined {
    return undefined;
  }
}

/** An entry of a container: the level determines the fields. */
export interface LevelEntry {
  fields(ndr: Ndr, level: number): void;
}

/** A level, and a union of containers, each with a count and that many entries ([MS-SRVS] 2.2.4.2 and the like). */
export class LevelContainer<T extends LevelEntry> {
  level: number;
  entries: T[] = [];
  readonly #levels: readonly number[];
  readonly #make: () => T;

  constructor(levels: readonly number[], make: () => T) {
    this.#levels = levels;
    this.#make = make;
    this.level = levels[0] ?? 0;
  }

  /** Whether the level is supported; for others nothing is read or written. */
  get known(): boolean {
    return this.#levels.includes(this.level);
  }

  fields(ndr: Ndr): void {
    this.level = ndr.u32('Level', this.level);
    // The union's discriminant repeats the level.
    const arm = ndr.u32('switch_is', this.level);
    if (!this.#levels.includes(arm)) return;
    ndr.pointer(`Level${arm}`, true, () => ndr.group(`Level${arm}`, () => this.#container(ndr, arm)));
  }

  #container(ndr: Ndr, level: number): void {
    const count = ndr.u32('EntriesRead', this.entries.length);
    ndr.pointer('Buffer', this.entries.length > 0, () => {
      this.entries = ndr.array('Buffer', count, this.entries, this.#make, (item) => item.fields(ndr, level));
    });
  }
}

/** A union of pointers to one entry each, in a response; null on failure. */
export function levelUnion<T extends LevelEntry>(
  ndr: Ndr,
  level: number,
  levels: readonly number[],
  info: T | null,
  make: () => T,
): { level: number; info: T | null } {
  let read = level;
  let result: T | null = null;
  ndr.param(() => {
    read = ndr.u32('Level', level);
    if (!levels.includes(read)) return;
    const item = info ?? make();
    ndr.pointer(`Level${read}`, info !== null, () => {
      ndr.group(`Level${read}`, () => item.fields(ndr, read));
      result = item;
    });
  });
  return { level: read, info: result };
}

/** A stub that is not decoded, of operations that are always refused. */
export class OpaqueStub {
  bytes: Uint8Array = new Uint8Array(0);

  layout(io: Layout): void {
    this.bytes = io.rest('stub', this.bytes);
  }
}
