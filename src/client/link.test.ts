import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock, Transport } from '#engine/transport.js';
import { memoryPair } from '#net/memory.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { Link } from './link.js';
import { requestSession } from './netbios.js';

/** A clock that the test advances. */
class FakeClock implements Clock {
  #now = 1000;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = due.at;
      due.callback();
    }
    this.#now = end;
  }
}

/** The remote end: records what it receives and sends what it is told to. */
function peer(transport: Transport): { received: Uint8Array[]; say: (...bytes: number[]) => void } {
  const received: Uint8Array[] = [];
  transport.start({
    receive: (chunk) => received.push(chunk.slice()),
    target: () => undefined,
    placed: () => undefined,
    closed: () => undefined,
  });
  return { received, say: (...bytes) => transport.send([Uint8Array.from(bytes)]) };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function watched(outstanding: number): {
  clock: FakeClock;
  link: Link;
  events: string[];
  server: ReturnType<typeof peer>;
} {
  const [near, far] = memoryPair();
  const server = peer(far);
  const clock = new FakeClock();
  const link = new Link(near, 'direct', clock, 1000);
  const events: string[] = [];
  link.sink = {
    outstanding,
    receive: (frame) => events.push(`frame ${frame.length}`),
    closed: (cause) => events.push((cause as ConnectionLost).code),
  };
  link.probe = () => events.push('probe');
  return { clock, link, events, server };
}

test('a server that owes an answer is asked once, then given up', () => {
  const { clock, events, link } = watched(1);
  clock.advance(499);
  assert.deepEqual(events, []);
  clock.advance(251);
  assert.deepEqual(events, ['probe']);
  clock.advance(500);
  assert.deepEqual(events, ['probe', 'ETIMEDOUT']);
  assert.ok(link.lost instanceof ConnectionLost);
});

test('a server that owes nothing is asked now and then, and may take all of the time-out for its answer', () => {
  const { clock, events, link } = watched(0);
  clock.advance(500);
  assert.deepEqual(events, ['probe']);
  clock.advance(60_000);
  assert.deepEqual(events, ['probe'], 'nothing was owed, not even for the probe');
  link.sink = { outstanding: 1, receive: () => undefined, closed: (cause) => events.push(String(cause)) };
  clock.advance(999);
  assert.equal(link.lost, undefined);
  clock.advance(251);
  assert.equal(events.length, 2);
});

test('a server that speaks is alive', async () => {
  const busy = watched(1);
  for (let i = 0; i < 5; i++) {
    busy.clock.advance(600);
    busy.server.say(0x85, 0, 0, 0);
    await settle();
  }
  assert.ok(!busy.events.includes('ETIMEDOUT'), busy.events.join());
});

test('a server that answers what it has not read, and reads no further, is given up however much it says', async () => {
  const { clock, link, server } = watched(0);
  const causes: string[] = [];
  let early: object | undefined = {};
  link.sink = {
    outstanding: 1,
    get early() {
      return early;
    },
    receive: () => undefined,
    closed: (cause) => causes.push(`${(cause as ConnectionLost).code} ${(cause as ConnectionLost).message}`),
  };
  const chatter = async (ms: number): Promise<void> => {
    for (let i = 0; i < ms; i += 250) {
      clock.advance(250);
      server.say(0x85, 0, 0, 0);
      await settle();
    }
  };
  for (let i = 0; i < 8; i++) {
    await chatter(1000);
    early = {};
  }
  assert.deepEqual(causes, [], 'another one each time');
  await chatter(1250);
  assert.match(causes.join(), /^ETIMEDOUT .*reads no further/);
});

test('a web server and other strangers are told apart', async () => {
  for (const [text, code] of [
    ['HTTP/1.1 400', 'SMB_PEER_SPEAKS_HTTP'],
    ['SSH-2.0-x', 'SMB_BAD_FRAME'],
  ] as const) {
    const { events, server } = watched(1);
    server.say(...new TextEncoder().encode(text));
    await settle();
    assert.deepEqual(events, [code]);
  }
});

async function session(...answer: number[]): Promise<unknown> {
  const [near, far] = memoryPair();
  const server = peer(far);
  const link = new Link(near, 'netbios', new FakeClock(), 1000);
  const asked = requestSession(link, 'nas', 1000);
  await settle();
  const request = server.received[0] as Uint8Array;
  assert.equal(request.length, 4 + 68);
  assert.deepEqual([...request.subarray(0, 5)], [0x81, 0, 0, 68, 32]);
  // 'N' is EO, 'A' EB, 'S' FD.
  assert.equal(new TextDecoder().decode(request.subarray(5, 11)), 'EOEBFD');
  server.say(...answer);
  return asked;
}

test('a NetBIOS session is granted, refused with its reason, or sent elsewhere', async () => {
  assert.equal(await session(0x82, 0, 0, 0), undefined);
  await assert.rejects(session(0x83, 0, 0, 1, 0x82), {
    code: 'SMB_NETBIOS_REFUSED',
    message: /CALLED_NAME_NOT_PRESENT/,
  });
  assert.deepEqual(await session(0x84, 0, 0, 6, 10, 0, 0, 7, 0x01, 0xbd), { host: '10.0.0.7', port: 445 });
});

test('other answers to a session request end the connection', async () => {
  await assert.rejects(session(0x00, 0, 0, 1, 0xff), ConnectionLost);
  await assert.rejects(session(0x83, 0, 0, 0), { code: 'SMB_MALFORMED' });
});
