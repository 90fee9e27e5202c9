import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PASSWORD, served, sombrero, USER } from '#testing/command-line.js';
import { requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';

const MIB = 1024 * 1024;
const SIZE = 40 * MIB + 3;

/** A proxy in front of a server that counts bytes in both directions. */
async function counted(t: TestContext, port: number): Promise<{ port: number; bytes: () => number }> {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const there = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [client, there],
      [there, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => (bytes += chunk.length));
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, bytes: () => bytes };
}

interface Place {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Two shares, with the folders they serve. */
  readonly shares: readonly (readonly [name: string, folder: string])[];
}

/** Copies a file and a tree between the shares; checks the result, and how much went over the wire. */
async function check(t: TestContext, { port, user, password, shares }: Place): Promise<void> {
  const way = await counted(t, port);
  const [[one, from], [two, to]] = shares as [readonly [string, string], readonly [string, string]];
  const [source, target] = [one, two].map((share) => `smb://${user}@127.0.0.1:${way.port}/${share}`);
  const files = {
    'big.bin': randomBytes(SIZE),
    'tree/a.bin': randomBytes(MIB),
    'tree/sub/b.bin': randomBytes(2 * MIB),
  };
  for (const [path, data] of Object.entries(files)) {
    await mkdir(dirname(join(from, path)), { recursive: true, mode: 0o777 });
    await writeFile(join(from, path), data, { mode: 0o666 });
  }
  const cli = (...args: string[]): ReturnType<typeof sombrero> => sombrero(args, '', { SOMBRERO_PASSWORD: password });
  for (const args of [[`${source}/big.bin`], ['-r', `${source}/tree`]]) {
    const { status, stderr } = await cli('cp', ...args, `${target}`);
    assert.deepEqual([status, stderr], [0, '']);
  }
  assert.ok(way.bytes() < 200_000, `${way.bytes()} bytes went over the wire`);
  for (const [path, data] of Object.entries(files)) assert.ok((await readFile(join(to, path))).equals(data), path);
  // Under another name it counts as another server.
  const before = way.bytes();
  const far = `${target}/far.bin`.replace('127.0.0.1', 'localhost');
  assert.equal((await cli('cp', `${source}/big.bin`, far)).stderr, '');
  assert.ok(way.bytes() - before > 2 * SIZE);
  assert.ok((await readFile(join(to, 'far.bin'))).equals(files['big.bin']));
}

test('smbd copies between two of its shares, and nothing of it comes here', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { port, user, password, share } = await startSmbd(t, { shares: { other: { smbd: ['read only = no'] } } });
  const shares = [
    ['share', share],
    ['other', join(share, '../shares/other')],
  ] as const;
  await check(t, { port, user, password, shares });
});

test('so does a server of ours', async (t) => {
  const { url, folder } = await served(t, ...USER, '--share', 'docs=DIR/docs', '--share', 'two=DIR');
  const shares = [
    ['docs', join(folder, 'docs')],
    ['two', folder],
  ] as const;
  await check(t, { port: Number(new URL(url).port), user: 'ann', password: PASSWORD, shares });
});
