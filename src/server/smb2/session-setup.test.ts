import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Account, accountOf } from '#auth/account-store.js';
import { NtlmClient } from '#auth/ntlm-client.js';
import { FRAME_HEADER, joined } from '#engine/frame-port.js';
import { compose } from '#engine/smb2/compose.js';
import { splitCompound } from '#engine/smb2/split.js';
import type { Receiver, Transport } from '#engine/transport.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { Wire } from '#wire/io/layout.js';
import { EchoRequest } from '#wire/smb2/command/echo.js';
import { NegotiateRequest, NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { SessionSetupRequest, SessionSetupResponse } from '#wire/smb2/command/session-setup.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, Smb2Header } from '#wire/smb2/header.js';
import { createServer, type SmbServer } from '../server.js';

/** A client of bytes at dialect 2.1. */
class Peer {
  readonly frames: Uint8Array[] = [];
  ended = false;
  sessionId = 0n;
  #messageId = 0;
  #receiver: Receiver | undefined;
  readonly #ntlm = new NtlmClient({
    account: 'ann',
    domain: '',
    password: 'secret',
    workstation: 'desk',
    targetName: 'cifs/here',
    ntlmv1: false,
    random: (n) => new Uint8Array(n),
    now: () => 0n,
  });

  constructor(server: SmbServer, framing: 'direct' | 'netbios' = 'direct') {
    const transport: Transport = {
      endpoints: { local: 'here', remote: 'there' },
      start: (receiver) => {
        this.#receiver = receiver;
      },
      send: (parts, done) => {
        this.frames.push(joined(parts).subarray(FRAME_HEADER));
        done?.();
      },
      end: () => {
        this.ended = true;
      },
      destroy: () => undefined,
    };
    server.accept(transport, framing);
  }

  send(command: number, body: Wire): void {
    const header = Object.assign(new Smb2Header(), { command, messageId: this.#messageId++, credits: 10 });
    header.sessionId = this.sessionId;
    const message = joined(compose(new Encoder(), [{ header, body, signWith: undefined }], false));
    const length = message.length - FRAME_HEADER;
    message.set([0, 0, length >> 8, length & 0xff]);
    this.#receiver?.receive(message);
  }

  negotiate(): void {
    this.send(Command.Negotiate, Object.assign(new NegotiateRequest(), { dialects: [Dialect.Smb210] }));
  }

  /** One leg of the logon. */
  setUp(token?: Uint8Array): void {
    const request = new SessionSetupRequest();
    request.securityBuffer = this.#ntlm.step(token);
    this.send(Command.SessionSetup, request);
  }

  /** Status of the last frame, and its body's token. */
  last(): { status: number; token: Uint8Array } {
    const frame = this.frames.at(-1) as Uint8Array;
    const header = splitCompound(new Decoder(), frame, 1)[0]?.header as Smb2Header;
    this.sessionId = header.sessionId;
    if (header.command !== Command.SessionSetup) return { status: header.status, token: new Uint8Array(0) };
    const io = new Decoder().reset(frame);
    new Smb2Header().layout(io);
    const body = new SessionSetupResponse();
    body.layout(io);
    return { status: header.status, token: body.securityBuffer };
  }

  closed(): void {
    this.#receiver?.closed(undefined);
  }
}

/** A store that answers when the test says so. */
function slowStore() {
  let answer: (account: Account) => void = () => undefined;
  const find = (): Promise<Account> => new Promise((resolve) => (answer = resolve));
  return { find, answer: () => answer(accountOf('ann', { password: 'secret' })) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a connection that is lost while its logon is looked up leaves no session behind', async () => {
  const store = slowStore();
  const server = createServer({ users: { find: store.find } });
  const peer = new Peer(server);
  peer.negotiate();
  peer.setUp();
  await turn();
  const { status, token } = peer.last();
  assert.equal(status, NtStatus.MoreProcessingRequired);
  peer.setUp(token);
  await turn();
  peer.closed();
  store.answer();
  await turn();
  assert.deepEqual(server.sessions, []);
  assert.equal(server.connections.all, 0);
});

test('the same logon goes well when nothing is lost', async () => {
  const store = slowStore();
  const server = createServer({ users: { find: store.find } });
  const peer = new Peer(server);
  peer.negotiate();
  peer.setUp();
  await turn();
  peer.setUp(peer.last().token);
  await turn();
  store.answer();
  await turn();
  assert.equal(peer.last().status, NtStatus.Success);
  assert.equal(server.sessions[0]?.account, 'ann');
  peer.closed();
  await turn();
  assert.deepEqual(server.sessions, []);
});

test('before NEGOTIATE nothing else is answered', () => {
  const peer = new Peer(createServer());
  peer.send(Command.Echo, new EchoRequest());
  assert.equal(peer.frames.length, 0);
  assert.equal(peer.ended, true);
});

test('behind the session service nothing is promised that its frames cannot carry', () => {
  for (const [framing, most] of [
    ['netbios', 65_536],
    ['direct', 1_048_576],
  ] as const) {
    const peer = new Peer(createServer(), framing);
    peer.negotiate();
    const io = new Decoder().reset(peer.frames[0] as Uint8Array);
    new Smb2Header().layout(io);
    const response = new NegotiateResponse();
    response.layout(io);
    assert.equal(response.maxReadSize, most);
  }
});
