import type { Endpoints, Receiver, Transport } from '#engine/transport.js';

/** One end of an in-process pair. Bytes are copied, as a network would do. */
class MemoryTransport implements Transport {
  readonly endpoints: Endpoints;
  peer: MemoryTransport | undefined;
  #receiver: Receiver | undefined;
  readonly #early: Uint8Array[] = [];
  #open = true;
  #paused = false;

  constructor(endpoints: Endpoints) {
    this.endpoints = endpoints;
  }

  start(receiver: Receiver): void {
    this.#receiver = receiver;
    this.#deliver();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliver();
  }

  #deliver(): void {
    while (this.#open && !this.#paused && this.#receiver) {
      const chunk = this.#early.shift();
      if (chunk === undefined) return;
      this.#receiver.receive(chunk);
    }
  }

  send(parts: readonly Uint8Array[], done?: () => void): void {
    const size = parts.reduce((sum, part) => sum + part.length, 0);
    const chunk = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      chunk.set(part, at);
      at += part.length;
    }
    done?.();
    const peer = this.peer;
    if (this.#open && peer) queueMicrotask(() => peer.#take(chunk));
  }

  #take(chunk: Uint8Array): void {
    if (!this.#open) return;
    this.#early.push(chunk);
    this.#deliver();
  }

  end(): void {
    queueMicrotask(() => this.destroy());
  }

  destroy(cause?: Error): void {
    if (!this.#open) return;
    this.#open = false;
    const peer = this.peer;
    queueMicrotask(() => {
      this.#receiver?.closed(cause);
      peer?.destroy();
    });
  }
}

/** Two connected transports: data sent on one arrives at the other in a later turn. */
export function memoryPair(): [Transport, Transport] {
  const left = new MemoryTransport({ local: 'memory:left', remote: 'memory:right' });
  const right = new MemoryTransport({ local: 'memory:right', remote: 'memory:left' });
  left.peer = right;
  right.peer = left;
  return [left, right];
}
