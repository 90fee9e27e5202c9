import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer } from '#server/server.js';
import { openClient } from '../connection.js';
import { settingsFrom } from '../options.js';

test('a watch ends in order when the server ends it', async (t) => {
  const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } } });
  const [here, there] = memoryPair();
  server.accept(there);
  const connection = await openClient(here, settingsFrom('smb://ann:secret@server/s', {}));
  t.after(() => connection.close());
  const { protocol } = await connection.tree('s');
  let ready: () => void = () => undefined;
  const watching = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const changes = protocol.watch('', false, { onReady: ready });
  const next = changes.next();
  await watching;
  await protocol.stat('');
  await server.close({ drainMs: 1000 });
  assert.deepEqual(await next, { done: true, value: undefined });
});
