import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from '#client/index.js';
import { requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { copyFile, shareTree } from '#transfer/index.js';

const MIB = 1024 * 1024;

test('copies at smbd keep holes, whether it tells of them or not, on one share and between two', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { shares: { other: { smbd: ['read only = no'] } } });
  const base = `smb://${smbd.user}:${encodeURIComponent(smbd.password)}@127.0.0.1:${smbd.port}`;
  const holes = await open(join(smbd.share, 'holes'), 'w');
  for (const at of [3, 40]) await holes.write(Buffer.alloc(MIB, at), 0, MIB, at * MIB);
  await holes.truncate(64 * MIB);
  await holes.chmod(0o666);
  await holes.close();
  const check = (path: string): void => {
    const { size, blocks } = statSync(path);
    assert.deepEqual([size, blocks * 512 <= 12 * MIB], [64 * MIB, true], `${path}: ${blocks} blocks`);
    assert.ok(readFileSync(path).equals(readFileSync(join(smbd.share, 'holes'))), path);
  };
  for (const dialect of ['3.1.1', 'NT1'] as const) {
    const options = { dialects: { min: dialect, max: dialect }, signing: 'off' } as const;
    const [share, other] = await Promise.all([connect(`${base}/share`, options), connect(`${base}/other`, options)]);
    t.after(() => Promise.all([share.close(), other.close()]));
    await share.copy('holes', `guessed ${dialect}`);
    check(join(smbd.share, `guessed ${dialect}`));
    await copyFile(shareTree(share), 'holes', shareTree(other), `there ${dialect}`);
    check(join(smbd.share, '../shares/other', `there ${dialect}`));
    const file = await share.open('holes', { access: 'read-write' });
    await file.makeSparse();
    await file.close();
    await share.copy('holes', `told ${dialect}`);
    check(join(smbd.share, `told ${dialect}`));
  }
});
