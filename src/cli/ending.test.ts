import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { memory } from '#fs/index.js';
import { PASSWORD, type Served, served, sombrero, start, USER } from '#testing/command-line.js';
import { heldShare } from '#testing/held-share.js';
import { temporaryFolder } from '#testing/peers.js';

/** Enough entries that their JSON exceeds the buffers of a pipe. */
const MANY = 2500;

async function many(t: TestContext): Promise<Served> {
  const place = await served(t, ...USER, '--share', 'docs=DIR/docs');
  await mkdir(join(place.folder, 'none'));
  for (let i = 0; i < MANY; i++) await writeFile(join(place.folder, `docs/file ${i}`), '');
  return place;
}

interface Running {
  readonly child: ChildProcess;
  /** Reads the rest; resolves to exit status and output. */
  end(): Promise<{ status: number | null; stdout: string; stderr: string }>;
}

/** Starts a command and waits until its output is blocked because nobody reads it. */
async function stuck(args: readonly string[]): Promise<Running> {
  const child = start([...args], { SOMBRERO_PASSWORD: PASSWORD });
  let stderr = '';
  let stdout = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const out = child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  assert.ok(out);
  const closed = once(child, 'close') as Promise<[number | null]>;
  await once(out, 'data');
  out.pause();
  return {
    child,
    end: async () => {
      out.resume();
      const [status] = await closed;
      return { status, stdout, stderr };
    },
  };
}

const LISTS: readonly ((url: string, folder: string) => string[])[] = [
  (url) => ['ls', '--json', url],
  (url) => ['ls', '-r', '--json', url],
  (url) => ['find', '--json', url],
  (url) => ['du', '-a', '--json', url],
  (url, folder) => ['diff', '--json', join(folder, 'none'), url],
  (url) => ['acl', '-r', '--json', url],
];

