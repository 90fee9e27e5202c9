import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { localDirectory } from '#fs/index.js';
import { temporaryFolder } from '#testing/peers.js';
import { memoryShare } from '#testing/transfer-bench.js';
import { copyFile, shareTree, type TransferEvent } from './index.js';

test('on one share, holes stay holes', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const folder = await temporaryFolder(t);
  const share = await memoryShare(t, localDirectory(folder));
  const size = 64 * 1024 * 1024;
  const file = await share.open('holes', { access: 'read-write', create: 'exclusive' });
  await file.makeSparse();
  await file.truncate(size);
  await file.write('data', 32 * 1024 * 1024);
  await file.close();
  await copyFile(shareTree(share), 'holes', shareTree(share), 'copy');
  const [was, is] = [statSync(join(folder, 'holes')), statSync(join(folder, 'copy'))];
  assert.equal(is.size, size);
  assert.ok(is.blocks <= was.blocks + 4096, `${is.blocks} blocks instead of ${was.blocks}`);
  assert.ok(readFileSync(join(folder, 'copy')).equals(readFileSync(join(folder, 'holes'))));
});

test('on one share, what is made of an interrupted copy of a file with holes is right', {
  skip: process.platform !== 'linux',
}, async (t) => {
  const folder = await temporaryFolder(t);
  const share = await memoryShare(t, localDirectory(folder));
  const tree = shareTree(share);
  const file = await share.open('holes', { access: 'read-write', create: 'exclusive' });
  await file.makeSparse();
  await file.write(randomBytes(32 * 1024 * 1024), 0);
  await file.truncate(200 * 1024 * 1024);
  await file.close();
  const stop = new AbortController();
  const kept: string[] = [];
  const onEvent = (event: TransferEvent): void => {
    if (event.kind === 'kept') kept.push(event.partial);
    if (event.kind === 'progress' && event.bytes > 0) stop.abort();
  };
  await assert.rejects(copyFile(tree, 'holes', tree, 'copy', { signal: stop.signal, onEvent }), /abort/);
  assert.equal(kept.length, 1);
  await copyFile(tree, 'holes', tree, 'copy', { resume: true });
  assert.ok(readFileSync(join(folder, 'copy')).equals(readFileSync(join(folder, 'holes'))));
});
