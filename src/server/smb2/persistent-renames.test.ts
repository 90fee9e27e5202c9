import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend } from '#fs/backend.js';
import { memory } from '#fs/memory/memory.js';
import { asks, comesBack, NONE, renamed, Site } from '#testing/persistent-bench.js';
import { turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { Command } from '#wire/smb2/header.js';

const { Success, FileNotAvailable, ObjectNameNotFound } = NtStatus;

/** Counts the server's steps, and stops it for good before one of them. */
class Steps {
  at = 0;
  stopAt = Number.POSITIVE_INFINITY;

  async next(): Promise<void> {
    if (++this.at >= this.stopAt) await new Promise(() => undefined);
  }
}

/** A medium that cannot look up files by number, and whose renames count as steps, before and after. */
function stepwise(backend: Backend, steps: Steps): Backend {
  const around = (of: object, name: string) => {
    const call = Reflect.get(of, name) as (...args: unknown[]) => unknown;
    return async (...args: unknown[]) => {
      await steps.next();
      await call.apply(of, args);
      await steps.next();
    };
  };
  const changed = <T extends object>(of: T, others: Readonly<Record<string, unknown>>): T =>
    new Proxy(of, {
      get: (_, key) => {
        if (typeof key === 'string' && Object.hasOwn(others, key)) return others[key];
        const found: unknown = Reflect.get(of, key);
        return typeof found === 'function' ? found.bind(of) : found;
      },
    });
  const { streams } = backend;
  assert.ok(streams);
  return changed(backend, {
    pathOf: undefined,
    rename: around(backend, 'rename'),
    streams: changed(streams, { rename: around(streams, 'rename') }),
  });
}

interface Case {
  readonly from: string;
  readonly to: string;
  /** Its place after the rename. */
  readonly later: string;
}

/** Renames an open file and crashes before a step; returns the site, and whether all steps were done before. */
async function crashed({ from, to }: Case, stopAt: number) {
  const steps = new Steps();
  const site = new Site(stepwise(memory(), steps));
  const client = await site.client();
  const { fileId } = await client.opened([asks()], { ...NONE, name: from });
  const { store } = site;
  store.before = () => steps.next();
  steps.at = 0;
  steps.stopAt = stopAt;
  let status: number | undefined;
  client.ask(Command.SetInfo, renamed(fileId, to)).then(
    (told) => {
      status = told;
    },
    () => undefined,
  );
  for (let i = 0; i < 20; i++) await turn();
  if (status !== undefined) assert.equal(status, Success);
  await site.crash();
  return { site, fileId, done: status !== undefined };
}

for (const [what, moved] of Object.entries<Case>({
  'a file': { from: 'f', to: 'g', later: 'g' },
  'a stream': { from: 'f:s', to: ':t', later: 'f:t' },
  'a stream that becomes the data': { from: 'f:s', to: '::$DATA', later: 'f' },
})) {
  test(`wherever a server is killed that renames ${what}, the next one gives it back`, async () => {
    let steps = 0;
    const names = new Set<string>();
    for (let over = false; !over; ) {
      const { site, fileId, done } = await crashed(moved, ++steps);
      over = done;
      const again = await site.client();
      const isAt = async (name: string): Promise<boolean> => {
        const answer = await again.open([], { ...NONE, name, createDisposition: CreateDisposition.Open });
        assert.ok(answer === FileNotAvailable || answer === ObjectNameNotFound || typeof answer === 'object', name);
        return answer === FileNotAvailable;
      };
      const [before, after] = [await isAt(moved.from), await isAt(moved.later)];
      assert.notEqual(before, after, `killed before step ${steps}: ${before} ${after}`);
      names.add(before ? moved.from : moved.later);
      await again.opened([comesBack(fileId)], { ...NONE, name: before ? moved.from : moved.later });
    }
    assert.equal(steps, 4, 'one record, the rename with what is before and behind it, the answer');
    assert.deepEqual([...names], [moved.from, moved.later]);
  });
}

test('a record that cannot be written after a rename does not undo it', async () => {
  const site = new Site();
  const { store } = site;
  const client = await site.client();
  const { fileId } = await client.opened([asks()], { ...NONE, name: 'f' });
  let puts = 0;
  store.before = async () => {
    store.full = ++puts > 1;
  };
  assert.equal(await client.ask(Command.SetInfo, renamed(fileId, 'g')), Success);
  for (let i = 0; i < 20; i++) await turn();
  assert.equal(puts, 2);
  await site.crash();
  const again = await site.client();
  assert.equal(await again.open([], { ...NONE, name: 'g' }), FileNotAvailable);
  await again.opened([comesBack(fileId)], { ...NONE, name: 'g' });
});

test('of two renames of a stream at once the later one counts, on the medium and in the books', async () => {
  const steps = new Steps();
  steps.next = async () => {
    if (++steps.at !== 2) return;
    // The medium has completed the first rename.
    for (let i = 0; i < 20; i++) await turn();
  };
  const site = new Site(stepwise(memory(), steps));
  const client = await site.client();
  const { fileId } = await client.opened([asks()], { ...NONE, name: 'f:s' });
  const both = [client.ask(Command.SetInfo, renamed(fileId, ':t')), client.ask(Command.SetInfo, renamed(fileId, ':u'))];
  assert.deepEqual(await Promise.all(both), [Success, Success]);
  await site.crash();
  const again = await site.client();
  assert.equal(await again.open([], { ...NONE, name: 'f:u' }), FileNotAvailable);
  await again.opened([comesBack(fileId)], { ...NONE, name: 'f:u' });
});

test('what has the name by then is another file', async () => {
  const { site, fileId } = await crashed({ from: 'f', to: 'g', later: 'g' }, 2);
  const { backend } = site;
  assert.ok('create' in backend);
  const { handle } = await backend.open('f', { read: false, write: false });
  await backend.remove(handle);
  await backend.close(handle);
  await backend.close((await backend.create('g', 'file', 0)).handle);
  await site.crash();
  assert.equal(await (await site.client()).open([comesBack(fileId)]), ObjectNameNotFound);
  assert.equal(site.store.records.size, 0);
});
