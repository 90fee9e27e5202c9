import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { PASSWORD, served, sombrero, start, USER } from '#testing/command-line.js';
import { temporaryFolder } from '#testing/peers.js';

test('wrong usage is status 2 and says what is wrong', async () => {
  const wrong: [args: string[], message: RegExp][] = [
    [['bogus'], /sombrero: unknown command 'bogus'/],
    [['help', 'bogus'], /sombrero: unknown command 'bogus'/],
    [['ls'], /sombrero ls: missing required argument 'url'/],
    [['ls', '--bogus', 'smb://a@b/c'], /sombrero ls: unknown option '--bogus'/],
    [['ls', '--signing', 'maybe', 'smb://a@b/c'], /Allowed choices are off, enabled, required/],
    [['ls', '--dialects', '4.0', 'smb://a@b/c'], /there are NT1, 2\.0\.2/],
    [['ls', '--dialects', '3.1.1..2.1', 'smb://a@b/c'], /3\.1\.1 is newer than 2\.1/],
    [['ls', '--timeout', 'soon', 'smb://a@b/c'], /a number of seconds/],
    [['ls', '/tmp'], /not an SMB URL/],
    [['cat', '//nas/docs/a'], /not an SMB URL: \/\/nas\/docs\/a; write it as smb:\/\/nas\/docs\/a/],
    [['ls', 'ann:secret@nas/docs'], /not an SMB URL: ann@nas\/docs; write it as smb:\/\/USER@HOST\/SHARE\/PATH/],
    [['ls', 'smb://host/share'], /no user in smb:\/\/host\/share/],
    [['cat', 'smb://ann@host'], /names no share/],
    [['exchange', '--dialect', '9'], /there are NT1/],
    [['exchange', 'smb://ann@host/share'], /name a file to read/],
    [['serve'], /nothing to serve/],
    [['ls', '--dialects', '3.1.1..3.0', 'smb://a@b/c'], /is invalid: 3\.1\.1 is newer than 3\.0/],
    [['serve', '--listen', 'nowhere', '.'], /must look like HOST:PORT/],
    [['serve', '--share', 'docs', '.'], /must look like NAME=DIR/],
    [['mv', 'smb://a@b/c/d', 'smb://a@b/other/d'], /works within one share/],
  ];
  await Promise.all(
    wrong.map(async ([args, message]) => {
      const { status, stderr, stdout } = await sombrero(args);
      assert.deepEqual([args, status, stdout], [args, 2, '']);
      assert.match(stderr, message);
    }),
  );
});

test('a missing password is told, and never shown', async () => {
  const { status, stderr } = await sombrero(['ls', 'smb://ann@host/share'], '', {});
  assert.equal(status, 2);
  assert.match(stderr, /no password for smb:\/\/ann@host\/share: set SOMBRERO_PASSWORD/);
  const failed = await sombrero(['ls', 'smb://ann:topsecret@127.0.0.1:1/share'], '');
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /^sombrero ls: smb:\/\/ann@127\.0\.0\.1:1\/share: .*ECONNREFUSED.*\n$/);
  assert.doesNotMatch(failed.stderr, /topsecret/);
});

test('help and version', async () => {
  const help = await sombrero(['--help']);
  assert.equal(help.status, 0);
  assert.match(help.stdout, /Examples:\n {2}\$ sombrero exchange/);
  const version = await sombrero(['--version']);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  assert.deepEqual(await sombrero(['help']), help);
  const get = await sombrero(['help', 'get']);
  assert.deepEqual(get, await sombrero(['get', '--help']));
  assert.match(get.stdout, /--resume[\s\S]*Examples:/);
});

