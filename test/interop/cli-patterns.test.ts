import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { connect } from '#client/index.js';
import { sombrero } from '#testing/command-line.js';
import { requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';

const READ_ONLY = 1;

test('patterns at smbd are about names as they are, and what is read-only goes with -f', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { port, user, password, share: folder } = await startSmbd(t);
  const url = `smb://${user}@127.0.0.1:${port}/share`;
  const cli = (...args: string[]): ReturnType<typeof sombrero> => sombrero(args, '', { SOMBRERO_PASSWORD: password });
  const share = await connect(url, { password });
  t.after(() => share.close());
  // Its 8.3 name ends in .TXT.
  const names = ['a long name.txtbak', 'b.txt', 'C.TXT', '.hidden.txt', 'x', 'ro/a', 'ro/sub/b'];
  await share.mkdir('ro/sub', { recursive: true });
  for (const name of names) await share.writeFile(name, name);
  for (const path of ['ro/a', 'ro/sub/b', 'ro/sub']) await share.setAttributes(path, READ_ONLY);
  assert.equal((await cli('ls', `${url}/*.txt`)).stdout, 'b.txt\nC.TXT\n');
  assert.deepEqual(await cli('rm', `${url}/*.txt`), { status: 0, stdout: '', stderr: '' });
  assert.deepEqual(readdirSync(folder).sort(), ['.hidden.txt', 'a long name.txtbak', 'ro', 'x']);
  const { status, stderr } = await cli('rm', '-r', `${url}/ro`);
  assert.equal(status, 1);
  assert.match(stderr, /STATUS_CANNOT_DELETE \(it is read-only, which 'rm -f' does not mind/);
  assert.deepEqual(await cli('rm', '-rf', `${url}/*`), { status: 0, stdout: '', stderr: '' });
  assert.deepEqual(readdirSync(folder), ['.hidden.txt']);
});

test('where smbd tells case apart, its short names in capitals are no names that a pattern stands for', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { port, user, password, share: folder } = await startSmbd(t, { share: ['case sensitive = yes'] });
  const url = `smb://${user}@127.0.0.1:${port}/share`;
  const share = await connect(url, { password });
  t.after(() => share.close());
  for (const name of ['a long name', 'A long name', 'abc', 'ABC']) await share.writeFile(name, name);
  const removed = await sombrero(['rm', `${url}/A*`], '', { SOMBRERO_PASSWORD: password });
  assert.deepEqual(removed, { status: 0, stdout: '', stderr: '' });
  assert.deepEqual(readdirSync(folder).sort(), ['a long name', 'abc']);
});
