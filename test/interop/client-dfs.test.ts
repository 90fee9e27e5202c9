import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ConnectOptions, connect, errnoCode, type Share } from '#client/index.js';
import { freePort, requirePeer } from '#testing/peers.js';
import { onPort445 } from '#testing/port-445.js';
import { type Smbd, type SmbdShare, startSmbd } from '#testing/smbd.js';

const ROOT: SmbdShare = { smbd: ['read only = no', 'msdfs root = yes'] };

interface World {
  readonly first: Smbd;
  readonly second: Smbd;
  /** The folder behind the DFS root. */
  readonly root: string;
  /** The second server under a name that needs no port. */
  readonly host: string;
}

/** Two servers; the first has a DFS root with links to shares of both. */
async function world(t: TestContext): Promise<World> {
  const second = await startSmbd(t, { shares: { far: ROOT } });
  const first = await startSmbd(t, {
    shares: { dfs: ROOT, proxy: { smbd: ['msdfs root = yes', `msdfs proxy = \\127.0.0.1:${second.port}\\share`] } },
  });
  const host = await onPort445(t, second.port);
  const root = join(first.share, '../shares/dfs');
  const dead = `127.0.0.1:${await freePort()}\\share`;
  const links: Record<string, string> = {
    own: '127.0.0.1\\share',
    other: `127.0.0.1:${second.port}\\share`,
    named: `${host}\\share`,
    twice: `${dead},127.0.0.1:${second.port}\\share`,
    dead,
    nowhere: '127.0.0.1\\missing',
    chain: `127.0.0.1:${second.port}\\far`,
    circle: '127.0.0.1\\dfs\\circle',
  };
  for (const [name, target] of Object.entries(links)) await symlink(`msdfs:${target}`, join(root, name));
  await mkdir(join(root, 'plain/deep'), { recursive: true });
  for (const name of ['plain', 'plain/deep']) await chmod(join(root, name), 0o777);
  await symlink(`msdfs:127.0.0.1:${second.port}\\share`, join(root, 'plain/deep/link'));
  await symlink(`msdfs:127.0.0.1:${first.port}\\share`, join(second.share, '../shares/far/back'));
  return { first, second, root, host };
}

async function visit(
  t: TestContext,
  { port, user, password }: Smbd,
  options: ConnectOptions = {},
  name = 'dfs',
): Promise<Share> {
  const share = await connect(`smb://127.0.0.1:${port}/${name}`, { user, password, ...options });
  t.after(() => share.close());
  return share;
}

async function names(share: Share, path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of share.readdir(path)) found.push(entry.name);
  return found.sort();
}

test('links of DFS lead to other shares and servers', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { first, second, root } = await world(t);
  for (const max of ['2.0.2', '2.1', '3.0', '3.1.1'] as const) {
    const share = await visit(t, first, { dialects: { max } });
    for (const [link, folder] of [
      ['own', first.share],
      ['other', second.share],
      ['named', second.share],
      ['twice', second.share],
      ['plain/deep/link', second.share],
      ['chain/back', first.share],
    ] as const) {
      const what = `${link} at ${max}`;
      await share.writeFile(`${link}/f`, what);
      assert.equal(await readFile(join(folder, 'f'), 'utf8'), what);
      assert.equal(await share.readFile(`${link}/f`, 'utf8'), what);
      await share.mkdir(`${link}/a/b`, { recursive: true });
      await share.rename(`${link}/f`, `${link}/a/g`);
      assert.deepEqual(await names(share, `${link}/a`), ['b', 'g']);
      assert.equal((await share.stat(`${link}/a/g`)).size, what.length);
      await share.copy(`${link}/a/g`, `${link}/a/h`);
      await share.rm(`${link}/a`, { recursive: true });
      assert.equal(await share.exists(`${link}/a`), false);
    }
    // Paths that are not links stay on the first server.
    await share.writeFile('plain/f', 'home');
    assert.equal(await readFile(join(root, 'plain/f'), 'utf8'), 'home');
    await share.rename('plain/f', 'plain/deep/f');
    await share.rm('plain/deep/f');
    assert.ok((await names(share, '')).includes('own'));
    assert.equal(share.info.server.netbiosName, 'PEER');
  }
});

