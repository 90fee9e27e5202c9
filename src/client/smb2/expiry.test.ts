import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { FRAME_HEADER } from '#engine/frame-port.js';
import type { Receiver, Transport } from '#engine/transport.js';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer, type SmbServer } from '#server/server.js';
import { HandClock } from '#testing/hand-clock.js';
import { refusal } from '#testing/refusal.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { Command, Smb2Header } from '#wire/smb2/header.js';
import { type Environment, endLine, logOn, openLine } from '../connection.js';
import { type ConnectOptions, settingsFrom } from '../options.js';
import { Pool } from '../pool.js';
import type { ClientConnection, FileProtocol } from '../protocol.js';
import { addChannels } from './channels.js';

const make = {
  path: 'f',
  access: FileAccess.GenericRead | FileAccess.GenericWrite,
  disposition: CreateDisposition.OpenIf,
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Commands that are processed for an expired session ([MS-SMB2] 3.3.5.2.9), including those that renew it. */
const ALWAYS: readonly number[] = [
  Command.Negotiate,
  Command.SessionSetup,
  Command.Logoff,
  Command.Close,
  Command.Lock,
  Command.Echo,
];

/** A proxy before our server that reports sessions as expired; it can do so because messages are not signed. */
class Aging {
  readonly server: SmbServer;
  /** Report sessions as expired until they are renewed. */
  expired = false;
  /** Renewals have no effect. */
  stubborn = false;
  dialed = 0;
  /** How many requests of each command got through. */
  readonly passed = new Map<number, number>();
  refused = 0;
  readonly #clock = new HandClock();
  readonly #pool: Pool;
  #count = 0;

  constructor(t: TestContext) {
    this.server = createServer({
      shares: { s: memory() },
      users: { ann: { password: 'secret' } },
      signing: 'enabled',
    });
    t.after(() => this.server.close());
    this.#pool = new Pool({
      clock: this.#clock,
      random: (length) => Uint8Array.from({ length }, () => ++this.#count & 255),
      dial: async () => {
        this.dialed++;
        const [near, far] = memoryPair();
        this.server.accept(far);
        return this.#aging(near);
      },
    });
  }

  passes(command: number): number {
    return this.passed.get(command) ?? 0;
  }

  #aging(inner: Transport): Transport {
    let receiver: Receiver | undefined;
    return {
      endpoints: inner.endpoints,
      start: (given) => {
        receiver = given;
        inner.start(given);
      },
      send: (parts, done) => {
        const header = new Smb2Header();
        header.layout(new Decoder().reset((parts[0] as Uint8Array).subarray(FRAME_HEADER)));
        if (this.#isRefused(header)) {
          this.refused++;
          receiver?.receive(refusal(parts, NtStatus.NetworkSessionExpired));
          done?.();
          return;
        }
        this.passed.set(header.command, this.passes(header.command) + 1);
        inner.send(parts, done);
      },
      end: () => inner.end(),
      destroy: (cause) => inner.destroy(cause),
    };
  }

  #isRefused({ command, sessionId }: Smb2Header): boolean {
    // The second SESSION_SETUP of a logon carries the credentials.
    if (command === Command.SessionSetup && sessionId !== 0n) this.expired = this.stubborn;
    return this.expired && !ALWAYS.includes(command);
  }

  async share(
    t: TestContext,
    options: ConnectOptions = {},
  ): Promise<{ client: ClientConnection; share: FileProtocol }> {
    const client = await this.#pool.take(settingsFrom('smb://ann:secret@server/s', { signing: 'enabled', ...options }));
    t.after(() => client.close());
    return { client, share: (await client.tree('s')).protocol };
  }
}

