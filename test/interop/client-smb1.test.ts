import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '#client/index.js';
import { requirePeer, run } from '#testing/peers.js';
import { onPort445 } from '#testing/port-445.js';
import { startSmbd } from '#testing/smbd.js';

test('descriptors over SMB1: smbcacls reads what we set, and we read what it sets', async (t) => {
  if (!requirePeer(t, 'smbd', 'smbclient')) return;
  const smbd = await startSmbd(t, { mode: 'sign' });
  const host = await onPort445(t, smbd.port);
  const share = await connect(`smb://${smbd.user}:${encodeURIComponent(smbd.password)}@127.0.0.1:${smbd.port}/share`, {
    dialects: { min: 'NT1', max: 'NT1' },
  });
  t.after(() => share.close());
  await share.writeFile('f', 'x');
  const smbcacls = async (...args: string[]): Promise<string> => {
    const how = ['-m', 'NT1', '--option=client min protocol=NT1', '-U', `${smbd.user}%${smbd.password}`, '--numeric'];
    const { stdout } = await run('smbcacls', [`//${host}/share`, 'f', ...how, ...args]);
    return stdout;
  };
  const { owner } = await share.acl('f');
  await share.setAcl('f', `D:P(A;;FA;;;${owner})(D;;0x10000;;;BG)(A;;FR;;;WD)`);
  const told = await smbcacls();
  for (const line of [
    `OWNER:${owner}`,
    `ACL:${owner}:0/0x0/0x001f01ff`,
    'ACL:S-1-5-32-546:1/0x0/0x00010000',
    'ACL:S-1-1-0:0/0x0/0x00120089',
  ]) {
    assert.ok(told.includes(line), `${line} is missing in ${told}`);
  }
  await smbcacls('-a', 'ACL:S-1-5-32-545:0/0x0/0x001200a9');
  const { entries } = await share.acl('f');
  assert.ok(entries?.some(({ sid, rights }) => sid === 'S-1-5-32-545' && rights === 0x1200a9));
});
