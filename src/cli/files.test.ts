import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { localDirectory } from '#fs/index.js';
import { PASSWORD, type Served, served, sombrero, start, USER } from '#testing/command-line.js';
import { heldShare } from '#testing/held-share.js';
import { temporaryFolder } from '#testing/peers.js';

interface Bench extends Served {
  /** Runs a command that must succeed and print nothing on stderr. */
  ok(...args: string[]): Promise<string>;
  /** Runs a command that must fail; returns its stderr. */
  fails(status: number, ...args: string[]): Promise<string>;
}

async function bench(t: TestContext): Promise<Bench> {
  const shares = ['docs', 'two', '100% of'].flatMap((name) => ['--share', `${name}=DIR/docs`]);
  const place = await served(t, ...USER, ...shares);
  await mkdir(join(place.folder, 'in/sub/deep'), { recursive: true });
  await writeFile(join(place.folder, 'in/a.txt'), 'alpha');
  await writeFile(join(place.folder, 'in/b.jpg'), 'picture');
  await writeFile(join(place.folder, 'in/sub/c.txt'), 'gamma');
  await writeFile(join(place.folder, 'in/sub/deep/d.txt'), 'x'.repeat(3000));
  for (const name of ['a.txt', 'b.jpg', 'sub/c.txt']) await utimes(join(place.folder, 'in', name), 1e9, 1e9);
  return {
    ...place,
    ok: async (...args) => {
      const { status, stdout, stderr } = await sombrero(args);
      assert.deepEqual([args, status, stderr], [args, 0, '']);
      return stdout;
    },
    fails: async (wanted, ...args) => {
      const { status, stderr } = await sombrero(args);
      assert.deepEqual([args, status], [args, wanted]);
      return stderr;
    },
  };
}

test('trees up, compared, down again, and removed', async (t) => {
  const { url, folder, ok, fails } = await bench(t);
  const here = join(folder, 'in');
  const up = JSON.parse(await ok('put', '-r', '--json', '--exclude', '*.jpg', here, `${url}/tree`)) as object;
  const { seconds, ...counts } = up as { seconds: number };
  assert.ok(seconds > 0);
  const none = { links: 0, skipped: 0, leftOut: 0, failed: 0, failures: [] };
  assert.deepEqual(counts, { files: 3, directories: 2, bytes: 3010, ...none });
  assert.equal(await fails(1, 'diff', here, `${url}/tree`), '');
  const { stdout } = await sombrero(['diff', here, `${url}/tree`]);
  assert.equal(stdout, '< b.jpg\n');
  assert.equal(await ok('diff', '--content', '--exclude', '*.jpg', here, `${url}/tree`), '');
  const again = JSON.parse(await ok('put', '-r', '-T', '--resume', '--json', here, `${url}/tree`)) as {
    skipped: number;
  };
  assert.equal(again.skipped, 3);
  await ok('get', '-r', '--verify', '-p', `${url}/tree`, join(folder, 'out'));
  assert.equal(await readFile(join(folder, 'out/sub/c.txt'), 'utf8'), 'gamma');
  assert.equal((await stat(join(folder, 'out/a.txt'))).mtimeMs, 1e12);
  await ok('cp', '-r', `${url}/tree`, `${url}/copy`);
  assert.equal(await ok('diff', '-c', `${url}/tree`, `${url}/copy`), '');
  await ok('get', `${url}/copy/*.txt`, `${url}/copy/sub/c.txt`, join(folder, 'out'));
  assert.match((await sombrero(['rm', '-rv', `${url}/copy/sub/deep`])).stderr, /deep.d\.txt\s.*copy.sub.deep\s$/);
  const gone = JSON.parse(await ok('rm', '-r', '--json', `${url}/copy`)) as object;
  assert.deepEqual(gone, { files: 3, directories: 2, failed: 0, failures: [] });
  assert.equal(await ok('ls', url), 'tree/\n');
});

