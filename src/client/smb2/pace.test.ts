import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Flight, Pace } from './pace.js';

const MIB = 1024 * 1024;
const CHUNK = MIB;
const CREDITS = 8192;
const LARGE = { maxRead: 8 * MIB, maxWrite: 8 * MIB };
const sizes = (pace: Pace): [number, number] => [pace.readSize, pace.writeSize(0)];

/** A link that transfers one response after the other, and a client that keeps a full window in flight. */
class Link {
  now = 1000;
  latencyMs: number;
  rate: number;
  readonly pace: Pace;
  readonly #flying: { readonly flight: Flight; readonly at: number }[] = [];
  #free = 0;

  constructor(latencyMs: number, rate: number) {
    this.latencyMs = latencyMs;
    this.rate = rate;
    this.pace = new Pace({ now: () => this.now }, LARGE, () => CREDITS);
  }

  /** Transfers for `ms` and returns the throughput in bytes per millisecond. */
  run(ms: number): number {
    const begin = this.now;
    let bytes = 0;
    while (this.now < begin + ms) {
      while ((this.#flying.length + 1) * CHUNK <= Math.max(CHUNK, this.pace.window)) this.#send();
      const next = this.#flying.shift();
      if (!next) throw new Error('nothing under way');
      this.now = next.at;
      this.pace.done(next.flight, CHUNK);
      bytes += CHUNK;
    }
    return bytes / (this.now - begin);
  }

  #send(): void {
    this.#free = Math.max(this.#free, this.now + this.latencyMs) + CHUNK / this.rate;
    this.#flying.push({ flight: this.pace.sent(), at: this.#free });
  }
}

/** Converts megabits per second to bytes per millisecond. */
const megabits = (rate: number): number => (rate * 1_000_000) / 8 / 1000;

test('a long link gets as much as it carries', () => {
  const link = new Link(100, megabits(1000));
  link.run(2000);
  assert.ok(link.run(2000) > 0.98 * megabits(1000));
  assert.ok(link.pace.window > 12 * MIB && link.pace.window < 32 * MIB);
});

test('memory has a bound, whatever the link could carry', () => {
  const link = new Link(200, megabits(10_000));
  link.run(10_000);
  assert.equal(link.pace.window, 32 * MIB);
});

test('a fast short link has the usual window', () => {
  for (const rate of [megabits(1000), megabits(20_000)]) {
    const link = new Link(0.1, rate);
    assert.ok(link.run(1000) > 0.98 * rate);
    assert.equal(link.pace.window, 8 * MIB);
  }
});

test('what is under way on a slow link holds up others less long', () => {
  const link = new Link(5, megabits(50));
  link.run(15_000);
  assert.ok(link.run(15_000) > 0.98 * megabits(50));
  assert.ok(link.pace.window < 2.1 * MIB);
});

test('a link that has become slower is followed, and faster again', () => {
  const link = new Link(0.5, megabits(1000));
  link.run(2000);
  link.rate = megabits(50);
  link.run(20_000);
  assert.equal(link.pace.window, 2 * MIB);
  link.rate = megabits(1000);
  link.run(2000);
  assert.equal(link.pace.window, 8 * MIB);
});

test('a link that has become longer than it ever was has the usual window', () => {
  const link = new Link(0.5, megabits(1000));
  link.run(2000);
  link.latencyMs = 100;
  link.run(20_000);
  assert.equal(link.pace.window, 8 * MIB);
});

test('small requests, and what takes no time, tell nothing', () => {
  let now = 0;
  const pace = new Pace({ now: () => now }, LARGE, () => CREDITS);
  const flights = [pace.sent(), pace.sent()];
  pace.done(flights[0] as Flight, MIB);
  now = 1000;
  pace.done(flights[1] as Flight, 100);
  assert.equal(pace.window, 2 * MIB);
});

test('requests are large as soon as the way has proved to bear it', () => {
  const quick = new Link(1, megabits(1000));
  assert.deepEqual(sizes(quick.pace), [MIB / 4, MIB / 2]);
  quick.run(1000);
  assert.deepEqual(sizes(quick.pace), [MIB, 2 * MIB]);
  const slow = new Link(1, megabits(50));
  slow.run(1000);
  assert.deepEqual(sizes(slow.pace), [MIB / 4, MIB / 2]);
});

test('requests have few sizes, whatever the window is', () => {
  const pace = new Pace({ now: () => 0 }, LARGE, () => CREDITS);
  const found = new Set<number>();
  for (pace.window = 2 * MIB; pace.window <= 32 * MIB; pace.window += MIB / 8) {
    for (const size of sizes(pace)) found.add(size);
  }
  assert.deepEqual(
    [...found].sort((a, b) => a - b),
    [MIB / 4, MIB / 2, MIB, 2 * MIB, 4 * MIB, 8 * MIB],
  );
});

test('never more than the server takes, nor than several requests have credits for', () => {
  const sized = (maxRead: number, maxWrite: number, credits: number): [number, number] =>
    sizes(new Pace({ now: () => 0 }, { maxRead, maxWrite }, () => credits));
  assert.deepEqual(sized(65_536, 32_768, CREDITS), [65_536, 32_768]);
  assert.deepEqual(sized(8 * MIB, 8 * MIB, 1), [65_536, 65_536]);
  assert.deepEqual(sized(8 * MIB, 8 * MIB, 17), [131_072, 262_144]);
  assert.deepEqual(sized(8 * MIB, 8 * MIB, 128), [MIB / 4, MIB / 2]);
});

test('the longest request is written once, where there is so much and the way bears it', () => {
  const { pace } = new Link(1, megabits(1000));
  assert.equal(pace.writeSize(64 * MIB), MIB / 2, 'nobody knows the way yet');
  pace.window = 8 * MIB;
  assert.equal(pace.writeSize(8 * MIB - 1), 2 * MIB);
  assert.equal(pace.writeSize(64 * MIB), 8 * MIB);
  pace.sent(2 * MIB);
  assert.equal(pace.writeSize(64 * MIB), 8 * MIB);
  pace.sent(8 * MIB);
  assert.equal(pace.writeSize(64 * MIB), 2 * MIB);
});

test('the longest request is not written where the server takes less of one, or credits are missing', () => {
  const size = (maxWrite: number, credits: number): number => {
    const pace = new Pace({ now: () => 0 }, { maxRead: 8 * MIB, maxWrite }, () => credits);
    pace.window = 8 * MIB;
    return pace.writeSize(64 * MIB);
  };
  assert.deepEqual([size(8 * MIB, 128), size(4 * MIB, CREDITS), size(8 * MIB, 127)], [8 * MIB, 2 * MIB, MIB]);
});
