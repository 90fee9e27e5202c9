import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, readFileSync } from 'node:fs';
import { mkdir, open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bequeath } from '#testing/executor.js';
import { ACCOUNT, type Cleanup, inReverse, temporaryFolder } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';

const MAIN = fileURLToPath(new URL('../../../dist/packed/main.cjs', import.meta.url));
const MIB = 1024 * 1024;

/** A server to run the command line against. */
export interface Target {
  readonly name: 'smbd' | 'sombrero';
  /** URL of its share, with the user. */
  readonly url: string;
  /** The folder behind the share. */
  readonly folder: string;
  /** A folder on the same disk. */
  readonly work: string;
}

/** smbd, or our server in its own process, with a share on disk. */
export async function target(t: Cleanup, name: Target['name']): Promise<Target> {
  const cleanup = inReverse(t);
  const work = await temporaryFolder(cleanup);
  if (name === 'smbd') {
    const { port, share } = await startSmbd(cleanup);
    return { name, url: `smb://${ACCOUNT.user}@127.0.0.1:${port}/share`, folder: share, work };
  }
  const folder = join(work, 'share');
  await mkdir(folder);
  const user = `${ACCOUNT.user}:${ACCOUNT.password}`;
  const args = ['serve', '--no-control', '--user', user, '--listen', '127.0.0.1:0', '--share', `share=${folder}`];
  const server = bequeath(spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'ignore'] }));
  cleanup.after(async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'close');
  });
  let said = '';
  for await (const chunk of server.stdout.setEncoding('utf8')) {
    said += chunk;
    if (said.includes('listening on ')) break;
  }
  const place = /listening on smb:\/\/(\S+)/.exec(said)?.[1];
  assert.ok(place, said);
  return { name, url: `smb://${ACCOUNT.user}@${place}`, folder, work };
}

/** Result of a command. */
export interface Ran {
  readonly stdout: string;
  readonly seconds: number;
  /** Peak memory in bytes; 0 if unknown. */
  readonly memory: number;
}

function memoryOf({ pid }: ChildProcess): number {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    // It has ended, or this is not Linux.
    return 0;
  }
}

