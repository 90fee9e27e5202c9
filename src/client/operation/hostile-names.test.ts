import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '#fs/index.js';
import { lyingBackend } from '#testing/lying-backend.js';
import { memoryShare } from '#testing/transfer-bench.js';
import { FileStreamInformation, StreamEntry } from '#wire/fscc/file-info/stream.js';
import { packed } from '../packing.js';
import type { FileProtocol } from '../protocol.js';
import { namedStreams } from './extras.js';

const HOSTILE = ['..\\up', '../up', '/etc/up', 'a/b', 'C:\\up', 'nul\0byte', '..'];
const REFUSED = { code: 'STATUS_INVALID_NETWORK_RESPONSE', message: /the server sent "/ };

for (const dialect of ['NT1', '3.1.1'] as const) {
  test(`names that lead elsewhere are never handed out, and told of (${dialect})`, async (t) => {
    const backend = memory();
    const honest = await memoryShare(t, backend);
    await honest.mkdir('d/e', { recursive: true });
    await honest.writeFile('d/good', 'x');
    await honest.writeFile('d/e/deep', 'x');
    const share = await memoryShare(t, lyingBackend(backend, HOSTILE), dialect);
    const seen = new Set<string>();
    const all = async (entries: AsyncIterable<{ path: string }>): Promise<void> => {
      seen.clear();
      for await (const { path } of entries) seen.add(path);
    };
    await assert.rejects(all(share.readdir('d')), REFUSED);
    assert.deepEqual([...seen].sort(), ['d/e', 'd/good']);
    await assert.rejects(async () => all(await share.opendir('d')), REFUSED);
    assert.deepEqual([...seen].sort(), ['d/e', 'd/good']);
    await assert.rejects(all(share.readdir('d', { recursive: true })), REFUSED);
    await assert.rejects(all(share.glob('d/**')), REFUSED);
    await assert.rejects(share.readdir('d').names(), REFUSED);
    await assert.rejects(share.fs.readdir('/d'), { code: 'EPROTO', syscall: 'scandir' });
    await assert.rejects(async () => {
      for await (const _ of await share.fs.opendir('/d'));
    }, /EPROTO|INVALID_NETWORK_RESPONSE/);
  });
}

test('nor is a stream with such a name', async () => {
  for (const name of ['a\\b', '../x', '..']) {
    const streams = new FileStreamInformation();
    streams.entries = ['fine', name].map((name) => StreamEntry.of({ name, size: 1, allocationSize: 1 }));
    const protocol: Partial<FileProtocol> = {
      visit: async () => ({ outputs: [packed(streams)] }) as never,
    };
    await assert.rejects(namedStreams(protocol as FileProtocol, 'f', {}), REFUSED);
  }
});
