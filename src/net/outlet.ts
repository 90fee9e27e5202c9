import type { Socket } from 'node:net';

/** Copying longer frames gains nothing. */
const SMALL = 16_384;
const SLAB = 65_536;

/** Buffer shared by all sockets for gathering frames: filled and flushed within one turn. */
let slab: Uint8Array = Buffer.allocUnsafeSlow(SLAB);
let used = 0;

/**
 * The sending half of a socket. Small frames of one turn are gathered into one write: a system call costs more than its
 * payload, and in Node each chunk of a write costs more than its bytes.
 */
export class Outlet {
  readonly #socket: Socket;
  #memory = slab;
  /** Bounds of the gathered data. */
  #from = 0;
  #to = 0;
  #done: (() => void)[] = [];
  #due = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  send(parts: readonly Uint8Array[], length: number, done: (() => void) | undefined): void {
    if (length <= SMALL) {
      this.#gather(parts, length);
      if (done) this.#done.push(done);
      return;
    }
    this.flush();
    this.#write(parts, done);
  }

  #gather(parts: readonly Uint8Array[], length: number): void {
    const goesOn = this.#to === used && this.#memory === slab && used + length <= SLAB;
    if (!goesOn) this.#begin(length);
    for (const part of parts) {
      this.#memory.set(part, this.#to);
      this.#to += part.length;
    }
    used = this.#to;
    if (this.#due) return;
    this.#due = true;
    process.nextTick(this.#onDue);
  }

  #begin(length: number): void {
    this.flush();
    if (used + length > SLAB) {
      slab = Buffer.allocUnsafeSlow(SLAB);
      used = 0;
    }
    this.#memory = slab;
    this.#from = this.#to = used;
  }

  readonly #onDue = (): void => {
    this.#due = false;
    this.flush();
  };

  /** Writes out what has been gathered. */
  flush(): void {
    const [from, to] = [this.#from, this.#to];
    if (from === to) return;
    const done = this.#done;
    this.#from = to;
    this.#done = [];
    const tell = (): void => {
      for (const each of done) each();
    };
    if (this.#socket.destroyed || this.#socket.writableEnded) return tell();
    this.#socket.write(this.#memory.subarray(from, to), done.length > 0 ? tell : undefined);
    // The system has taken everything, so the memory can be reused.
    if (this.#socket.writableLength === 0 && this.#memory === slab && to === used) used = this.#from = this.#to = from;
  }

  #write(parts: readonly Uint8Array[], done: (() => void) | undefined): void {
    const socket = this.#socket;
    const last = parts.length - 1;
    if (last > 0) socket.cork();
    for (let i = 0; i < last; i++) socket.write(parts[i] as Uint8Array);
    socket.write(parts[last] as Uint8Array, done && (() => done()));
    if (last > 0) socket.uncork();
  }
}
