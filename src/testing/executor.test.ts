import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { watch as changesIn, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryFolder } from './peers.js';

const SCRIPT = `
const { spawn } = await import('node:child_process');
const { bequeath, bequeathFolder } = await import(process.argv[1]);
const [, , folder, group] = process.argv;
bequeathFolder(folder);
const forever = ['-e', 'setInterval(() => {}, 1e9); process.stdout.write("up")'];
bequeath(spawn(process.execPath, forever, { detached: group === 'group', stdio: ['ignore', 'inherit', 'inherit'] }), group === 'group');
setInterval(() => {}, 1e9);
`;

async function killed(t: TestContext, group: string): Promise<void> {
  const folder = join(await temporaryFolder(t), 'left');
  await mkdir(folder);
  await writeFile(join(folder, 'file'), 'x');
  const module = new URL('./executor.js', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, module, folder, group], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => {
    const watcher = watch(dirname(folder), (kind, name) => {
      if (kind !== 'rename' || name !== 'left') return;
      watcher.close();
      resolve();
    });
  });
  await once(child.stdout, 'data');
  const ended = once(child.stdout.resume(), 'end');
  child.kill('SIGKILL');
  // The process that it has started holds the other end of the pipe.
  await ended;
  await gone;
}

for (const group of ['alone', 'group']) {
  test(`what a test has started ends when the test is killed: ${group}`, async (t) => {
    if (process.platform === 'win32') return t.skip('there is no shell');
    await killed(t, group);
  });
}

test('folders go whatever they are called, and none that is called by a part of that', async (t) => {
  if (process.platform === 'win32') return t.skip('there is no shell');
  const top = await temporaryFolder(t);
  const names = { left: ['a b', 'c*', '-d e'], kept: ['a', 'cc', 'f g'] };
  for (const name of [...names.left, ...names.kept]) {
    await mkdir(join(top, name));
    await writeFile(join(top, name, 'file'), '');
  }
  const left = names.left.map((name) => join(top, name));
  const program = `
    import { bequeathFolder } from ${JSON.stringify(new URL('./executor.js', import.meta.url).href)};
    for (const folder of ${JSON.stringify(left)}) bequeathFolder(folder);
    bequeathFolder(${JSON.stringify(join(top, 'f g'))})();
    setImmediate(() => process.kill(process.pid, 'SIGKILL'));`;
  const changes = changesIn(top);
  spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
  for await (const _ of changes) if (left.every((folder) => !existsSync(folder))) break;
  for (const name of names.kept) assert.ok(existsSync(join(top, name, 'file')), name);
});