for (const dialect of ['2.1', '3.1.1'] as const) {
  test(`an expired session is renewed, and what was refused for it asked again, at ${dialect}`, async (t) => {
    const aging = new Aging(t);
    const { client, share } = await aging.share(t, { dialects: { max: dialect } });
    const file = await share.open(make);
    const setups = aging.passes(Command.SessionSetup);
    aging.expired = true;
    const written = [0, 1, 2, 3].map((at) => share.write(file, at, bytes('abcd').subarray(at, at + 1)));
    assert.deepEqual(await Promise.all(written), [1, 1, 1, 1]);
    assert.equal(aging.passes(Command.SessionSetup) - setups, 2, 'one logon for all of them');
    aging.expired = true;
    assert.equal((await share.stat('f')).size, 4);
    aging.expired = true;
    await share.mkdir('d');
    assert.equal(aging.passes(Command.SessionSetup) - setups, 6);
    // In 3.1.1 TREE_CONNECT is signed, so the test cannot forge a refusal.
    aging.expired = dialect === '2.1';
    await client.tree('s');
    assert.equal(aging.passes(Command.SessionSetup) - setups, dialect === '2.1' ? 8 : 6);
    assert.equal(new TextDecoder().decode(await share.read(file, 0, 10)), 'abcd');
    await share.close(file);
    assert.equal(aging.dialed, 1, 'nobody connected again');
    assert.equal((await aging.server.status()).opens, 0);
  });
}

for (const encryption of ['enabled', 'required'] as const) {
  test(`a session is renewed over a channel that is left, encryption ${encryption}`, async (t) => {
    const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } } });
    t.after(() => server.close());
    let count = 0;
    const environment: Environment = {
      clock: new HandClock(),
      random: (length) => Uint8Array.from({ length }, () => ++count & 255),
      dial: async () => {
        const [near, far] = memoryPair();
        server.accept(far);
        return near;
      },
    };
    const settings = settingsFrom('smb://ann:secret@server/s', { encryption, channels: 3 });
    const client = await logOn(await openLine(settings, environment), settings, environment, endLine);
    await addChannels(client, settings, environment, () => openLine(settings, environment));
    assert.equal(client.session.channels.length, 3);
    const { protocol } = await client.tree('s');
    const file = await protocol.open(make);
    for (const channel of client.session.channels) {
      await client.session.reauthenticate();
      await protocol.write(file, 0, bytes('still'));
      if (client.session.channels.length > 1) channel.line.link.fail(new ConnectionLost('cut'));
    }
    assert.equal(client.session.renewals, 3);
    await protocol.close(file);
    await client.close();
  });
}

test('nothing new is asked while a session is renewed', async (t) => {
  const aging = new Aging(t);
  const { share } = await aging.share(t);
  aging.expired = true;
  const first = share.stat('');
  const others: Promise<unknown>[] = [];
  // At any point of the renewal, when the server rejects requests that depend on the user's identity.
  for (let i = 0; i < 12; i++) {
    await Promise.resolve();
    others.push(share.stat(''), share.mkdir(`d${i}`));
  }
  await Promise.all([first, ...others]);
  assert.equal(aging.dialed, 1);
});

for (const reconnect of [undefined, false] as const) {
  test(`a session that expires again as soon as it is renewed is no good${reconnect === false ? ', alone' : ''}`, async (t) => {
    const aging = new Aging(t);
    const { share } = await aging.share(t, reconnect === false ? { reconnect } : {});
    const file = await share.open(make);
    aging.expired = aging.stubborn = true;
    const setups = aging.passes(Command.SessionSetup);
    for (const call of [() => share.read(file, 0, 1), () => share.stat('f'), () => share.mkdir('d')]) {
      await assert.rejects(call(), { code: 'SMB_SESSION_EXPIRED', retryable: false });
    }
    assert.equal(aging.passes(Command.SessionSetup) - setups, 3 * 2, 'each tried once');
    assert.equal(aging.refused, 3 * 2);
    assert.equal(aging.dialed, 1);
    aging.stubborn = false;
    assert.equal((await share.stat('f')).size, 0);
    await share.close(file);
  });
}

test('a session that cannot be renewed is over, and its error that of the logon', async (t) => {
  const aging = new Aging(t);
  const { client, share } = await aging.share(t);
  const file = await share.open(make);
  aging.server.users.set('ann', { password: 'another one' });
  aging.expired = true;
  const calls = [share.read(file, 0, 1), share.stat('f')];
  for (const outcome of await Promise.allSettled(calls)) {
    assert.equal((outcome as PromiseRejectedResult).reason.code, 'STATUS_LOGON_FAILURE');
  }
  assert.notEqual(client.lost, undefined);
  await assert.rejects(share.stat('f'), { code: 'STATUS_LOGON_FAILURE' });
  aging.server.users.set('ann', { password: 'secret' });
  aging.expired = false;
  assert.equal((await share.stat('f')).size, 0, 'a new session');
  await share.close(file);
});
