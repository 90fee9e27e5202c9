import { type ConnectionFacts, closings, frames } from '#tap/events.js';
import { SessionPacketType } from '#wire/netbios/session-packet.js';
import { type Framing, writeFrameHeader } from './framing.js';
import type { Clock, Transport } from './transport.js';

/** Bytes that `send` expects to be reserved at the start of the first part, for the frame header. */
export const FRAME_HEADER = 4;

/** Sends frames and feeds the tap in both directions; the engines of every dialect and role use it. */
export class FramePort {
  readonly facts: ConnectionFacts;
  readonly transport: Transport;
  readonly framing: Framing;
  readonly clock: Clock;

  constructor(transport: Transport, framing: Framing, facts: ConnectionFacts, clock: Clock) {
    this.transport = transport;
    this.framing = framing;
    this.facts = facts;
    this.clock = clock;
  }

  /**
   * Sends one frame. The first part begins with FRAME_HEADER reserved bytes. If the parts are encrypted, `plain` is
   * their plaintext, for the tap. `done` is called when the memory of the parts may be reused.
   */
  send(parts: readonly Uint8Array[], plain?: readonly Uint8Array[], done?: () => void): void {
    const first = parts[0] as Uint8Array;
    writeFrameHeader(this.framing, SessionPacketType.Message, totalLength(parts) - FRAME_HEADER, first);
    if (frames.wanted) this.#publish('sent', joined(parts), plain && joined(plain));
    this.transport.send(parts, done);
  }

  /** Sends a NetBIOS session-service packet other than a message: `body` begins with FRAME_HEADER reserved bytes. */
  sendService(type: number, body: Uint8Array): void {
    writeFrameHeader(this.framing, type, body.length - FRAME_HEADER, body);
    if (frames.wanted) this.#publish('sent', body.slice(), undefined);
    this.transport.send([body]);
  }

  /** Whether anybody listens to the tap. */
  get tapped(): boolean {
    return frames.wanted;
  }

  /** Tells the tap about a received frame; `plain` is its plaintext if it was encrypted. */
  received(type: number, frame: Uint8Array, plain?: Uint8Array): void {
    if (!frames.wanted) return;
    const whole = new Uint8Array(FRAME_HEADER + frame.length);
    writeFrameHeader(this.framing, type, frame.length, whole);
    whole.set(frame, FRAME_HEADER);
    this.#publish('received', whole, plain?.slice());
  }

  /** Tells the tap that the connection is closed. */
  closed(): void {
    if (closings.wanted) closings.publish({ connection: this.facts, time: this.clock.now() });
  }

  #publish(direction: 'sent' | 'received', frame: Uint8Array, plain: Uint8Array | undefined): void {
    frames.publish({ connection: this.facts, direction, time: this.clock.now(), frame, plain });
  }
}

/** Sum of the parts' lengths. */
export function totalLength(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) sum += part.length;
  return sum;
}

/** The parts copied into one new buffer. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(totalLength(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
