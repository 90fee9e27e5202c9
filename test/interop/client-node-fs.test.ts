import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '#client/index.js';
import { requirePeer, temporaryFolder } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import type { Fs } from '../conformance/node-fs/act.js';
import { compare, GROUPS } from '../conformance/node-fs/compare.js';
import { SMBD } from '../conformance/node-fs/differences.js';

test('code gets from share.fs on smbd what it gets from node:fs/promises', async (t) => {
  if (!(await requirePeer(t, 'smbd'))) return;
  const { port, user, password, share: folder } = await startSmbd(t);
  const share = await connect(`smb://${user}@127.0.0.1:${port}/share`, { password, signing: 'enabled' });
  t.after(() => share.close());
  const stage = { fs: share.fs as unknown as Fs, prefix: '', folder };
  const here = await temporaryFolder(t);
  // smbd shows links on its disk as what they point to, and cannot create any.
  for (const group of Object.keys(GROUPS).filter((group) => group !== 'links')) {
    assert.deepEqual(await compare(group, here, stage, SMBD), []);
  }
});
