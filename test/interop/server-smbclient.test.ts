import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ServerOptions } from '#server/index.js';
import { credentials, requirePeer, smbclient } from '#testing/peers.js';
import {
  DIALECTS,
  flags,
  letting,
  matrix,
  noise,
  type Row,
  type Served,
  serve,
  sha256,
  sha256OfFile,
  succeed,
} from './serve.js';

const SIZES = [0, 1, 4096, 65_537];
const LARGE = 200 * 1024 * 1024;
const NAMES = [
  'Übermäßig größer.txt',
  '日本語の名前.txt',
  'smile 😀🎉.txt',
  'x'.repeat(255),
  'a.b.c..d',
  "it's (1) $5 #2 %3 & ~",
];
const ROWS = matrix(DIALECTS);

const title = ({ dialect, protection }: Row): string => `${dialect} ${protection}`;

/** Puts, lists, renames, gets and deletes, like a user on an ordinary day. */
async function afternoon(served: Served, share: string, row: Row): Promise<void> {
  const { work } = served;
  const contents = SIZES.map(noise);
  await Promise.all(contents.map((bytes, i) => writeFile(join(work, `size-${SIZES[i]}`), bytes)));
  const run = (script: string): Promise<string> =>
    succeed(served, share, ...flags(row), '-c', `lcd "${work}"; ${script}`);
  await run(['mkdir folder', ...SIZES.map((size) => `put size-${size} folder\\size-${size}`)].join('; '));
  const listed = await run('ls folder\\*');
  for (const size of SIZES) assert.match(listed, new RegExp(`^ +size-${size} +A +${size} +\\w{3} \\w{3} `, 'm'));
  const info = await run('allinfo folder\\size-4096');
  assert.match(info, /^attributes: A \(20\)$/m);
  assert.match(info, /^stream: \[::\$DATA\], 4096 bytes$/m);
  assert.match(info, /^write_time: +\w{3} \w{3} +\d/m);
  await run('rename folder\\size-1 folder\\renamed; mkdir folder\\below; rename folder\\size-0 folder\\below\\moved');
  assert.doesNotMatch(await run('ls folder\\*'), /size-[01] /);
  const back = [
    ['folder\\below\\moved', 'got-0'],
    ['folder\\renamed', 'got-1'],
    ['folder\\size-4096', 'got-4096'],
    ['folder\\size-65537', 'got-65537'],
  ];
  await run(back.map(([from, to]) => `get ${from} ${to}`).join('; '));
  for (const [i, size] of SIZES.entries()) {
    assert.equal(await sha256OfFile(join(work, `got-${size}`)), sha256(contents[i] as Uint8Array), `${size} bytes`);
  }
  await run('del folder\\below\\moved; rmdir folder\\below; del folder\\*; rmdir folder');
  assert.doesNotMatch(await run('ls'), /folder/);
}

for (const row of ROWS) {
  test(`smbclient ${title(row)}: ls, get, put, mkdir, rename, del, rmdir, allinfo on both back ends`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, letting(row));
    await afternoon(served, 'local', row);
    await afternoon(served, 'memory', row);
    assert.deepEqual(await readdir(served.folder), []);
  });
}

const DEMANDING: readonly [string, ServerOptions, readonly Row[]][] = [
  ['signing required', { signing: 'required' }, matrix(['NT1', 'SMB2_02', 'SMB3_11'])],
  ['signing not required', { signing: 'enabled' }, matrix(['NT1', 'SMB2_10', 'SMB3_11'])],
  ['encryption required', { encryption: 'required' }, matrix(['SMB3_00', 'SMB3_02', 'SMB3_11'])],
  ['encryption off', { encryption: 'off' }, matrix(['SMB3_00', 'SMB3_11']).filter((r) => r.protection !== 'encrypt')],
];

for (const [demand, options, rows] of DEMANDING) {
  test(`smbclient with ${demand} by the server: ${rows.map(title).join(', ')}`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    for (const row of rows) await afternoon(await serve(t, letting(row, options)), 'local', row);
  });
}