test('between two links is no rename, but a copy', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { first, second } = await world(t);
  const share = await visit(t, first);
  await share.writeFile('own/x', 'x');
  await assert.rejects(share.rename('own/x', 'other/x'), (error) => errnoCode(error) === 'EXDEV');
  await assert.rejects(share.rename('own/x', 'x'), (error) => errnoCode(error) === 'EXDEV');
  // Another link to the same server.
  await share.copy('own/x', 'other/x');
  assert.equal(await readFile(join(second.share, 'x'), 'utf8'), 'x');
  await share.rename('other/x', 'plain/deep/link/y');
  assert.equal(await share.readFile('twice/y', 'utf8'), 'x');
  await assert.rejects(share.rm('own', { recursive: true }), /a DFS link/);
  await assert.rejects(share.rename('own', 'own2'), /a DFS link/);
});

test('links that lead nowhere say so', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { first } = await world(t);
  const share = await visit(t, first, { timeoutMs: 5000 });
  await assert.rejects(share.readFile('dead/f'), { code: 'SMB_DFS_UNREACHABLE' });
  await assert.rejects(share.readFile('dead/f'), /none of its targets \(\\\\127\.0\.0\.1\\share\) can be reached/);
  await assert.rejects(share.readFile('nowhere/f'), { code: 'SMB_DFS_UNREACHABLE' });
  await assert.rejects(share.readFile('circle/f'), /in a circle/);
  await assert.rejects(share.readFile('missing/f'), (error) => errnoCode(error) === 'ENOENT');
  await share.ping();
  const off = await visit(t, first, { dfs: false });
  await assert.rejects(off.readFile('own/f'), (error) => ['ENOENT', 'EREMOTE'].includes(errnoCode(error) ?? ''));
});

test('a target that goes away is passed over for the next one', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const first = await startSmbd(t, { shares: { dfs: ROOT } });
  const second = await startSmbd(t);
  const third = await startSmbd(t);
  await writeFile(join(second.share, 'f'), 'second');
  await writeFile(join(third.share, 'f'), 'third');
  const target = [second, third].map(({ port }) => `127.0.0.1:${port}\\share`).join(',');
  await symlink(`msdfs:${target}`, join(first.share, '../shares/dfs/link'));
  const share = await visit(t, first, { timeoutMs: 5000 });
  const before = await share.readFile('link/f', 'utf8');
  await (before === 'second' ? second : third).server.stop();
  // The request that hits the end of the connection may fail, but not the next one.
  const after = await share.readFile('link/f', 'utf8').catch(() => share.readFile('link/f', 'utf8'));
  assert.deepEqual([before, after].sort(), ['second', 'third']);
});

test('a target that takes connections and says nothing does not use up the time of the others', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const mute = createServer();
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const held: Socket[] = [];
  mute.on('connection', (socket) => held.push(socket));
  t.after(() => {
    for (const socket of held) socket.destroy();
    mute.close();
  });
  const { port: nobody } = mute.address() as AddressInfo;
  const second = await startSmbd(t);
  const first = await startSmbd(t, { shares: { dfs: ROOT } });
  await writeFile(join(second.share, 'f'), 'there');
  // Samba returns targets in the order of the link, except that near ones come first.
  await symlink(
    `msdfs:127.0.0.1:${nobody}\\share,127.0.0.1:${second.port}\\share`,
    join(first.share, '../shares/dfs/link'),
  );
  const share = await visit(t, first, { timeoutMs: 2000 });
  const began = performance.now();
  assert.equal(await share.readFile('link/f', 'utf8'), 'there');
  const took = performance.now() - began;
  assert.ok(held.length === 0 || (took > 900 && took < 2000), `${took} ms`);
  t.diagnostic(`${held.length} silent targets, ${Math.round(took)} ms`);
});

test('a root that another server has', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { first, second } = await world(t);
  await writeFile(join(second.share, 'f'), 'there');
  const share = await visit(t, first, {}, 'proxy');
  assert.equal(await share.readFile('f', 'utf8'), 'there');
  await assert.rejects(visit(t, first, { dfs: false }, 'proxy'), { code: 'STATUS_BAD_NETWORK_NAME' });
});
