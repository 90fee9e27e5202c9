import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { requirePeer, temporaryFolder } from '#testing/peers.js';
import { cli, fullFile, manyFiles, type Step, sparseFile, target } from './trees.js';

const MIB = 1024 ** 2;
/** Node itself takes about 60 MiB, the buffers 40. */
const MOST_MEMORY = 320 * MIB;

function isFlat(steps: readonly Step[]): void {
  for (const { what, memory } of steps) assert.ok(memory < MOST_MEMORY, `${what} took ${Math.round(memory / MIB)} MiB`);
}

test('many small files, a sparse file and a full one, to smbd and back', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const place = await target(t, 'smbd');
  isFlat(await manyFiles(place, 1000, 20));
  isFlat(await sparseFile(place, 1024 * MIB));
  isFlat(await fullFile(place, 200 * MIB));
});

test('the same to a server of ours', async (t) => {
  const place = await target(t, 'sombrero');
  isFlat(await manyFiles(place, 1000, 20));
  isFlat(await sparseFile(place, 1024 * MIB));
  isFlat(await fullFile(place, 200 * MIB));
});

test('from smbd to a server of ours, and moved back', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const [theirs, ours] = [await target(t, 'smbd'), await target(t, 'sombrero')];
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'in/sub'), { recursive: true });
  await writeFile(join(folder, 'in/a.txt'), 'alpha');
  await writeFile(join(folder, 'in/sub/b.bin'), Buffer.alloc(3 * MIB, 7));
  await cli('put', '-r', join(folder, 'in'), `${theirs.url}/tree`);
  await cli('cp', '-r', '--verify', '-p', `${theirs.url}/tree`, `${ours.url}/tree`);
  assert.equal((await cli('diff', '--content', `${theirs.url}/tree`, `${ours.url}/tree`)).stdout, '');
  assert.equal((await cli('diff', `${theirs.url}/tree`, `${ours.url}/tree`)).stdout, '');
  await cli('mv', '--copy', `${ours.url}/tree`, `${theirs.url}/moved`);
  assert.equal((await cli('ls', ours.url)).stdout, '');
  assert.equal(await readFile(join(theirs.folder, 'moved/a.txt'), 'utf8'), 'alpha');
  assert.equal((await cli('diff', '-c', join(folder, 'in'), `${theirs.url}/moved`)).stdout, '');
});
