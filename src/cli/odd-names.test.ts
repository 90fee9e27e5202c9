import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import type { Backend } from '#fs/backend.js';
import { memory } from '#fs/index.js';
import { createServer } from '#server/index.js';
import { PASSWORD, sombrero } from '#testing/command-line.js';
import { lyingBackend } from '#testing/lying-backend.js';
import { temporaryFolder } from '#testing/peers.js';
import { memoryShare } from '#testing/transfer-bench.js';

test('what a server names that cannot be is told, and the rest is shown and fetched', async (t) => {
  const honest = memory();
  const share = await memoryShare(t, honest);
  for (const name of ['a.txt', 'b.txt']) await share.writeFile(name, name);
  const docs = lyingBackend(honest, ['../up.txt', 'c\\d.txt']) as Backend;
  const server = createServer({ shares: { docs }, users: { ann: { password: PASSWORD } } });
  await server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const url = `smb://ann@127.0.0.1:${port}/docs`;
  const listed = await sombrero(['ls', url]);
  assert.deepEqual([listed.status, listed.stdout], [1, 'a.txt\nb.txt\n']);
  assert.match(listed.stderr, /STATUS_INVALID_NETWORK_RESPONSE \(the server sent "\.\.\/up\.txt": /);
  const folder = await temporaryFolder(t);
  assert.equal((await sombrero(['get', `${url}/*.txt`, folder])).status, 1);
  assert.equal((await sombrero(['get', '-rT', url, folder])).status, 1);
  assert.deepEqual((await readdir(folder)).sort(), ['a.txt', 'b.txt']);
});
