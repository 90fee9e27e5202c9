import { closed } from './errors.js';
import { File } from './file.js';
import { type OpenOptions, openRequest } from './open-options.js';
import type { Place } from './operation/place.js';
import { normal, toWire } from './paths.js';
import type { Control, FileProtocol } from './protocol.js';
import { Turns } from './turns.js';

/** A share and the files open on it; after `close`, every use fails with EBADF. */
export class SharePlace implements Place {
  readonly #name: string;
  readonly #protocol: FileProtocol;
  readonly #files = new Set<File>();
  readonly appending: Turns = new Turns();
  #isOpen = true;

  constructor(name: string, protocol: FileProtocol) {
    this.#name = name;
    this.#protocol = protocol;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get protocol(): FileProtocol {
    return this.alive(this.#protocol);
  }

  /** Returns `part`; throws EBADF once the share is closed. */
  alive<T>(part: T): T {
    if (!this.#isOpen) throw closed(`the share ${this.#name}`);
    return part;
  }

  async open(path: string, options: OpenOptions, control: Control): Promise<File> {
    const handle = await this.protocol.open(openRequest(toWire(path), options), control);
    const file = new File(this.#protocol, handle, normal(path), (over) => this.#files.delete(over));
    this.#files.add(file);
    // The share was closed meanwhile.
    if (!this.#isOpen) await file.close();
    return file;
  }

  /** Closes all open files and disconnects from the share. Never fails. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.allSettled(Array.from(this.#files, (file) => file.close()));
    await Promise.allSettled([this.#protocol.disconnect()]);
  }
}
