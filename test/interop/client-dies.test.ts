import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ConnectOptions, connect, errnoCode, SmbError } from '#client/index.js';
import { ACCOUNT } from '#testing/peers.js';
import { type Meddle, standBetween } from './man-between.js';
import { type Served, serve } from './serve.js';

/** What may happen to a message on its way. */
const ACCIDENTS: Readonly<
  Record<string, (bytes: Uint8Array, random: (below: number) => number) => ReturnType<Meddle>>
> = {
  cut: () => 'cut',
  // Also drops all later messages.
  silence: () => 'drop',
  empty: () => new Uint8Array(0),
  half: (bytes) => bytes.slice(0, bytes.length >> 1),
  longer: (bytes) => new Uint8Array([...bytes, ...bytes]),
  'a bit': (bytes, random) => {
    const copy = bytes.slice();
    const at = random(copy.length);
    copy[at] = (copy[at] as number) ^ (1 << random(8));
    return copy;
  },
  'ones from somewhere': (bytes, random) => bytes.slice().fill(0xff, random(bytes.length)),
  noise: (bytes, random) => bytes.map(() => random(256)),
};

/** Pseudo-random numbers, the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
}

interface Run {
  readonly served: Served;
  readonly options: ConnectOptions;
  readonly accident: keyof typeof ACCIDENTS;
  readonly fromClient: boolean;
  /** Which message of that side is affected. */
  readonly nth: number;
}

/** Connects, writes, reads, leaves. Returns whether the accident happened, and the result. */
async function live(t: TestContext, { served, options, accident, fromClient, nth }: Run): Promise<[boolean, unknown]> {
  let seen = 0;
  let happened = false;
  const random = numbers(nth * 7919 + accident.length);
  const port = await standBetween(t, served.port, (passing) => {
    if (happened && accident === 'silence') return 'drop';
    if (passing.fromClient !== fromClient || seen++ !== nth) return undefined;
    happened = true;
    return ACCIDENTS[accident]?.(passing.bytes, random);
  });
  const url = `smb://${ACCOUNT.user}:${encodeURIComponent(ACCOUNT.password)}@127.0.0.1:${port}/memory`;
  const outcome = await (async () => {
    const share = await connect(url, { timeoutMs: 150, ...options });
    try {
      await share.mkdir('d', { recursive: true });
      await share.writeFile('d/f', 'hello');
      assert.equal(await share.readFile('d/f', 'utf8'), 'hello');
      for await (const _ of share.readdir('d'));
    } finally {
      await share.close();
    }
  })().catch((error: unknown) => error);
  return [happened, outcome];
}

for (const [name, options] of [
  ['signed', {}],
  ['encrypted', { encryption: 'required' }],
  ['2.0.2', { dialects: { max: '2.0.2' } }],
] as const) {
  test(`whatever happens to a message, it is an error of ours or nothing: ${name}`, async (t) => {
    const wild: unknown[] = [];
    const note = (error: unknown): void => void wild.push(error);
    process.on('unhandledRejection', note).on('uncaughtException', note);
    t.after(() => void process.off('unhandledRejection', note).off('uncaughtException', note));
    const served = await serve(t);
    for (const accident of Object.keys(ACCIDENTS)) {
      await t.test(accident, async (t) => {
        for (const fromClient of [true, false]) {
          for (let nth = 0; ; nth++) {
            const [happened, outcome] = await live(t, { served, options, accident, fromClient, nth });
            const what = `${accident} ${nth} ${fromClient ? 'of ours' : 'of theirs'}`;
            if (outcome !== undefined) {
              assert.ok(outcome instanceof SmbError, `${what}: ${(outcome as Error).stack}`);
              assert.match(errnoCode(outcome) ?? '', /^E[A-Z0-9]+$/, `${what}: ${outcome.message}`);
            }
            if (!happened) break;
          }
        }
      });
    }
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(wild, []);
  });
}
