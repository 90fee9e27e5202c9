import assert from 'node:assert/strict';
import { PassThrough, Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import type { File } from './file.js';
import type { Control } from './protocol.js';
import { type Opener, readStream, writeStream } from './streams.js';

const PIECE = 1000;
const PIECES = 3;

/** A file whose operations wait until the test releases or aborts them. */
class Place {
  readonly abort = new AbortController();
  opened = 0;
  closed = 0;
  /** Stream errors without a listener, which would end the process. */
  unhandled = 0;
  readonly #waiting: (() => void)[] = [];
  #asked: (() => void) | undefined;

  /** Releases the oldest waiting operation. */
  go(): void {
    this.#waiting.shift()?.();
  }

  /** Resolves when an operation is waiting. */
  asked(): Promise<void> {
    return new Promise((resolve) => {
      this.#asked = resolve;
    });
  }

  readonly open: Opener = async (control) => {
    await this.#wait(control);
    this.opened++;
    return { file: this.#file(), close: async () => void this.closed++ };
  };

  #wait({ signal }: Control): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.#waiting.push(resolve);
      this.#asked?.();
    });
  }

  #file(): File {
    const wait = (control: Control): Promise<void> => this.#wait(control);
    async function* chunks(control: Control): AsyncGenerator<Uint8Array, void, undefined> {
      for (let i = 0; i < PIECES; i++) {
        await wait(control);
        yield new Uint8Array(PIECE);
      }
    }
    const write = (_data: Uint8Array, _position: number, control: Control): Promise<void> => wait(control);
    return { chunks, write } as unknown as File;
  }
}

const PACING = { maxWrite: PIECE, window: 2 * PIECE };

/** Counts errors that have no listener instead of ending the process. */
function watched<T extends Readable | Writable>(stream: T, place: Place): T {
  const emit = stream.emit.bind(stream) as (event: string | symbol, ...args: unknown[]) => boolean;
  stream.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== 'error' || stream.listenerCount('error') > 0) return emit(event, ...args);
    place.unhandled++;
    return false;
  };
  return stream;
}

const STREAMS: Readonly<Record<string, (place: Place, signal?: AbortSignal) => Readable | Writable>> = {
  read: (place, signal) => watched(readStream(place.open, { signal }), place),
  write: (place, signal) => watched(writeStream(place.open, PACING, { signal }), place),
};

function pour(stream: Readable | Writable, options: { signal?: AbortSignal }): Promise<void> {
  if (stream instanceof Readable) return pipeline(stream, new PassThrough().resume(), options);
  return pipeline(Readable.from(Array(PIECES).fill(new Uint8Array(PIECE))), stream, options);
}

/** Ways to use a stream; each rejects with what its user would see. */
const USES: Readonly<Record<string, (stream: Readable | Writable, signal: AbortSignal) => Promise<unknown>>> = {
  'with nobody who listens': (stream) => new Promise((resolve) => stream.once('close', resolve)),
  'by hand': (stream) => {
    if (stream instanceof Readable) stream.resume();
    else for (let i = 0; i < PIECES; i++) stream.write(new Uint8Array(PIECE), () => undefined);
    if (!(stream instanceof Readable)) stream.end();
    return new Promise((resolve, reject) => stream.once('close', resolve).once('error', reject));
  },
  'in a pipeline': (stream) => pour(stream, {}),
  'in a pipeline with the signal': (stream, signal) => pour(stream, { signal }),
  'in a loop': async (stream) => {
    if (!(stream instanceof Readable)) return pour(stream, {});
    for await (const piece of stream) assert.equal((piece as Uint8Array).length, PIECE);
  },
};

/** How many operations to release before the abort: the open is the first, then each piece. */
const STEPS = [0, 1, 2, 3];

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

for (const [kind, make] of Object.entries(STREAMS)) {
  for (const [how, use] of Object.entries(USES)) {
    const nobody = how === 'with nobody who listens';
    const check = async (place: Place, used: Promise<unknown>): Promise<void> => {
      const error = await used.then(
        () => undefined,
        (cause: Error & { code?: string }) => cause,
      );
      await turn();
      assert.equal(place.unhandled, 0, 'errors that nobody has listened for');
      assert.equal(place.closed, place.opened, 'closed, of those that were opened');
      if (nobody) return;
      // Node reports this when piping into a stream that has already ended.
      if (error?.code !== 'ERR_STREAM_UNABLE_TO_PIPE') assert.equal(error?.name, 'AbortError', `${error}`);
    };

    test(`a ${kind} stream ${how}, called off before it is made, or in the same turn`, async () => {
      const before = new Place();
      before.abort.abort();
      await check(before, use(make(before, before.abort.signal), before.abort.signal));
      const same = new Place();
      const used = use(make(same, same.abort.signal), same.abort.signal);
      same.abort.abort();
      await check(same, used);
      const first = new Place();
      const stream = make(first, first.abort.signal);
      first.abort.abort();
      await check(first, use(stream, first.abort.signal));
    });

    test(`a ${kind} stream ${how}, called off at each step`, async () => {
      // Without a reader or writer, nothing happens after the open.
      for (const steps of nobody ? [0] : STEPS) {
        const place = new Place();
        let asked = place.asked();
        const used = use(make(place, place.abort.signal), place.abort.signal);
        for (let i = 0; i < steps; i++) {
          await asked;
          asked = place.asked();
          place.go();
        }
        await asked;
        place.abort.abort();
        await check(place, used);
      }
    });

    if (nobody) continue;
    test(`a ${kind} stream ${how}, called off when it has ended`, async () => {
      const place = new Place();
      const stream = make(place, place.abort.signal);
      const used = use(stream, place.abort.signal);
      let over = false;
      void used.finally(() => {
        over = true;
      });
      while (!over) {
        place.go();
        await turn();
      }
      place.abort.abort();
      await used;
      await turn();
      assert.deepEqual([place.unhandled, place.opened, place.closed], [0, 1, 1]);
    });
  }
}

test('an error that nobody has asked for is told as ever', async () => {
  const place = new Place();
  const refused: Opener = () => Promise.reject(new Error('refused'));
  const closed = new Promise((resolve) =>
    watched(readStream(refused, { signal: place.abort.signal }), place).once('close', resolve),
  );
  await closed;
  assert.equal(place.unhandled, 1);
});

test('neither is one hidden that came before the signal', async () => {
  for (const make of Object.values(STREAMS)) {
    const place = new Place();
    const stream = make(place, place.abort.signal);
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.destroy(new Error('no longer wanted'));
    place.abort.abort();
    await closed;
    assert.equal(place.unhandled, 1);
  }
});
