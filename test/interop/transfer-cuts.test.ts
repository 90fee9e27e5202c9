import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { connect } from '#client/index.js';
import { temporaryFolder } from '#testing/peers.js';
import {
  Crew,
  copyTree,
  localTree,
  removeTree,
  shareTree,
  type TransferEvent,
  type TransferResult,
} from '#transfer/index.js';
import { contents, onDisk, SEED, sha256, sorted } from './cut-content.js';
import { atCutServers, type CutPlace, throughCutter } from './cut-servers.js';

/** Files small enough to be copied in one piece. */
const SMALL = 200;

/** Transfers as the commands do, up and down over connections that are cut; both ends must be equal each time. */
async function transferUnderCuts(t: TestContext, place: CutPlace): Promise<void> {
  const root = await temporaryFolder(t);
  const files = contents();
  for (let i = 0; i < SMALL; i++) files.push({ path: `small/${i}.txt`, bytes: Buffer.from(`the text of ${i}`) });
  for (const { path, bytes } of files) {
    const name = join(root, 'from', path);
    await mkdir(dirname(name), { recursive: true });
    await writeFile(name, bytes);
  }
  const expected = sorted(new Map(files.map(({ path, bytes }) => [path, sha256(bytes)])));
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const { cutter, url, settings } = await throughCutter(t, place, { every: total / 8, seed: SEED + 7 });
  const share = await connect(url, settings);
  const crew = new Crew(share, () => connect(url, { ...settings, shared: false }));
  const failures: unknown[] = [];
  const onEvent = (event: TransferEvent): void => {
    if (event.kind === 'failed') failures.push(event.error);
  };
  cutter.armed = true;
  const began = performance.now();
  const whole = ({ files: count, failed }: TransferResult): void => {
    assert.deepEqual(failures, []);
    assert.deepEqual([count, failed], [files.length, 0]);
  };
  let rounds = 0;
  do {
    const name = `round${rounds++}`;
    const there = shareTree(share, name, undefined, crew);
    whole(await copyTree(localTree(join(root, 'from')), there, { onEvent }));
    assert.deepEqual(sorted(await onDisk(join(place.folder, name))), expected, `${name}, on the server's disk`);
    whole(await copyTree(there, localTree(join(root, name)), { onEvent }));
    assert.deepEqual(sorted(await onDisk(join(root, name))), expected, `${name}, come back`);
    await rm(join(root, name), { recursive: true });
    await removeTree(there);
    assert.ok(!(await readdir(place.folder)).includes(name), 'all of it is gone');
  } while (!cutter.isDone);
  await crew.close();
  await share.close();
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  t.diagnostic(`${cutter.done} cuts, ${cutter.connections} connections, ${rounds} trees up and down in ${seconds} s`);
}

atCutServers('what the commands copy trees with goes on while its connections are cut', transferUnderCuts);