test('file work, from an empty share to an empty share', async (t) => {
  const { url, folder } = await served(t, ...USER, 'DIR/docs');
  const ok = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await sombrero(args);
    assert.deepEqual([args, status, stderr], [args, 0, '']);
    return stdout;
  };
  const data = randomBytes(5_000_000);
  await writeFile(join(folder, 'big.bin'), data);
  await ok('mkdir', '-p', `${url}/a/b`);
  await ok('put', join(folder, 'big.bin'), `${url}/a/`);
  assert.deepEqual(await readFile(join(folder, 'docs/a/big.bin')), data);
  assert.equal((await sombrero(['put', '-', `${url}/a/b/hello.txt`], 'hello\n')).status, 0);
  assert.equal(await ok('cat', `${url}/a/b/hello.txt`), 'hello\n');
  assert.equal(await ok('ls', `${url}/a`), 'b/\nbig.bin\n');
  const listed = JSON.parse(await ok('ls', '--json', '-r', url)) as { path: string; size: number }[];
  assert.deepEqual(listed.map(({ path }) => path).sort(), ['a', 'a/b', 'a/b/hello.txt', 'a/big.bin']);
  assert.equal(await ok('find', '--name', 'HELLO*', url), 'a/b/hello.txt\n');
  await ok('cp', `${url}/a/b/hello.txt`, `${url}/copy.txt`);
  await ok('mv', `${url}/copy.txt`, `${url}/moved.txt`);
  assert.equal(await ok('cat', `${url}/moved.txt`), 'hello\n');
  await ok('get', '-r', `${url}/a`, join(folder, 'out'));
  assert.deepEqual(await readFile(join(folder, 'out/big.bin')), data);
  assert.equal(await readFile(join(folder, 'out/b/hello.txt'), 'utf8'), 'hello\n');
  const sum = JSON.parse(await ok('du', '--json', url)) as { files: number; size: number };
  assert.deepEqual([sum.files, sum.size], [3, 5_000_012]);
  assert.equal((JSON.parse(await ok('stat', '--json', `${url}/moved.txt`)) as { size: number }).size, 6);
  assert.ok((JSON.parse(await ok('df', '--json', url)) as { total: number }).total > 0);
  await ok('touch', '-d', '2020-02-02T02:02:02Z', `${url}/moved.txt`);
  assert.equal((await stat(join(folder, 'docs/moved.txt'))).mtime.toISOString(), '2020-02-02T02:02:02.000Z');
  assert.match(await ok('shares', url), /^docs +disk/);
  await ok('rm', `${url}/moved.txt`);
  await ok('rm', '-r', `${url}/a`);
  assert.equal(await ok('ls', url), '');
});

test('what fails is status 1 and one line: what, where, the status by its name', async (t) => {
  const { url, folder } = await served(t, ...USER, '--share', 'docs=DIR/docs:ro');
  await writeFile(join(folder, 'docs/a.txt'), 'old');
  await writeFile(join(folder, 'kept.txt'), 'kept');
  const failing: [args: string[], message: RegExp][] = [
    [['cat', `${url}/none.txt`], /none\.txt: .*STATUS_OBJECT_NAME_NOT_FOUND/],
    [['ls', url.replace('docs', 'other')], /STATUS_BAD_NETWORK_NAME/],
    [['get', `${url}/none.txt`, join(folder, 'kept.txt')], /STATUS_OBJECT_NAME_NOT_FOUND/],
    [['put', join(folder, 'kept.txt'), `${url}/b.txt`], /STATUS_(?:ACCESS_DENIED|MEDIA_WRITE_PROTECTED)/],
    [['get', url], /docs is a directory: use -r/],
    [['put', join(folder, 'nowhere.txt'), `${url}/b.txt`], /ENOENT/],
  ];
  for (const [args, message] of failing) {
    const { status, stderr, stdout } = await sombrero(args);
    assert.deepEqual([args, status, stdout], [args, 1, '']);
    assert.match(stderr, message);
    assert.equal(stderr.split('\n').length, 2, stderr);
  }
  assert.equal(await readFile(join(folder, 'kept.txt'), 'utf8'), 'kept');
  assert.deepEqual((await readdir(folder)).sort(), ['docs', 'kept.txt']);
  const { status, stderr } = await sombrero(['ls', url], '', { SOMBRERO_PASSWORD: 'wrong' });
  assert.equal(status, 1);
  assert.match(stderr, /STATUS_LOGON_FAILURE/);
});