test('smbclient cannot get around required encryption', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const served = await serve(t, { encryption: 'required' });
  const args = ['-p', served.port, '-U', credentials()];
  const { status, stdout } = await smbclient('//127.0.0.1/local', ...args, '-m', 'SMB2_10', '-c', 'ls');
  assert.notEqual(status, 0);
  assert.match(stdout, /NT_STATUS_ACCESS_DENIED/);
  await succeed(served, 'local', '-m', 'SMB3_11', '-c', 'ls');
});

for (const row of ROWS) {
  test(`smbclient ${title(row)}: the list of shares`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, letting(row));
    served.server.shares.set('Größe', {
      backend: served.server.shares.get('memory')!.backend,
      comment: 'Ärger über 日本',
    });
    const listed = await smbclient('-L', '//127.0.0.1', '-p', served.port, '-U', credentials(), ...flags(row));
    assert.equal(listed.status, 0, listed.stdout + listed.stderr);
    assert.match(listed.stdout, /^\s+local +Disk/m);
    assert.match(listed.stdout, /^\s+memory +Disk/m);
    assert.match(listed.stdout, /^\s+Größe +Disk +Ärger über 日本/m);
    assert.match(listed.stdout, /^\s+IPC\$ +IPC/m);
  });
}

async function tree(folder: string, contents: Map<string, Uint8Array>): Promise<void> {
  for (const below of ['one', 'one/two', 'one/two/drei äöü', 'empty'])
    await mkdir(join(folder, below), { recursive: true });
  for (const [i, name] of NAMES.entries()) {
    const path = join(['', 'one', 'one/two', 'one/two/drei äöü'][i % 4] as string, name);
    contents.set(path, noise(1000 * i + 1));
    await writeFile(join(folder, path), contents.get(path) as Uint8Array);
  }
}

for (const row of ROWS) {
  test(`smbclient ${title(row)}: recursive mput and mget, names of all kinds`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, letting(row));
    const contents = new Map<string, Uint8Array>();
    const source = join(served.work, 'source');
    await tree(source, contents);
    for (const share of ['local', 'memory']) {
      const target = join(served.work, `target-${share}`);
      await mkdir(target);
      await succeed(served, share, ...flags(row), '-c', `lcd "${source}"; recurse; prompt; mput *`);
      await succeed(served, share, ...flags(row), '-c', `lcd "${target}"; recurse; prompt; mget *`);
      for (const [path, bytes] of contents) {
        assert.equal(sha256(await readFile(join(target, path))), sha256(bytes), `${share}: ${path}`);
      }
      assert.ok((await readdir(target)).includes('empty'));
    }
    // Names on the server's disk are the same.
    for (const [path, bytes] of contents)
      assert.equal(sha256(await readFile(join(served.folder, path))), sha256(bytes));
  });
}

const LARGE_ROWS: readonly (Row & { share: string })[] = [
  { dialect: 'NT1', protection: 'default', share: 'local' },
  { dialect: 'SMB2_02', protection: 'default', share: 'local' },
  { dialect: 'SMB2_10', protection: 'sign', share: 'memory' },
  { dialect: 'SMB3_00', protection: 'encrypt', share: 'local' },
  { dialect: 'SMB3_11', protection: 'sign', share: 'local' },
  { dialect: 'SMB3_11', protection: 'encrypt', share: 'local' },
];

for (const row of LARGE_ROWS) {
  test(`smbclient ${title(row)}: 200 MiB there and back (${row.share})`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, letting(row));
    const bytes = noise(LARGE);
    await writeFile(join(served.work, 'large'), bytes);
    const script = `lcd "${served.work}"; put large; get large back; del large`;
    await succeed(served, row.share, ...flags(row), '-c', script);
    assert.equal(await sha256OfFile(join(served.work, 'back')), sha256(bytes));
  });
}