/** Runs the command line; it must succeed and print nothing on stderr. */
export async function cli(...args: string[]): Promise<Ran> {
  const began = Date.now();
  const env = { ...process.env, SOMBRERO_PASSWORD: ACCOUNT.password };
  const child = bequeath(spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  const ended = once(child, 'close');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  let memory = 0;
  const watching = (async () => {
    while (child.exitCode === null && child.signalCode === null) {
      memory = Math.max(memory, memoryOf(child));
      await setTimeout(20);
    }
  })();
  const [status] = (await ended) as [number];
  await watching;
  assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
  assert.equal(stderr, '');
  return { stdout, seconds: (Date.now() - began) / 1000, memory };
}

/** One measured step. */
export interface Step extends Omit<Ran, 'stdout'> {
  readonly what: string;
}

/** Many small files: uploaded, listed, compared, downloaded, compared again and deleted. */
export async function manyFiles({ url, work }: Target, files: number, directories: number): Promise<Step[]> {
  const [here, back] = [join(work, 'many'), join(work, 'back')];
  const each = Math.ceil(files / directories);
  for (let d = 0; d < directories; d++) {
    await mkdir(join(here, `directory-${d}`), { recursive: true });
    const writes = Array.from({ length: each }, (_, f) =>
      writeFile(join(here, `directory-${d}/file-${f}.txt`), `${d} ${f} ${'x'.repeat((d * 7 + f * 13) % 900)}\n`),
    );
    await Promise.all(writes);
  }
  const steps: Step[] = [];
  const run = async (what: string, ...args: string[]): Promise<string> => {
    const { stdout, ...measured } = await cli(...args);
    steps.push({ what, ...measured });
    return stdout;
  };
  const total = each * directories;
  const up = JSON.parse(await run('put', 'put', '-r', '--json', here, `${url}/many`)) as { files: number };
  assert.equal(up.files, total);
  const listed = await run('find', 'find', '--type', 'f', `${url}/many`);
  assert.equal(listed.split('\n').length - 1, total);
  assert.equal(await run('diff', 'diff', here, `${url}/many`), '');
  assert.equal(await run('diff --content', 'diff', '--content', here, `${url}/many`), '');
  await run('put --resume', 'put', '-r', '-T', '--resume', here, `${url}/many`);
  const down = JSON.parse(await run('get', 'get', '-r', '--json', `${url}/many`, back)) as { files: number };
  assert.equal(down.files, total);
  assert.equal(await run('diff of what came back', 'diff', '--content', here, back), '');
  const gone = JSON.parse(await run('rm', 'rm', '-r', '--json', `${url}/many`)) as { files: number };
  assert.equal(gone.files, total);
  await rm(here, { recursive: true });
  await rm(back, { recursive: true });
  return steps;
}

/** A file with little data among zeros, up and down: contents are right, and it is still sparse. */
export async function sparseFile({ url, folder, work }: Target, size: number): Promise<Step[]> {
  const here = join(work, 'sparse');
  const data = randomBytes(3 * MIB);
  const places = [0, 0.1, 0.25, 0.5, 0.75].map((part) => Math.floor(size * part) + (part === 0 ? 0 : 4321));
  places.push(size - data.length - 10 * MIB);
  const file = await open(here, 'w');
  for (const at of places) await file.write(data, 0, data.length, at);
  await file.truncate(size);
  await file.close();
  const { mtimeMs } = await stat(here);
  const check = async (path: string): Promise<void> => {
    const info = await stat(path);
    assert.equal(info.size, size, path);
    // utimes takes fractions of seconds.
    assert.ok(Math.abs(info.mtimeMs - mtimeMs) < 2, path);
    // Everything but the data is holes, hence zero.
    const most = places.length * (data.length + 2 * MIB);
    assert.ok(info.blocks * 512 <= most, `${path} takes ${info.blocks * 512} bytes`);
    const copy = await open(path);
    for (const at of places) {
      const read = Buffer.alloc(data.length);
      await copy.read(read, 0, read.length, at);
      assert.ok(read.equals(data), `${path} differs at ${at}`);
    }
    await copy.close();
  };
  const put = await cli('put', here, `${url}/sparse`);
  await check(join(folder, 'sparse'));
  const back = join(work, 'sparse-back');
  const get = await cli('get', `${url}/sparse`, back);
  await check(back);
  await cli('rm', `${url}/sparse`);
  await Promise.all([rm(here), rm(back)]);
  return [
    { what: 'put sparse', seconds: put.seconds, memory: put.memory },
    { what: 'get sparse', seconds: get.seconds, memory: get.memory },
  ];
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: MIB })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

/** A file full of data: uploaded, copied on the server, and downloaded. */
export async function fullFile({ url, folder, work }: Target, size: number): Promise<Step[]> {
  const here = join(work, 'full');
  const block = randomBytes(MIB);
  const file = await open(here, 'w');
  for (let at = 0; at < size; at += MIB) {
    block.writeUInt32LE(at / MIB, 0);
    await file.write(block, 0, Math.min(MIB, size - at));
  }
  await file.close();
  const wanted = await hashOf(here);
  const put = await cli('put', here, `${url}/full`);
  assert.equal(await hashOf(join(folder, 'full')), wanted);
  await rm(here);
  const cp = await cli('cp', `${url}/full`, `${url}/copy`);
  assert.equal(await hashOf(join(folder, 'copy')), wanted);
  await cli('rm', `${url}/copy`);
  const get = await cli('get', `${url}/full`, here);
  assert.equal(await hashOf(here), wanted);
  await cli('rm', `${url}/full`);
  await rm(here);
  return [
    { what: 'put full', seconds: put.seconds, memory: put.memory },
    { what: 'cp full', seconds: cp.seconds, memory: cp.memory },
    { what: 'get full', seconds: get.seconds, memory: get.memory },
  ];
}
