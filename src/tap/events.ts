import { channel } from 'node:diagnostics_channel';

/** Which connection an event belongs to. */
export interface ConnectionFacts {
  /** Counts up within the process. */
  readonly id: number;
  readonly role: 'client' | 'server';
  readonly framing: 'direct' | 'netbios';
  readonly local: string;
  readonly remote: string;
}

/** One frame as it went over the connection. */
export interface FrameEvent {
  readonly connection: ConnectionFacts;
  readonly direction: 'sent' | 'received';
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
  /** As on the wire, the 4-byte frame header included. */
  readonly frame: Uint8Array;
  /** The messages inside, when the frame was encrypted. */
  readonly plain: Uint8Array | undefined;
}

/** A connection is over. */
export interface ClosedEvent {
  readonly connection: ConnectionFacts;
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
}

/** Something a log wants to tell: sessions, refusals, faults. Never holds a secret. */
export interface NoteEvent {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly what: string;
  readonly connection: ConnectionFacts | undefined;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Tap<E> {
  /** False when nobody listens: then nothing needs to be gathered. */
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
/** Connections that came to their end, with the time (`sombrero:closed`). */
export const closings: Tap<ClosedEvent> = tap('sombrero:closed');
/** What a log tells (`sombrero:note`). */
export const notes: Tap<NoteEvent> = tap('sombrero:note');

let connections = 0;

/** Numbers a new connection. */
export function connectionFacts(facts: Omit<ConnectionFacts, 'id'>): ConnectionFacts {
  connections++;
  return { id: connections, ...facts };
}