test('a failure does not end the rest, and is told at the end', async (t) => {
  const { url, folder, fails } = await bench(t);
  await writeFile(join(folder, 'in/bad:name'), 'x');
  await symlink('a.txt', join(folder, 'in/link'));
  const said = await fails(1, 'put', '-r', join(folder, 'in'), `${url}/tree`);
  assert.match(said, /^sombrero put: .*link: left out: a symbolic link$/m);
  assert.match(said, /^sombrero put: .*bad:name: Windows names hold no :$/m);
  assert.match(said, /^sombrero put: 1 of 5 failed; the others are done$/m);
  assert.equal(said.trim().split('\n').length, 3, said);
  assert.deepEqual((await readdir(join(folder, 'docs/tree'))).sort(), ['a.txt', 'b.jpg', 'sub']);
  const { stdout } = await sombrero(['put', '-r', '--json', '-T', join(folder, 'in'), `${url}/tree`]);
  const { failures } = JSON.parse(stdout) as { failures: { code: string; path: string }[] };
  assert.deepEqual(
    failures.map(({ code }) => code),
    ['TRANSFER_BAD_NAME'],
  );
});

test('one thing of several that fails does not end the rest either', async (t) => {
  const { url, folder, fails } = await bench(t);
  const [here, out] = [join(folder, 'in'), join(folder, 'out')];
  await mkdir(join(folder, 'docs/b.dir'));
  await mkdir(out);
  for (const name of ['a', 'c', 'd']) await writeFile(join(folder, 'docs', name), name);
  const some = await fails(1, 'get', `${url}/*`, out);
  assert.match(some, /^sombrero get: smb:\S+\/docs\/b\.dir: b\.dir is a directory: use -r$/m);
  assert.match(some, /^sombrero get: 1 of 4 failed; the others are done$/m);
  assert.deepEqual((await readdir(out)).sort(), ['a', 'c', 'd']);
  const missing = await fails(1, 'get', `${url}/none`, `${url}/d`, out);
  assert.match(missing, /^sombrero get: smb:\S+\/docs\/none: CREATE none: .*$\n^sombrero get: 1 of 2 failed/m);
  const twice = await fails(1, 'get', `${url}/a`, `${url.replace(/docs$/, 'two')}/a`, out);
  assert.match(twice, /^sombrero get: smb:\S+\/two\/a: \S+a is there from another URL already$/m);
  await writeFile(join(here, 'bad:name'), 'x');
  const up = await fails(1, 'put', join(here, 'bad:name'), join(here, 'a.txt'), url);
  assert.match(up, /^sombrero put: .*bad:name: "bad:name": Windows names hold no :$\n^sombrero put: 1 of 2 failed/m);
  assert.equal(await readFile(join(folder, 'docs/a.txt'), 'utf8'), 'alpha');
  const mixed = await fails(1, 'put', join(here, 'none'), join(here, 'sub'), join(here, 'b.jpg'), url);
  assert.match(mixed, /^sombrero put: \S+none: no such file or directory \(ENOENT\)$\n.*sub is a directory: use -r$/m);
  assert.match(mixed, /^sombrero put: 2 of 3 failed; the others are done$/m);
  assert.ok((await readdir(join(folder, 'docs'))).includes('b.jpg'));
  assert.match(await fails(1, 'put', join(here, 'no1'), join(here, 'no2'), url), /^sombrero put: 2 of 2 failed$/m);
});

