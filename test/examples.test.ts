import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from '#client/index.js';
import { localDirectory, memory } from '#fs/index.js';
import { createServer, type ServerOptions } from '#server/index.js';
import { bequeath } from '#testing/executor.js';
import { pages } from '../examples/read-only-backend.js';
import { root } from './root.js';

const PATIENCE_MS = 30_000;
const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.ts'));
/** Examples that the tests below have run. */
const ran = new Set<string>();

/** An example in its own process, started as a reader would start it. */
class Running {
  output = '';
  readonly #child: ChildProcess;
  readonly #end: Promise<unknown[]>;

  constructor(t: TestContext, name: string, ...args: string[]) {
    ran.add(`${name}.ts`);
    const script = join(root, 'build/examples', `${name}.js`);
    this.#child = bequeath(spawn(process.execPath, [script, ...args], { cwd: root }));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.#end = once(this.#child, 'close');
    t.after(() => this.#child.kill('SIGKILL'));
  }

  /** Resolves once its output matches. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = pattern.exec(this.output);
      if (found) return found;
      assert.equal(this.#child.exitCode, null, `it ended with: ${this.output}`);
      await once(this.#child.stdout as NodeJS.ReadableStream, 'data', { signal });
    }
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Its output, once it has ended successfully. */
  async done(): Promise<string> {
    const [status] = await this.#end;
    assert.equal(status, 0, this.output);
    return this.output;
  }
}

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sombrero-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A server in this process; returns its URL without a share. */
async function served(t: TestContext, shares: NonNullable<ServerOptions['shares']>): Promise<string> {
  const server = createServer({ shares, users: { ann: { password: 'secret' } } });
  const { port } = await server.listen(0);
  t.after(() => server.close());
  return `smb://ann@127.0.0.1:${port}`;
}

test('server: serves a folder until it is interrupted', async (t) => {
  const folder = await folderOf(t);
  await writeFile(join(folder, 'a.txt'), 'hello');
  const example = new Running(t, 'server', folder, '0');
  const [, url] = await example.says(/^serving (.*)$/m);
  const share = await connect(url as string, { password: 'secret' });
  assert.equal(await share.readFile('a.txt', 'utf8'), 'hello');
  await share.close();
  example.interrupt();
  await example.done();
});

test('client: writes, reads and lists', async (t) => {
  const url = await served(t, { scratch: memory() });
  assert.equal(await new Running(t, 'client', `${url}/scratch`).done(), 'Dear Bob\nbob.txt 8\n');
});

test('streams: stores a file and reads its end', async (t) => {
  const url = await served(t, { scratch: memory() });
  const file = join(await folderOf(t), 'file');
  await writeFile(file, `${'x'.repeat(3_000_000)}0123456789`);
  const said = await new Running(t, 'streams', file, `${url}/scratch`).done();
  assert.equal(said, '0123456789\n3000010 bytes over SMB 3.1.1, encrypted with AES-128-GCM\n');
});

test('watch: tells what happens', async (t) => {
  const folder = await folderOf(t);
  const url = await served(t, { docs: localDirectory(folder) });
  const example = new Running(t, 'watch', `${url}/docs`);
  const share = await connect(`${url}/docs`, { password: 'secret' });
  t.after(() => share.close());
  // There is no sign that the watch is set up, so make changes until one is reported.
  let seen = false;
  const said = example.says(/^added new \d+$/m).finally(() => {
    seen = true;
  });
  for (let i = 0; !seen; i++) {
    await share.writeFile(`new ${i}`, 'x');
    await share.ping();
  }
  await said;
  example.interrupt();
  await example.done();
});

test('locks-and-leases: others are told, and kept out', async (t) => {
  const url = await served(t, { scratch: memory() });
  const said = await new Running(t, 'locks-and-leases', `${url}/scratch`).done();
  assert.equal(said, "may cache: rwh\nthey read 'cached', may cache: rh\nSTATUS_LOCK_NOT_GRANTED\n");
});

test('acl: rights are set and told', async (t) => {
  const url = await served(t, { scratch: memory() });
  const said = await new Running(t, 'acl', `${url}/scratch`).done();
  assert.match(said, /^allow 1f01ff\nallow 120089\nD:P\(A;;FA;;;WD\)\n\[ \{ name: 'notes', size: 17, /);
});

test('node-fs: code for fs.promises works on a share', async (t) => {
  const url = await served(t, { scratch: memory() });
  const said = await new Running(t, 'node-fs', `${url}/scratch`).done();
  const [add, entries, error] = said.trim().split('\n');
  assert.equal(add, 'add /notes/a.txt.bak');
  assert.match(entries ?? '', /'a.txt true'/);
  assert.equal(error, "ENOENT: no such file or directory, open '/notes/none'");
});

test('copy-tree: copies, finds, gives up', async (t) => {
  const url = await served(t, { scratch: memory() });
  const said = await new Running(t, 'copy-tree', `${url}/scratch`).done();
  assert.deepEqual(said.trim().split('\n').sort(), ['3000000 bytes', 'ETIMEDOUT', 'copy/2024/a.jpg', 'copy/b.jpg']);
});

test('change-rights: an open file is refused, and opens again', async (t) => {
  assert.equal(await new Running(t, 'change-rights').done(), 'STATUS_ACCESS_DENIED\nhello\n');
});

test('dissect: names the fields of a packet', async (t) => {
  const said = await new Running(t, 'dissect').done();
  assert.match(said, /^SMB2 ECHO request$/m);
  assert.match(said, /^ +\d+\+8 MessageId: 7$/m);
});

test('ladder: prints the packets of an exchange', async (t) => {
  const folder = await folderOf(t);
  await writeFile(join(folder, 'a.txt'), 'hello');
  const url = await served(t, { docs: localDirectory(folder) });
  const said = await new Running(t, 'ladder', `${url}/docs/a.txt`).done();
  for (const name of ['NEGOTIATE', 'SESSION_SETUP', 'TREE_CONNECT', 'CREATE', 'READ']) assert.ok(said.includes(name));
});

test('read-only-backend: can be listed and read, and not be written', async (t) => {
  ran.add('read-only-backend.ts');
  const backend = pages({ 'A.txt': 'one', more: { 'b.txt': 'two', none: {} } }, 0x5041_4745);
  const share = await connect(`${await served(t, { pages: backend })}/pages`, { password: 'secret' });
  t.after(() => share.close());
  const names: string[] = [];
  for await (const entry of share.readdir('more')) names.push(`${entry.name} ${entry.size} ${entry.isDirectory()}`);
  assert.deepEqual(names, ['b.txt 3 false', 'none 0 true']);
  assert.equal(await share.readFile('a.TXT', 'utf8'), 'one');
  assert.equal(await share.readFile('more/b.txt', 'utf8'), 'two');
  const range = share.createReadStream('more/b.txt', { start: 1 });
  assert.deepEqual(await range.toArray(), [Buffer.from('wo')]);
  await assert.rejects(share.readFile('more/none'), { code: 'STATUS_FILE_IS_A_DIRECTORY' });
  await assert.rejects(share.readFile('A.txt/b'), { code: 'STATUS_OBJECT_PATH_NOT_FOUND' });
  await assert.rejects(share.readFile('c'), { code: 'STATUS_OBJECT_NAME_NOT_FOUND' });
  await assert.rejects(share.writeFile('A.txt', 'x'), { code: 'STATUS_ACCESS_DENIED' });
  await assert.rejects(share.mkdir('new'), { code: 'STATUS_ACCESS_DENIED' });
  await assert.rejects(share.rm('A.txt'), { code: 'STATUS_ACCESS_DENIED' });
});

test('every example was run', () => {
  assert.deepEqual([...ran].sort(), examples.sort());
});

test('the code in README.md and docs is cut from the examples', () => {
  const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const texts = examples.map((name) => flat(readFileSync(join(root, 'examples', name), 'utf8')));
  let blocks = 0;
  for (const file of ['README.md', 'docs/back-ends.md']) {
    for (const [, code] of readFileSync(join(root, file), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
      blocks++;
      assert.ok(
        texts.some((text) => text.includes(flat(code as string))),
        `${file}: in no example:\n${code}`,
      );
    }
  }
  assert.ok(blocks >= 5, `only ${blocks} blocks were looked at`);
});
