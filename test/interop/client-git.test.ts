import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import git from 'isomorphic-git';
import { connect, type Share } from '#client/index.js';
import { localDirectory, memory } from '#fs/index.js';
import { createServer } from '#server/index.js';
import { requirePeer, temporaryFolder } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';

const author = { name: 'Ann', email: 'ann@example.org' };
const dir = '/repository';
const FILES = 8;

/** A repository on a share, kept by a program that uses `fs.promises` and knows nothing of SMB. */
async function keepRepository({ fs }: Share): Promise<void> {
  const at = { fs: { promises: fs }, dir };
  await fs.mkdir(dir);
  await git.init({ ...at, defaultBranch: 'main' });
  await fs.mkdir(`${dir}/src/deep`, { recursive: true });
  await fs.writeFile(`${dir}/readme.md`, '# hello\n');
  for (let i = 0; i < FILES; i++) await fs.writeFile(`${dir}/src/deep/f${i}.txt`, `file ${i}\n`);
  await git.add({ ...at, filepath: '.' });
  const first = await git.commit({ ...at, message: 'first', author });
  await git.branch({ ...at, ref: 'topic', checkout: true });
  await fs.appendFile(`${dir}/readme.md`, 'more\n');
  await fs.rm(`${dir}/src/deep/f3.txt`);
  await git.remove({ ...at, filepath: 'src/deep/f3.txt' });
  await git.add({ ...at, filepath: 'readme.md' });
  const second = await git.commit({ ...at, message: 'second', author });
  assert.deepEqual(
    (await git.log(at)).map(({ oid }) => oid),
    [second, first],
  );
  await git.checkout({ ...at, ref: 'main' });
  assert.equal(await fs.readFile(`${dir}/readme.md`, 'utf8'), '# hello\n');
  assert.equal(await fs.readFile(`${dir}/src/deep/f3.txt`, 'utf8'), 'file 3\n');
  await git.merge({ ...at, ours: 'main', theirs: 'topic', author });
  await git.checkout({ ...at, ref: 'main' });
  assert.equal(await fs.readFile(`${dir}/readme.md`, 'utf8'), '# hello\nmore\n');
  await assert.rejects(fs.stat(`${dir}/src/deep/f3.txt`), { code: 'ENOENT' });
  // Each file is the same in the commit, in the directory and in the index, as if untouched since.
  const rows = await git.statusMatrix(at);
  assert.equal(rows.length, FILES);
  assert.deepEqual(
    rows.filter(([, ...states]) => states.some((state) => state !== 1)),
    [],
  );
  await packAndRead(at, [first, second]);
}

async function packAndRead(
  at: { readonly fs: { readonly promises: Share['fs'] }; readonly dir: string },
  oids: string[],
): Promise<void> {
  const { filename } = await git.packObjects({ ...at, oids, write: true });
  const packs = `${dir}/.git/objects/pack`;
  await git.indexPack({ ...at, filepath: `.git/objects/pack/${filename}` });
  assert.equal((await at.fs.promises.readdir(packs)).length, 2);
  // Now the objects exist only in the pack.
  for (const oid of oids) await at.fs.promises.unlink(`${dir}/.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`);
  assert.deepEqual((await git.readCommit({ ...at, oid: oids[0] as string })).commit.message, 'first\n');
}

async function visit(t: TestContext, url: string, password: string): Promise<Share> {
  const share = await connect(url, { password, signing: 'enabled' });
  t.after(() => share.close());
  return share;
}

test('isomorphic-git keeps a repository on a share of ours', async (t) => {
  const folder = await temporaryFolder(t);
  const shares = { memory: memory(), local: localDirectory(folder) };
  const server = createServer({ shares, users: { ann: { password: 'secret' } } });
  await server.listen(0, '127.0.0.1');
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  for (const name of Object.keys(shares)) {
    await keepRepository(await visit(t, `smb://ann@127.0.0.1:${port}/${name}`, 'secret'));
  }
});

test('and on one of smbd', async (t) => {
  if (!(await requirePeer(t, 'smbd'))) return;
  const { port, user, password } = await startSmbd(t);
  await keepRepository(await visit(t, `smb://${user}@127.0.0.1:${port}/share`, password));
});