test('what is no file at the target is written to, not replaced', { skip: process.platform === 'win32' }, async (t) => {
  const { url, folder, ok, fails } = await bench(t);
  await ok('put', join(folder, 'in/a.txt'), url);
  assert.equal(await ok('get', `${url}/a.txt`, '-'), 'alpha');
  assert.match(await fails(2, 'get', '--verify', `${url}/a.txt`, '-'), /standard output takes no/);
  assert.match(await fails(1, 'get', '-r', url, '-'), /docs is a directory, of which standard output makes none/);
  const [pipe, link, kept] = ['pipe', 'link', 'kept'].map((name) => join(folder, name)) as [string, string, string];
  execFileSync('mkfifo', [pipe]);
  const [read] = await Promise.all([readFile(pipe, 'utf8'), ok('get', `${url}/a.txt`, pipe)]);
  assert.equal(read, 'alpha');
  assert.ok((await lstat(pipe)).isFIFO());
  const [, stored] = await Promise.all([writeFile(pipe, 'piped'), ok('put', pipe, `${url}/p.txt`)]);
  assert.deepEqual([stored, await ok('cat', `${url}/p.txt`)], ['', 'piped']);
  await writeFile(kept, 'old');
  await symlink('kept', link);
  await ok('get', `${url}/a.txt`, link);
  assert.deepEqual([await readFile(kept, 'utf8'), (await lstat(link)).isSymbolicLink()], ['alpha', true]);
  assert.match(
    await fails(1, 'get', `${url}/a.txt`, join(folder, 'no/b')),
    /^sombrero get: \S+no is not a directory$/m,
  );
});

test('copies and moves that would lose something are refused', async (t) => {
  const { url, folder, ok, fails } = await bench(t);
  const two = url.replace(/docs$/, 'two');
  await ok('put', join(folder, 'in/a.txt'), `${url}/a.txt`);
  await ok('mkdir', '-p', `${url}/dir/sub`);
  assert.match(await fails(1, 'cp', `${url}/a.txt`, `${url}/a.txt`), /are the same/);
  assert.match(await fails(1, 'cp', `${url}/a.txt`, `${url}/A.TXT`), /are the same/);
  assert.match(await fails(1, 'cp', '-r', `${url}/dir`, `${url}/dir/sub`), /lies in dir/);
  assert.match(await fails(1, 'cp', `${url}/dir`, `${url}/x`), /use -r/);
  assert.match(await fails(1, 'cp', `${url}/none`, `${two}/x`), /^sombrero cp: smb:\S+\/docs\/none: CREATE none: /);
  assert.match(await fails(1, 'mv', `${url}/dir`, `${url}/dir/sub/dir`), /lies in dir itself/);
  assert.match(await fails(2, 'mv', url, `${url}/x`), /the share itself/);
  assert.match(await fails(2, 'mv', `${url}/a.txt`, `${two}/b.txt`), /use --copy/);
  // Both shares serve one directory: the target is the source.
  assert.match(await fails(1, 'mv', '--copy', `${url}/a.txt`, `${two}/a.txt`), /there already/);
  assert.match(await fails(1, 'mv', '--copy', '--resume', `${url}/a.txt`, `${two}/a.txt`), /may be the same file/);
  assert.equal(await ok('cat', `${url}/a.txt`), 'alpha');
  await ok('mv', '--copy', `${url}/a.txt`, `${two}/b.txt`);
  assert.deepEqual((await readdir(join(folder, 'docs'))).sort(), ['b.txt', 'dir']);
  assert.match(await fails(1, 'get', `${url}/b.txt`, join(folder, 'docs'), '-T'), /is a directory/);
  assert.match(await fails(2, 'put', join(folder, 'in/a.txt'), join(folder, 'docs')), /not an SMB URL/);
  assert.match(await fails(2, 'put', join(folder, 'in/a.txt'), join(folder, 'docs/A.txt'), url), /the same name/);
  assert.match(await fails(1, 'rm', `${url}/dir`), /STATUS_FILE_IS_A_DIRECTORY/);
});

