import { type ConnectionFacts, closings, frames } from '#tap/events.js';
import { SessionPacketType } from '#wire/netbios/session-packet.js';
import { type Framing, writeFrameHeader } from './framing.js';
import type { Clock, Transport } from './transport.js';

/** Bytes that `send` expects free in front of the first part, for the frame header. */
export const FRAME_HEADER = 4;

/** Frames on their way out, and the tap on both ways: engines of every dialect and role send through this. */
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
   * Sends one frame. The first part begins with FRAME_HEADER free bytes. `plain` is what is inside when the parts are
   * encrypted; `done` is called when the parts' memory may be used again.
   */
  send(parts: readonly Uint8Array[], plain?: readonly Uint8Array[], done?: () => void): void {
    const first = parts[0] as Uint8Array;
    writeFrameHeader(this.framing, SessionPacketType.Message, totalLength(parts) - FRAME_HEADER, first);
    if (frames.wanted) this.#publish('sent', joined(parts), plain && joined(plain));
    this.transport.send(parts, done);
  }

  /** Sends a frame of the session service that is no message: `body` begins with FRAME_HEADER free bytes. */
  sendService(type: number, body: Uint8Array): void {
    writeFrameHeader(this.framing, type, body.length - FRAME_HEADER, body);
    if (frames.wanted) this.#publish('sent', body.slice(), undefined);
    this.transport.send([body]);
  }

  /** Whether anybody listens to the tap. */
  get tapped(): boolean {
    return frames.wanted;
  }

  /** Tells the tap of a frame that came; `plain` is what was inside when it was encrypted. */
  received(type: number, frame: Uint8Array, plain?: Uint8Array): void {
    if (!frames.wanted) return;
    const whole = new Uint8Array(FRAME_HEADER + frame.length);
    writeFrameHeader(this.framing, type, frame.length, whole);
    whole.set(frame, FRAME_HEADER);
    this.#publish('received', whole, plain?.slice());
  }

  /** Tells the tap that nothing comes or goes any more. */
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

/** The parts as one piece of memory of its own. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(totalLength(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