test('a server without users makes one up, and ends well', async (t) => {
  const { child, lines, url } = await served(t, 'DIR/docs');
  const [, user, password] = /^user (\S+) with the password (\S+) /.exec(lines[0] ?? '') ?? [];
  assert.equal(user, 'sombrero');
  const here = url.replace('ann@', 'sombrero@');
  assert.equal((await sombrero(['ls', here], '', { SOMBRERO_PASSWORD: password ?? '' })).status, 0);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'close'), [0, null]);
});

test('a server goes on when nobody reads what it tells', async (t) => {
  const { child, url } = await served(t, ...USER, 'DIR/docs');
  child.stderr?.destroy();
  for (let i = 0; i < 3; i++) assert.equal((await sombrero(['ls', url])).status, 0);
  assert.equal(child.exitCode, null);
});

test('an address in use is one line', async (t) => {
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => void taken.close());
  const { port } = taken.address() as { port: number };
  const folder = await temporaryFolder(t);
  const { status, stderr } = await sombrero(['serve', '--listen', `127.0.0.1:${port}`, ...USER, folder]);
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`^sombrero serve: 127\\.0\\.0\\.1:${port} is in use already.*EADDRINUSE.*\n$`));
});

test('a config file, read again on SIGHUP', { skip: process.platform === 'win32' }, async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'docs'));
  const file = join(folder, 'server.json');
  const config = (shares: object): Promise<void> =>
    writeFile(file, JSON.stringify({ shares, users: { ann: { password: PASSWORD } }, signing: 'required' }));
  await config({ docs: 'docs' });
  const { child, url } = await served(t, '--config', file);
  let errors = '';
  const said = (text: string): Promise<void> =>
    new Promise((resolve) => {
      child.stderr?.on('data', (chunk: string) => {
        errors += chunk;
        if (errors.includes(text)) resolve();
      });
    });
  assert.equal((await sombrero(['ls', url])).status, 0);
  await config({ other: { path: 'docs', readOnly: true } });
  const again = said('is read again: other');
  child.kill('SIGHUP');
  await again;
  assert.match((await sombrero(['ls', url])).stderr, /STATUS_BAD_NETWORK_NAME/);
  assert.equal((await sombrero(['ls', url.replace('/docs', '/other')])).status, 0);
  await writeFile(file, '{ "shares": 1 }');
  const refused = said('nothing changed');
  child.kill('SIGHUP');
  await refused;
  assert.equal((await sombrero(['ls', url.replace('/docs', '/other')])).status, 0);
});

test('a capture holds what went over the wire, and can be explained', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'capture.pcapng');
  const { child, url } = await served(t, ...USER, 'DIR/docs', '--capture', file);
  assert.equal((await sombrero(['ls', '--encryption', 'required', url])).status, 0);
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'close'), [0, null]);
  const { status, stdout } = await sombrero(['explain', file], '', {});
  assert.equal(status, 0);
  assert.match(stdout, / {2}1 .* SMB2 NEGOTIATE\n/);
  assert.doesNotMatch(stdout, /TREE_CONNECT/);
  const opened = await sombrero(['explain', '--password', PASSWORD, file], '', {});
  assert.deepEqual([opened.status, opened.stderr], [0, '']);
  assert.match(opened.stdout, / {2}1 .* SMB2 NEGOTIATE\n.* SMB2 TREE_CONNECT\n +path \\\\127\.0\.0\.1\\docs/s);
  const closed = await sombrero(['explain', '--password', 'wrong', file], '', {});
  assert.match(closed.stderr, /^sombrero explain: ann logged on with another password: what is encrypted stays so\n$/);
  assert.deepEqual(await sombrero(['explain', folder]), {
    status: 1,
    stdout: '',
    stderr: `sombrero explain: ${folder}: illegal operation on a directory (EISDIR)\n`,
  });
  const piped = start(['explain', '--format', 'json', '-']);
  piped.stdin?.end(await readFile(file));
  let json = '';
  for await (const chunk of piped.stdout ?? []) json += chunk;
  assert.ok((JSON.parse(json) as { packets: unknown[] }).packets.length > 8);
});