test('find', async (t) => {
  const { url, folder, ok, fails } = await bench(t);
  await ok('put', '-r', join(folder, 'in'), `${url}/t`);
  const lines = async (...args: string[]): Promise<string[]> =>
    (await ok('find', `${url}/t`, ...args))
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  assert.deepEqual(await lines('--name', '*.TXT'), ['t/a.txt', 't/sub/c.txt', 't/sub/deep/d.txt']);
  assert.deepEqual(await lines('--type', 'd'), ['t/sub', 't/sub/deep']);
  assert.deepEqual(await lines('--maxdepth', '1', '--type', 'f'), ['t/a.txt', 't/b.jpg']);
  assert.deepEqual(await lines('--mindepth', '3'), ['t/sub/deep/d.txt']);
  assert.deepEqual(await lines('--size', '+1K', '--type', 'f'), ['t/sub/deep/d.txt']);
  assert.deepEqual(await lines('--mtime', '-1', '--type', 'f'), ['t/sub/deep/d.txt']);
  assert.deepEqual(await lines('--older', '2002-01-01', '--name', '*.txt'), ['t/a.txt', 't/sub/c.txt']);
  assert.deepEqual(await lines('--path', 't/*/c.*', '--urls'), [`${url}/t/sub/c.txt`]);
  assert.equal(await ok('find', `${url}/t`, '--name', 'a*', '-0'), 't/a.txt\0');
  const [found] = JSON.parse(await ok('find', `${url}/t`, '--name', 'a.txt', '--json')) as {
    path: string;
    size: number;
  }[];
  assert.deepEqual([found?.path, found?.size], ['t/a.txt', 5]);
  assert.equal(await ok('find', `${url}/t/a.txt`, '--size', '-10'), 't/a.txt\n');
  assert.equal(await ok('find', `${url}/t/a.txt`, '--mindepth', '1'), '');
  assert.match(await fails(1, 'find', `${url}/none`), /none: CREATE none: STATUS_OBJECT_NAME_NOT_FOUND/);
  assert.match(await fails(1, 'ls', `${url}/t/*.none`), /t\/\*\.none: nothing matches/);
  assert.match(await fails(1, 'diff', folder, `${url}/none`), /\/none: CREATE none: STATUS_OBJECT_NAME_NOT_FOUND/);
  const odd = url.replace(/docs$/, '100%25%20of');
  assert.equal(await ok('find', odd, '--name', 'a.txt', '--urls'), `${odd}/t/a.txt\n`);
});

test('du', async (t) => {
  const { url, folder, ok } = await bench(t);
  await ok('put', '-r', join(folder, 'in'), `${url}/t`);
  assert.equal(await ok('du', `${url}/t`), '2.9 KiB in 4 files and 2 directories\n');
  assert.equal(await ok('du', `${url}/t/a.txt`), '5 B in 1 file and 0 directories\n');
  const rows = (await ok('du', '-b', '-d', '1', `${url}/t`)).trim().split('\n');
  assert.deepEqual(
    rows.map((row) => row.trim().split(/ +/)),
    [
      ['3005', 't/sub'],
      ['3017', 't'],
    ],
  );
  const all = JSON.parse(await ok('du', '-a', '--json', `${url}/t`)) as { path: string; size: number }[];
  assert.deepEqual(
    all
      .map(({ path, size }) => [path, size])
      .sort()
      .at(0),
    ['t', 3017],
  );
  assert.equal(all.length, 5);
});

