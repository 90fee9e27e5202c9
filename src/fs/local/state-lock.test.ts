import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { stateDirectory } from './state-directory.js';
import { lockDirectory } from './state-lock.js';

function directory(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'lock-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const inUseBy =
  (whom: string) =>
  (error: unknown): boolean =>
    error instanceof StatusError && error.status === NtStatus.SharingViolation && error.message.includes(whom);

const lockOf = (path: string, content: string): void => writeFileSync(join(path, 'other.lock'), content);

async function pidOfTheDead(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid as number;
}

test('a directory has one holder', async (t) => {
  const path = directory(t);
  const unlock = await lockDirectory(path);
  await assert.rejects(lockDirectory(path), inUseBy(`${path} is in use by this process`));
  assert.equal(readdirSync(path).length, 1, 'who is refused leaves nothing');
  await unlock();
  assert.deepEqual(readdirSync(path), []);
  await (await lockDirectory(path))();
});

test('of several that come at once at most one gets it, and later comers get it then', async (t) => {
  const path = directory(t);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(path)));
  const held = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  assert.ok(held.length <= 1);
  for (const { value } of held) await value();
  await (await lockDirectory(path))();
});

test('what a process that is gone has left stops nobody, one that is there does', async (t) => {
  const path = directory(t);
  for (const left of [`${await pidOfTheDead()} boot:1\n`, `${await pidOfTheDead()} \n`, '', 'what is this', '1\n']) {
    lockOf(path, left);
    await (await lockDirectory(path))();
    assert.deepEqual(readdirSync(path), [], left);
  }
  lockOf(path, `${process.ppid} \n`);
  await assert.rejects(lockDirectory(path), inUseBy(`process ${process.ppid}`));
});

test('a process that has got the number of one that is gone is another', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const path = directory(t);
  for (const pid of [process.pid, process.ppid]) {
    lockOf(path, `${pid} another-boot:1\n`);
    await (await lockDirectory(path))();
    assert.deepEqual(readdirSync(path), []);
  }
});

test('a state directory is for one store from load to close', async (t) => {
  const path = directory(t);
  const [one, two] = [stateDirectory(path), stateDirectory(path)];
  const load = async (store: typeof one): Promise<unknown> => store.load(() => undefined);
  await load(one);
  await load(one);
  await assert.rejects(load(two), inUseBy('this process'));
  await one.close?.();
  await one.close?.();
  await load(two);
  await two.close?.();
});
