import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { localDirectory, memory } from '#fs/index.js';
import { temporaryFolder } from '#testing/peers.js';
import { memoryShare } from '#testing/transfer-bench.js';
import type { Fs } from './node-fs/act.js';
import { compare, GROUPS } from './node-fs/compare.js';
import { OURS } from './node-fs/differences.js';

for (const group of Object.keys(GROUPS)) {
  test(`code gets from share.fs what it gets from node:fs/promises: ${group}`, async (t) => {
    const folder = await temporaryFolder(t);
    const [here, there] = [join(folder, 'here'), join(folder, 'there')];
    await Promise.all([mkdir(here), mkdir(there)]);
    // A server shows links on its disk as what they point to; links made by clients are links everywhere.
    const onDisk = group !== 'links';
    const { fs } = await memoryShare(t, onDisk ? localDirectory(there) : memory());
    const stage = { fs: fs as unknown as Fs, prefix: '', ...(onDisk && { folder: there }) };
    assert.deepEqual(await compare(group, here, stage, OURS), []);
  });
}
