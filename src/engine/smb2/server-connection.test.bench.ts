import { Opener, Sealer, TRANSFORM_HEADER_SIZE } from '#crypto/sealing.js';
import { GmacSigner } from '#crypto/signing.js';
import { connectionFacts } from '#tap/events.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { Command, HeaderFlags, Smb2Header } from '#wire/smb2/header.js';
import { FRAME_HEADER, FramePort, joined } from '../frame-port.js';
import type { Transport } from '../transport.js';
import { compose } from './compose.js';
import type { SessionSecurity } from './security.js';
import { Smb2ServerConnection } from './server-connection.js';
import type { Smb2ServerRequest } from './server-request.js';
import { splitCompound } from './split.js';

export const KEY: Uint8Array = new Uint8Array(16).fill(7);
const GCM = 2;

/** A session with keys for signing and encryption. */
export function sealedSession(id: bigint, key: Uint8Array = KEY): SessionSecurity {
  return {
    id,
    signer: new GmacSigner(key),
    signingRequired: true,
    sealer: new Sealer(GCM, key, (n) => new Uint8Array(n)),
    opener: new Opener(GCM, key),
    encryptionRequired: false,
  };
}

export type Asked = Partial<
  Pick<Smb2Header, 'messageId' | 'flags' | 'sessionId' | 'command' | 'asyncId' | 'credits' | 'creditCharge'>
>;

/** An engine with the test as both client and host. */
export class Bench {
  readonly sessions: Map<bigint, SessionSecurity> = new Map<bigint, SessionSecurity>();
  readonly handled: Smb2ServerRequest[] = [];
  /** Frames sent. */
  readonly frames: Uint8Array[] = [];
  readonly failures: unknown[] = [];
  readonly engine: Smb2ServerConnection;
  released = 0;
  readonly timers: (() => void)[] = [];
  /** Calls of `pause` and `resume` on the transport. */
  readonly flow: string[] = [];

  constructor(maxCredits = 8) {
    const transport: Transport = {
      endpoints: { local: 'here', remote: 'there' },
      start: () => undefined,
      send: (parts, done) => {
        this.frames.push(joined(parts).subarray(FRAME_HEADER));
        done?.();
      },
      pause: () => void this.flow.push('pause'),
      resume: () => void this.flow.push('resume'),
      end: () => undefined,
      destroy: () => undefined,
    };
    const facts = connectionFacts({ role: 'server', framing: 'direct', local: 'here', remote: 'there' });
    const clock = {
      now: () => 0,
      after: (_ms: number, callback: () => void) => {
        this.timers.push(callback);
        return () => undefined;
      },
    };
    const host = {
      security: (id: bigint) => this.sessions.get(id),
      handle: (request: Smb2ServerRequest) => void this.handled.push(request),
      fail: (error: unknown) => void this.failures.push(error),
    };
    const limits = {
      maxCredits,
      maxCreditsUnauthenticated: maxCredits,
      maxCompound: 8,
      maxAsync: 3,
      maxDeferredBytes: 1000,
      interimMs: 500,
    };
    this.engine = new Smb2ServerConnection(
      new FramePort(transport, 'direct', facts, clock),
      host,
      limits,
      new Encoder(),
    );
    this.engine.dialect = 0x0311;
  }

  /** The bytes of echo requests in one frame. */
  plain(...asked: readonly Asked[]): Uint8Array {
    const messages = asked.map((values) => ({
      header: Object.assign(new Smb2Header(), { command: Command.Echo, credits: 8, ...values }),
      body: new EchoRequest(),
      signWith: undefined,
    }));
    return joined(compose(new Encoder(), messages, false)).subarray(FRAME_HEADER);
  }

  receive(...asked: readonly Asked[]): void {
    this.engine.receive(this.plain(...asked), () => this.released++);
  }

  receiveSigned(session: SessionSecurity, ...asked: readonly Asked[]): void {
    const messages = asked.map((values) => {
      const header = Object.assign(new Smb2Header(), { command: Command.Echo, credits: 8, ...values });
      header.flags |= HeaderFlags.Signed;
      return { header, body: new EchoRequest(), signWith: session };
    });
    this.engine.receive(joined(compose(new Encoder(), messages, false)).subarray(FRAME_HEADER), () => undefined);
  }

  /** A request followed by extra bytes, which has to wait for others. */
  big(messageId: number, size: number): void {
    const frame = new Uint8Array(size);
    frame.set(this.plain({ messageId, creditCharge: 32 }));
    this.engine.receive(frame, () => this.released++);
  }

  receiveSealed(session: SessionSecurity, ...asked: readonly Asked[]): void {
    const plain = this.plain(...asked);
    const frame = new Uint8Array(TRANSFORM_HEADER_SIZE + plain.length);
    session.sealer?.seal([plain], session.id, frame);
    this.engine.receive(frame, () => this.released++);
  }

  /** Makes the engine check for slow requests. */
  look(): void {
    for (const callback of this.timers.splice(0)) callback();
  }

  /** Ids and statuses of the messages in a sent frame. */
  statuses(at: number): [number, number][] {
    return this.headers(at).map(({ messageId, status }) => [messageId, status]);
  }

  /** Headers of the messages in a sent frame. */
  headers(at: number): Smb2Header[] {
    return splitCompound(new Decoder(), this.frames[at] as Uint8Array, 8).map(({ header }) => header);
  }

  request(at: number): Smb2ServerRequest {
    return this.handled[at] as Smb2ServerRequest;
  }
}
