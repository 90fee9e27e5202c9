import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { libc } from './native/libc.js';
import { stateDirectory } from './state-directory.js';
import { lockDirectory } from './state-lock.js';

const skip = process.platform === 'linux' && libc() === undefined && 'without koffi nothing locks here';

function directory(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'lock-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const inUse = (error: unknown): boolean =>
  error instanceof StatusError &&
  error.status === NtStatus.SharingViolation &&
  error.message.includes('another server uses the state directory');

test('a directory has one holder', { skip }, async (t) => {
  const path = directory(t);
  const unlock = await lockDirectory(path);
  await assert.rejects(lockDirectory(path), inUse);
  await assert.rejects(lockDirectory(path), inUse, 'who was refused has not taken the lock away');
  await unlock();
  await (await lockDirectory(path))();
  assert.deepEqual(readdirSync(path), ['lock']);
});

test('of several that come at once one gets it, and later comers get it then', { skip }, async (t) => {
  const path = directory(t);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(path)));
  const held = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  assert.equal(held.length, 1);
  for (const { value } of held) await value();
  await (await lockDirectory(path))();
});

test('another process is refused as long as the holder lives, and not a moment longer', { skip }, async (t) => {
  const path = directory(t);
  const module = JSON.stringify(new URL('./state-lock.js', import.meta.url).href);
  const script = `const { lockDirectory } = await import(${module});
    globalThis.unlock = await lockDirectory(process.argv[1]);
    console.log('locked');
    setInterval(() => {}, 1 << 30);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  await assert.rejects(lockDirectory(path), inUse);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await (await lockDirectory(path))();
});

test('a link in the place of the lock is not followed', { skip: process.platform === 'win32' }, async (t) => {
  const path = directory(t);
  symlinkSync(join(path, 'elsewhere'), join(path, 'lock'));
  await assert.rejects(lockDirectory(path), { code: 'ELOOP' });
  assert.deepEqual(readdirSync(path), ['lock']);
});

test('a state directory is for one store from load to close', { skip }, async (t) => {
  const path = directory(t);
  const [one, two] = [stateDirectory(path), stateDirectory(path)];
  const load = async (store: typeof one): Promise<unknown> => store.load(() => undefined);
  await load(one);
  await load(one);
  await assert.rejects(load(two), inUse);
  await one.close?.();
  await one.close?.();
  await load(two);
  await two.close?.();
});
