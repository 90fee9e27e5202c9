import assert from 'node:assert/strict';
import { chownSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect, type DialectName, type Share } from '#client/index.js';
import { requirePeer } from '#testing/peers.js';
import { type Smbd, startSmbd } from '#testing/smbd.js';
import { removeTree, shareTree } from '#transfer/index.js';

const DIALECTS: readonly DialectName[] = ['NT1', '2.0.2', '2.1', '3.0', '3.1.1'];
/** Links and their targets, relative to the link's directory. */
const LINKS = { 'd/sibling': 'real', 'd/out': '../t', top: 't', 'd/root': '..', 'd/sub/deep/up': '../..' };
const FILES = ['t/keep', 'd/real/keep', 'd/sub/deep/x', 'd/a long name: with a colon/keep'];

function disk(smbd: Smbd, folder: string): (path: string) => string {
  const at = (path: string): string => join(smbd.share, folder, path);
  const { uid, gid } = statSync(smbd.share);
  const make = (path: string, how: () => void): void => {
    const names = path.split('/').slice(0, -1);
    names.forEach((_, index) => {
      const directory = at(names.slice(0, index + 1).join('/'));
      mkdirSync(directory, { recursive: true });
      chownSync(directory, uid, gid);
    });
    how();
  };
  mkdirSync(at(''));
  chownSync(at(''), uid, gid);
  for (const file of FILES) make(file, () => writeFileSync(at(file), 'x', { mode: 0o666 }));
  for (const [link, target] of Object.entries(LINKS)) make(link, () => symlinkSync(target, at(link)));
  mkdirSync(at('empty'));
  chownSync(at('empty'), uid, gid);
  symlinkSync('empty', at('vain'));
  return at;
}

async function visit(t: TestContext, smbd: Smbd, dialect: DialectName): Promise<Share> {
  const { port, user, password } = smbd;
  const dialects = { min: dialect, max: dialect };
  const share = await connect(`smb://127.0.0.1:${port}/share`, { user, password, dialects, signing: 'enabled' });
  t.after(() => share.close());
  return share;
}

test('smbd follows links of its disk, and what they lead to is not removed with them', async (t) => {
  if (!(await requirePeer(t, 'smbd'))) return;
  const smbd = await startSmbd(t, { share: ['follow symlinks = yes'] });
  for (const dialect of DIALECTS) {
    const folder = dialect.replaceAll('.', '-');
    const at = disk(smbd, folder);
    const all = (): boolean[] => [...FILES, ...Object.keys(LINKS)].map((path) => existsSync(at(path)));
    const share = await visit(t, smbd, dialect);
    for (const link of Object.keys(LINKS)) {
      const place = `${folder}/${link}`;
      assert.equal(await share.isFollowedLink(place), true, `${dialect} ${link}`);
      await assert.rejects(share.rm(place, { recursive: true }), /it is a link to a directory/, `${dialect} ${link}`);
      const { failed, files } = await removeTree(shareTree(share, place));
      assert.deepEqual([failed, files], [1, 0], `${dialect} ${link}`);
    }
    assert.ok(!all().includes(false), dialect);
    // Deeper levels are checked too, and everything around a link is removed.
    await assert.rejects(share.rm(`${folder}/d/sub`, { recursive: true }), /a link to a directory/, dialect);
    assert.ok(existsSync(at('d/real/keep')), dialect);
    for (const { path } of await share.readdir(`${folder}/d`, { pattern: 'A*' }).toArray())
      await share.rm(path, { recursive: true });
    await share.rm(`${folder}/d/real`, { recursive: true });
    await share.rm(`${folder}/vain`, { recursive: true });
    for (const gone of ['d/real', 'd/a long name: with a colon'])
      assert.ok(!existsSync(at(gone)), `${dialect} ${gone}`);
    assert.ok(existsSync(at('empty')), dialect);
  }
});
