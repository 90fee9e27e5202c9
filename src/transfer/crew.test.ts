import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Share } from '#client/index.js';
import { Crew } from './crew.js';

interface Fake {
  readonly share: Share;
  readonly closed: () => boolean;
}

function fake(): Fake {
  let closed = false;
  const close = async (): Promise<void> => {
    closed = true;
  };
  return { share: { close } as unknown as Share, closed: () => closed };
}

/** Work that runs until it is released. */
function held(crew: Crew, count: number): { shares: Share[]; release: () => Promise<unknown> } {
  const shares: Share[] = [];
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  const works = Array.from({ length: count }, () =>
    crew.use(async (share) => {
      shares.push(share);
      await promise;
    }),
  );
  return {
    shares,
    release: () => {
      resolve();
      return Promise.all(works);
    },
  };
}

test('connections are opened when there is something to do for them, and closed in the end', async () => {
  const first = fake();
  const others: Fake[] = [];
  const crew = new Crew(first.share, async () => {
    const other = fake();
    others.push(other);
    return other.share;
  });
  const few = held(crew, 4);
  await setImmediate();
  assert.equal(others.length, 0);
  const all = [few];
  for (let i = 0; i < 20; i++) {
    all.push(held(crew, 1));
    await setImmediate();
  }
  assert.equal(others.length, 2);
  const used = all.flatMap(({ shares }) => shares);
  for (const { share } of [first, ...others]) assert.equal(used.filter((other) => other === share).length, 8);
  await Promise.all(all.map(({ release }) => release()));
  await crew.close();
  assert.deepEqual(
    [first, ...others].map(({ closed }) => closed()),
    [false, true, true],
  );
});

test('a server that lets no more in has to do with what there is', async () => {
  const first = fake();
  let asked = 0;
  const crew = new Crew(first.share, () => {
    asked++;
    return Promise.reject(new Error('too many connections'));
  });
  const all = [held(crew, 8)];
  await setImmediate();
  all.push(held(crew, 8));
  await setImmediate();
  assert.equal(asked, 1);
  await Promise.all(all.map(({ release }) => release()));
  await crew.close();
});