test('watch ends after so many, and with Ctrl-C', async (t) => {
  const { url, folder } = await bench(t);
  const watching = start(['watch', '-r', '--json', '--events', 'added', '--name', '*.new', '--count', '1', url], {
    SOMBRERO_PASSWORD: PASSWORD,
  });
  let out = '';
  watching.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  const ended = once(watching, 'close');
  // There is no sign that a watch has begun, so create files until one is reported.
  for (let i = 0; watching.exitCode === null; i++) {
    await writeFile(join(folder, `docs/${i}.new`), 'x');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.deepEqual(await ended, [0, null]);
  const change = JSON.parse(out) as { kind: string; path: string };
  assert.equal(change.kind, 'added');
  assert.match(change.path, /^\d+\.new$/);
});

test('who logs on may stand in a file, in flags and in the environment', async (t) => {
  const { url, folder } = await bench(t);
  const plain = url.replace('ann@', '');
  const file = join(folder, 'who');
  await writeFile(file, `# as smbclient has it\nusername = ann\npassword = ${PASSWORD}\ndomain = WORKGROUP\n`);
  await chmod(file, 0o600);
  assert.deepEqual(await sombrero(['ls', '--credentials', file, plain], '', {}), { status: 0, stdout: '', stderr: '' });
  await chmod(file, 0o644);
  const { status, stderr } = await sombrero(['ls', '--credentials', file, plain], '', {});
  assert.deepEqual([status, stderr], [0, `sombrero: others may read ${file}: chmod 600 ${file}\n`]);
  await writeFile(file, 'user ann');
  assert.match((await sombrero(['ls', '--credentials', file, plain], '', {})).stderr, /line 1: must be username/);
  assert.equal((await sombrero(['ls', '--user', 'ann', plain])).status, 0);
  assert.equal((await sombrero(['ls', plain], '', { SOMBRERO_USER: 'ann', SOMBRERO_PASSWORD: PASSWORD })).status, 0);
  const [, port] = /:(\d+)\//.exec(plain) ?? [];
  assert.equal((await sombrero(['ls', '--user', 'WORKGROUP\\ann', `\\\\127.0.0.1@${port}\\docs`])).status, 0);
});

for (const [signal, wanted] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${signal} ends a transfer with ${wanted} and leaves nothing that looks complete`, (t) =>
    interrupted(t, signal, wanted));
}

async function interrupted(t: TestContext, signal: NodeJS.Signals, wanted: number): Promise<void> {
  const folder = await temporaryFolder(t);
  const docs = join(folder, 'docs');
  await mkdir(docs);
  const { url, begun, release } = await heldShare(t, localDirectory(docs), (_, offset) => offset > 0);
  const big = Buffer.alloc(32 * 1024 * 1024, 7);
  await writeFile(join(folder, 'big.bin'), big);
  const child = start(['put', join(folder, 'big.bin'), url], { SOMBRERO_PASSWORD: PASSWORD });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  // The upload has begun and is held.
  await begun;
  child.kill(signal);
  assert.deepEqual(await ended, [wanted, null], said);
  const left = await readdir(docs);
  assert.ok(!left.includes('big.bin'));
  if (left.length > 0) assert.match(said, /is kept: --resume goes on with it/);
  release();
  assert.equal((await sombrero(['put', '--resume', join(folder, 'big.bin'), url])).status, 0);
  assert.deepEqual(await readdir(docs), ['big.bin']);
  assert.ok(big.equals(await readFile(join(docs, 'big.bin'))));
}

test('trees over SMB1 and the oldest SMB2, too', async (t) => {
  for (const [dialects, signing] of [
    ['NT1..NT1', 'enabled'],
    ['2.0.2..2.0.2', 'required'],
  ]) {
    const place = await served(t, ...USER, '--dialects', 'NT1..3.1.1', 'DIR/docs');
    const flags = ['--dialects', `${dialects}`, '--signing', `${signing}`];
    await mkdir(join(place.folder, 'in'));
    for (const size of [0, 1, 1000, 65_000, 200_000])
      await writeFile(join(place.folder, `in/f${size}`), 'x'.repeat(size));
    for (const args of [
      ['put', '-r', join(place.folder, 'in'), `${place.url}/t`],
      ['put', '-r', '-T', join(place.folder, 'in'), `${place.url}/t`],
      ['diff', join(place.folder, 'in'), `${place.url}/t`],
      ['get', '-r', `${place.url}/t`, join(place.folder, 'out')],
      ['diff', '--content', join(place.folder, 'in'), join(place.folder, 'out')],
      ['rm', '-r', `${place.url}/t`],
    ]) {
      const { status, stderr, stdout } = await sombrero([...args, ...flags]);
      assert.deepEqual([args, dialects, status, stderr, stdout], [args, dialects, 0, '', '']);
    }
  }
});
