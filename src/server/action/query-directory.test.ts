import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { FsctlBench } from '#testing/fsctl-bench.js';
import { close } from './close.js';
import { queryDirectory } from './query-directory.js';

const QUERY = { infoClass: 1, pattern: '*', reopen: false, restart: false, single: false, maxBytes: 65_536 };

test('a query is answered in full when the close comes before its answer', async () => {
  const plain = memory();
  const list = plain.list.bind(plain);
  plain.list = async function* (handle) {
    await new Promise(setImmediate);
    yield* list(handle);
  };
  const bench = new FsctlBench(plain);
  const directory = await bench.directory('d');
  await close(bench.core, await bench.open('d\\a'));
  const asked = queryDirectory(bench.core, directory, QUERY);
  await close(bench.core, directory);
  assert.match(Buffer.from(await asked).toString('utf16le'), /a$/);
});

test('queries that come together share the entries', async () => {
  const bench = new FsctlBench(memory());
  const directory = await bench.directory('d');
  for (const name of ['a', 'b']) await close(bench.core, await bench.open(`d\\${name}`));
  const query = { ...QUERY, infoClass: 12, single: true };
  const names = async (...restarts: boolean[]): Promise<string[]> => {
    const asked = restarts.map((restart) => queryDirectory(bench.core, directory, { ...query, restart }));
    return (await Promise.all(asked)).map((answer) => Buffer.from(answer).toString('utf16le').slice(6));
  };
  assert.deepEqual(await names(false, false, false, false), ['.', '..', 'a', 'b']);
  assert.deepEqual((await names(true, false, false)).sort(), ['.', '..', 'a']);
  await close(bench.core, directory);
});