for (const [signal, wanted] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${signal} leaves whole JSON on standard output, and the status ${wanted}`, async (t) => {
    const { url, folder } = await many(t);
    for (const list of signal === 'SIGINT' ? LISTS : LISTS.slice(2, 3)) {
      const args = list(url, folder);
      const running = await stuck(args);
      running.child.kill(signal);
      const { status, stdout, stderr } = await running.end();
      const entries = JSON.parse(stdout) as unknown[];
      assert.ok(entries.length > 0, `${args}`);
      // By then it may already have found everything.
      if (entries.length >= MANY) continue;
      assert.deepEqual([args, status], [args, wanted], stderr);
      assert.match(stderr, /interrupted$/m);
    }
  });
}

test('the second signal ends at once; nobody has to read for the first to end a command', async (t) => {
  const { url } = await many(t);
  const impatient = await stuck(['find', '--json', url]);
  impatient.child.kill('SIGINT');
  impatient.child.kill('SIGTERM');
  assert.ok([143, 130].includes((await impatient.end()).status ?? 0));
  const alone = await stuck(['find', '--json', url]);
  alone.child.stdout?.destroy();
  assert.equal((await alone.end()).status, 0, 'the reader has gone');
  const { child } = await stuck(['find', '--json', url]);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [143, null]);
  child.stdout?.destroy();
});

test('a lost connection leaves whole JSON, too', async (t) => {
  const { url, folder, child } = await many(t);
  const running = await Promise.all(LISTS.slice(-4).map((list) => stuck([...list(url, folder), '--timeout', '1'])));
  child.kill('SIGKILL');
  for (const each of running) {
    const { status, stdout, stderr } = await each.end();
    const entries = JSON.parse(stdout) as unknown[];
    // Everything may already have been requested ahead.
    if (entries.length >= MANY) continue;
    assert.equal(status, 1, stderr);
    assert.match(stderr, /sombrero \w+: /);
  }
});

test('what fails as a whole is told as JSON', async (t) => {
  const { url, folder } = await served(t, ...USER, '--share', 'docs=DIR/docs');
  const parsed = async (status: number, ...args: string[]): Promise<Record<string, unknown>> => {
    const ended = await sombrero(args);
    assert.deepEqual([args, ended.status], [args, status], ended.stderr);
    assert.notEqual(ended.stderr, '');
    return JSON.parse(ended.stdout) as Record<string, unknown>;
  };
  for (const args of [
    ['stat', '--json', `${url}/none`],
    ['get', '--json', `${url}/none`, folder],
    ['rm', '--json', `${url}/none`],
    ['put', '--json', join(folder, 'none'), url],
  ]) {
    const { error } = (await parsed(1, ...args)) as { error: { code: string; message: string } };
    assert.deepEqual([args, error.code], [args, 'ENOENT']);
    assert.match(error.message, /none/);
  }
  for (const list of LISTS.slice(1, 3)) assert.deepEqual(await parsed(1, ...list(`${url}/none`, folder)), []);
  const wrong = url.replace('docs', 'nowhere');
  await parsed(1, 'df', '--json', wrong);
  assert.deepEqual(await parsed(1, 'shares', '--json', '--timeout', '1', 'smb://ann@127.0.0.1:1'), []);
  await parsed(1, 'doctor', '--json', '--timeout', '1', 'smb://ann@127.0.0.1:1');
  assert.equal((await sombrero(['stat', '--json', 'nowhere'])).stdout, '');
  const several = await parsed(1, 'get', '--json', `${url}/none`, `${url}/no`, folder);
  assert.deepEqual([several.failed, 'error' in several], [2, false]);
});

test('a transfer that breaks off tells what of it was done', async (t) => {
  const { url, begun } = await heldShare(t, memory(), (length) => length > 1);
  const here = await temporaryFolder(t);
  for (const name of ['a', 'b', 'c']) await writeFile(join(here, name), 'x');
  await writeFile(join(here, 'z'), Buffer.alloc(4 * 1024 * 1024));
  const child = start(['put', '-r', '-v', '--json', here, `${url}/t`], { SOMBRERO_PASSWORD: PASSWORD });
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const closed = once(child, 'close');
  // Three files are there, and the fourth is in flight.
  const told = createInterface(child.stderr as Readable)[Symbol.asyncIterator]();
  for (let i = 0; i < 3; i++) assert.match((await told.next()).value, /t.[abc]$/);
  await begun;
  child.kill('SIGTERM');
  assert.deepEqual(await closed, [143, null]);
  const { files, bytes, error } = JSON.parse(stdout) as { files: number; bytes: number; error: { code: string } };
  assert.deepEqual({ files, bytes, code: error.code }, { files: 3, bytes: 3, code: 'ABORT_ERR' });
});

test('a pipe that nobody writes to holds nothing up', { skip: process.platform === 'win32' }, async (t) => {
  const { url, folder } = await served(t, ...USER, '--share', 'docs=DIR/docs');
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const child = start(['put', pipe, `${url}/a`], { SOMBRERO_PASSWORD: PASSWORD });
  const ended = once(child, 'exit');
  // Opening blocks until the other end is open.
  const writer = await open(pipe, 'w');
  child.kill('SIGINT');
  assert.deepEqual(await ended, [130, null]);
  await writer.close();
  assert.deepEqual(await readdir(join(folder, 'docs')), []);
});

test('a pipe that is read gets the file', { skip: process.platform === 'win32' }, async (t) => {
  const { url, folder } = await served(t, ...USER, '--share', 'docs=DIR/docs');
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const text = 'x'.repeat(300_000);
  await writeFile(join(folder, 'docs/a'), text);
  const child = start(['get', '--json', `${url}/a`, pipe], { SOMBRERO_PASSWORD: PASSWORD });
  const ended = once(child, 'close');
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (stdout += piece));
  assert.equal(await readFile(pipe, 'utf8'), text);
  assert.deepEqual(await ended, [0, null]);
  assert.equal((JSON.parse(stdout) as { bytes: number }).bytes, text.length);
});