test('the exchange of today, as text, JSON and a page', async (t) => {
  const file = join(await temporaryFolder(t), 'exchange.html');
  const text = await sombrero(['exchange', '--dialect', '3.1.1']);
  assert.deepEqual([text.status, text.stderr], [0, '']);
  const steps = [...text.stdout.matchAll(/^ {2}([1-9]) .*SMB2 (\w+)/gm)].map((found) => found.slice(1).join(' '));
  assert.deepEqual(
    steps.filter((step, i) => step !== steps[i - 1]),
    [
      '1 NEGOTIATE',
      '2 NEGOTIATE',
      '3 SESSION_SETUP',
      '4 TREE_CONNECT',
      '5 TREE_CONNECT',
      '6 CREATE',
      '7 CREATE',
      '8 READ',
      '9 READ',
    ],
  );
  const json = await sombrero(['exchange', '--dialect', '2.1', '--format', 'json']);
  const { connections } = JSON.parse(json.stdout) as { connections: { dialect: string }[] };
  assert.equal(connections[0]?.dialect, '2.1');
  const page = await sombrero(['exchange', '--dialect', '3.0', '--format', 'html', '--out', file]);
  assert.deepEqual([page.status, page.stdout], [0, '']);
  assert.match(await readFile(file, 'utf8'), /^<!doctype html>/);
});

test('the classic exchange: a NetBIOS session and the nine packets', async () => {
  const { status, stdout, stderr } = await sombrero(['exchange']);
  assert.deepEqual([status, stderr], [0, '']);
  const seen = [...stdout.matchAll(/^ {2}([–1-9]) .*(──▶|◀──) {2}server {2}([A-Z_ ]+?)(?: {2,}|$)/gm)].map((found) =>
    found.slice(1).join(' '),
  );
  assert.deepEqual(seen.slice(0, 12), [
    '– ──▶ SESSION REQUEST',
    '– ◀── POSITIVE SESSION RESPONSE',
    '1 ──▶ SMB_COM_NEGOTIATE',
    '2 ◀── SMB_COM_NEGOTIATE',
    '3 ──▶ SMB_COM_SESSION_SETUP_ANDX',
    '3 ◀── SMB_COM_SESSION_SETUP_ANDX',
    '4 ──▶ SMB_COM_TREE_CONNECT_ANDX',
    '5 ◀── SMB_COM_TREE_CONNECT_ANDX',
    '6 ──▶ SMB_COM_OPEN_ANDX',
    '7 ◀── SMB_COM_OPEN_ANDX',
    '8 ──▶ SMB_COM_READ_ANDX',
    '9 ◀── SMB_COM_READ_ANDX',
  ]);
  assert.match(stdout, /challenge [0-9a-f]{16}/);
});

test('the password file', async (t) => {
  const file = join(await temporaryFolder(t), 'users.txt');
  assert.equal((await sombrero(['passwd', file, 'ann'])).status, 0);
  assert.match(await readFile(file, 'utf8'), /^ann:[0-9a-f]{32}\n$/);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const { url } = await served(t, '--users-file', file, 'DIR/docs');
  assert.equal((await sombrero(['ls', url])).status, 0);
  assert.equal((await sombrero(['passwd', '--delete', file, 'ann'])).status, 0);
  assert.equal((await sombrero(['ls', url])).status, 1);
});
