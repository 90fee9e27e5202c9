import { channel } from 'node:diagnostics_channel';

/** The connection that an event belongs to. */
export interface ConnectionFacts {
  /** Unique within the process, ascending. */
  readonly id: number;
  readonly role: 'client' | 'server';
  readonly framing: 'direct' | 'netbios';
  readonly local: string;
  readonly remote: string;
}

/** One frame as sent or received. */
export interface FrameEvent {
  readonly connection: ConnectionFacts;
  readonly direction: 'sent' | 'received';
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
  /** As on the wire, including the 4-byte frame header. */
  readonly frame: Uint8Array;
  /** The decrypted messages, if the frame was encrypted. */
  readonly plain: Uint8Array | undefined;
}

/** A connection has closed. */
export interface ClosedEvent {
  readonly connection: ConnectionFacts;
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
}

/** An event for logs: sessions, refusals, errors. Never contains secrets. */
export interface NoteEvent {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly what: string;
  readonly connection: ConnectionFacts | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Tap<E> {
  /** False if nobody listens, so that no event needs to be built. */
  readonly wanted: boolean;
  publish(event: E): void;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: E) => void): () => void;
}

function tap<E>(name: string): Tap<E> {
  const source = channel(name);
  return {
    get wanted() {
      return source.hasSubscribers;
    },
    publish: (event) => source.publish(event),
    subscribe: (listener) => {
      const onMessage = (message: unknown): void => listener(message as E);
      source.subscribe(onMessage);
      return () => {
        source.unsubscribe(onMessage);
      };
    },
  };
}

/** Every frame of every connection in this process (`sombrero:frame`). */
export const frames: Tap<FrameEvent> = tap('sombrero:frame');
/** Connections that have closed, with the time (`sombrero:closed`). */
export const closings: Tap<ClosedEvent> = tap('sombrero:closed');
/** Log events (`sombrero:note`). */
export const notes: Tap<NoteEvent> = tap('sombrero:note');

let connections = 0;

/** Assigns a new connection its id. */
export function connectionFacts(facts: Omit<ConnectionFacts, 'id'>): ConnectionFacts {
  connections++;
  return { id: connections, ...facts };
}
