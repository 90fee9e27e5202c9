import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { unixNames } from './unix-names.js';

test('names and numbers come from the files as they are now', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'unix-names-'));
  t.after(() => rm(folder, { recursive: true }));
  const passwd = join(folder, 'passwd');
  const names = unixNames(passwd, join(folder, 'missing'));
  assert.equal(await names.userName(0), undefined);
  await writeFile(passwd, 'root:x:0:0:root:/root:/bin/sh\ntoor:x:0:0::/:\nbad:x:no:1\n\nann:x:1000:100\n');
  assert.equal(await names.userName(0), 'root');
  assert.equal(await names.uid('toor'), 0);
  assert.equal(await names.uid('ann'), 1000);
  assert.equal(await names.uid('bad'), undefined);
  assert.equal(await names.groupName(0), undefined);
  await writeFile(passwd, 'bob:x:7:7\n');
  assert.equal(await names.userName(7), 'bob');
  assert.equal(await names.userName(0), undefined);
});
