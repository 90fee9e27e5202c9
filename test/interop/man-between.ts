import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { BufferPool } from '#engine/buffer-pool.js';
import { FrameReader } from '#engine/framing.js';
import type { Cleanup } from '#testing/peers.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { type CommandCode, commands } from '#wire/smb2/commands.js';
import { HeaderFlags, Smb2Header } from '#wire/smb2/header.js';

/** A message in transit, SMB2 or other. */
export interface Passing {
  readonly fromClient: boolean;
  readonly bytes: Uint8Array;
  /** Undefined unless it is plain SMB2. */
  readonly header: Smb2Header | undefined;
}

/** What happens to a message: replaced by other bytes, passed on (undefined), dropped, or the connection is cut. */
export type Meddle = (passing: Passing) => Uint8Array | 'cut' | 'drop' | undefined;

const MAX_FRAME = 0xffffff;

/** Decodes a message, changes it and encodes it again; its signature is then invalid. */
export function altered<T extends Wire>(passing: Passing, dialect: number, change: (body: T) => void): Uint8Array {
  const header = new Smb2Header();
  const decoder = new Decoder();
  decoder.dialect = dialect;
  header.layout(decoder.reset(passing.bytes));
  const codec = commands[header.command as CommandCode];
  const answer = (header.flags & HeaderFlags.ServerToRedir) !== 0;
  const body = (answer ? codec.response() : codec.request()) as T;
  body.layout(decoder);
  change(body);
  return message(header, body, dialect);
}

/** Encodes an SMB2 message. */
export function message(header: Smb2Header, body: Wire, dialect: number): Uint8Array {
  const encoder = new Encoder();
  encoder.dialect = dialect;
  encoder.begin(0);
  header.layout(encoder);
  body.layout(encoder);
  return encoder.end().slice();
}

function headerOf(bytes: Uint8Array): Smb2Header | undefined {
  if (bytes[0] !== 0xfe || bytes.length < 64) return undefined;
  const header = new Smb2Header();
  header.layout(new Decoder().reset(bytes));
  return header;
}

/** Puts a proxy in front of a local server; returns the port to connect to. */
export async function standBetween(t: Cleanup, port: number, meddle: Meddle): Promise<number> {
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    const cut = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.setNoDelay();
      sockets.add(socket);
      socket.on('error', cut).on('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    pass(client, server, true, meddle, cut);
    pass(server, client, false, meddle, cut);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  return (proxy.address() as { port: number }).port;
}

function pass(from: Socket, to: Socket, fromClient: boolean, meddle: Meddle, cut: () => void): void {
  const reader = new FrameReader('direct', MAX_FRAME, new BufferPool(), (_type, frame) => {
    const bytes = frame.slice();
    const out = meddle({ fromClient, bytes, header: headerOf(bytes) });
    if (out === 'cut') return cut();
    if (out === 'drop') return;
    const sent = out ?? bytes;
    const length = Buffer.alloc(4);
    to.cork();
    length.writeUInt32BE(sent.length);
    to.write(length);
    to.write(sent);
    to.uncork();
  });
  from.on('data', (chunk) => reader.push(chunk));
}
