import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { exchangesOf } from '#testing/exchange.js';
import { startImpacketServer } from '#testing/impacket-server.js';
import { credentials, requirePeer, smbclient } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { tsharkCapture, tsharkExpert } from '#testing/tshark.js';

test('smbclient lists a share of smbd, and the capture of it is whole and without fault', async (t) => {
  if (!requirePeer(t, 'smbd', 'smbclient', 'tshark')) return;
  const smbd = await startSmbd(t);
  await writeFile(join(smbd.share, 'hello.txt'), 'hello');
  const capture = await tsharkCapture(t, smbd.port);
  const listed = await smbclient('//127.0.0.1/share', '-p', smbd.port, '-U', credentials(), '-c', 'ls');
  assert.equal(listed.status, 0, listed.stdout + listed.stderr);
  assert.match(listed.stdout, /hello\.txt/);
  const file = await capture.stop();
  const conversations = exchangesOf(await readFile(file), smbd.port);
  assert.equal(conversations.length, 1);
  assert.ok((conversations[0]?.length ?? 0) > 10);
  assert.deepEqual(await tsharkExpert(file, smbd.port), []);
});

for (const version of ['smb1', 'smb2'] as const) {
  test(`smbclient lists a share of impacket (${version})`, async (t) => {
    if (!requirePeer(t, 'impacket', 'smbclient')) return;
    const server = await startImpacketServer(t, version);
    await writeFile(join(server.share, 'hello.txt'), 'hello');
    const dialect = version === 'smb1' ? ['-m', 'NT1', '--option=client min protocol=NT1'] : [];
    const listed = await smbclient('//127.0.0.1/share', '-p', server.port, '-U', credentials(), ...dialect, '-c', 'ls');
    assert.equal(listed.status, 0, listed.stdout + listed.stderr);
    assert.match(listed.stdout, /hello\.txt/);
  });
}
