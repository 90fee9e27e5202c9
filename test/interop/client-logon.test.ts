import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConnection } from '#client/connection.js';
import { type ConnectOptions, connect, inspectServer, listShares, type Share } from '#client/index.js';
import { settingsFrom } from '#client/options.js';
import { pool } from '#client/pool.js';
import type { Smb2Client } from '#client/smb2/client.js';
import { startImpacketServer } from '#testing/impacket-server.js';
import { requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';

interface Place {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

const NT1: ConnectOptions = { dialects: { min: 'NT1', max: 'NT1' }, signing: 'enabled' };

async function visit<T>(
  { port, user, password }: Place,
  options: ConnectOptions,
  look: (share: Share) => T | Promise<T>,
  name = 'share',
): Promise<T> {
  const share = await connect(`smb://127.0.0.1:${port}/${name}`, { user, password, ...options });
  try {
    return await look(share);
  } finally {
    await share.close();
  }
}

test('a connection tells what was agreed and who the server says it is', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t);
  const { info } = await visit(smbd, {}, (share) => share);
  const { server } = info;
  assert.equal(info.dialect, '3.1.1');
  assert.equal(info.signingAlgorithm, 'AES-GMAC');
  assert.equal(info.mechanism, 'SPNEGO');
  assert.deepEqual(
    [info.guest, info.anonymous, info.encrypted, info.serverRequiresSigning],
    [false, false, false, false],
  );
  assert.deepEqual(info.compression, []);
  assert.ok(info.capabilities.includes('large-mtu') && info.capabilities.includes('dfs'));
  assert.ok(info.maxTransact >= 65536);
  assert.equal(server.netbiosName, 'PEER');
  assert.equal(info.serverName, 'PEER');
  assert.equal(server.netbiosDomain, 'PEER');
  assert.match(server.osVersion ?? '', /^6\.1\./);
  assert.match(server.guid ?? '', /^[0-9a-f-]{36}$/i);
  assert.ok(Math.abs(server.clockSkewMs ?? Number.NaN) < 5000, String(server.clockSkewMs));
  assert.ok(Math.abs((server.time?.getTime() ?? 0) - Date.now()) < 60_000);
  const old = await visit(smbd, NT1, (share) => share.info);
  assert.equal(old.dialect, 'NT1');
  assert.match(old.server.software ?? '', /^Samba /);
  assert.equal(old.server.netbiosName, 'PEER');
});

test('NTLM goes in SPNEGO and as it is, also where the server takes NTLMv2 only', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { global: ['ntlm auth = ntlmv2-only'] });
  for (const mechanism of ['SPNEGO', 'NTLMSSP'] as const) {
    for (const options of [{}, { dialects: { max: '2.1' } }, { encryption: 'required' }, NT1] as const) {
      await visit(smbd, { ...options, mechanism }, async (share) => {
        assert.equal(share.info.mechanism, mechanism);
        assert.equal(share.info.server.netbiosName, 'PEER');
        await share.ping();
      });
    }
  }
  // Permission to use NTLMv1 applies only to SMB1.
  const smb1 = { ntlmv1: true };
  await visit(smbd, { smb1 }, (share) => share.ping());
  await assert.rejects(
    visit(smbd, { ...NT1, smb1 }, () => undefined),
    { code: 'STATUS_LOGON_FAILURE' },
  );
});

test('a session is renewed within itself, at every dialect, signed and encrypted', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  // Samba expires only Kerberos sessions; reauthentication works the same for all.
  const [open, sealed] = [await startSmbd(t), await startSmbd(t, { global: ['smb encrypt = required'] })];
  const rounds: ConnectOptions[] = (['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'] as const).map((max) => ({
    dialects: { min: max, max },
  }));
  const all = [...rounds, { encryption: 'required' }, { signing: 'enabled' }, {}] satisfies ConnectOptions[];
  for (const [i, options] of all.entries()) {
    // The last one requires encryption.
    const { port, user, password } = i === all.length - 1 ? sealed : open;
    const settings = settingsFrom(`smb://127.0.0.1:${port}/share`, { user, password, ...options });
    const client = (await openConnection(settings)) as Smb2Client;
    try {
      const { protocol } = await client.tree('share');
      await protocol.mkdir('kept');
      for (let i = 0; i < 2; i++) {
        await client.session.reauthenticate();
        await protocol.stat('kept');
      }
      await protocol.remove('kept', true);
      assert.equal(client.session.renewals, 2);
    } finally {
      await client.close();
    }
  }
});

test('a server whose IPC$ is closed to us says so', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const { port } = await startSmbd(t, { mode: 'guest', global: ['restrict anonymous = 2'] });
  const before = pool.size;
  for (const ask of [inspectServer, listShares]) {
    await assert.rejects(ask(`smb://127.0.0.1:${port}`, { anonymous: true }), { code: 'STATUS_ACCESS_DENIED' });
    assert.equal(pool.size, before, 'the session is gone');
  }
});

test('guests and nobody come in where they ask for it, and only then', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'guest' });
  const stranger = { ...smbd, user: 'stranger' };
  for (const options of [{}, { dialects: { max: '2.1' } }, NT1] as const) {
    await assert.rejects(
      visit(stranger, options, () => undefined, 'guest'),
      /as a guest only/,
    );
    await visit(
      stranger,
      { ...options, guest: true },
      async (share) => {
        assert.deepEqual([share.info.guest, share.info.signed], [true, false]);
        await share.exists('nothing');
      },
      'guest',
    );
    await visit(
      smbd,
      { ...options, anonymous: true },
      (share) => assert.deepEqual([share.info.anonymous, share.info.guest], [true, false]),
      'guest',
    );
    // A known user is not a guest, even where guests are allowed.
    await visit(smbd, { ...options, guest: true }, (share) => assert.equal(share.info.guest, false));
    await assert.rejects(
      visit({ ...smbd, password: 'wrong' }, { ...options, guest: true }, () => undefined),
      {
        code: 'STATUS_LOGON_FAILURE',
      },
    );
  }
  await assert.rejects(
    visit(stranger, { guest: true, encryption: 'required' }, () => undefined, 'guest'),
    /have no key/,
  );
});

test('impacket takes NTLM both ways', async (t) => {
  if (!requirePeer(t, 'impacket')) return;
  for (const version of ['smb1', 'smb2'] as const) {
    const server = await startImpacketServer(t, version);
    for (const mechanism of ['SPNEGO', 'NTLMSSP'] as const) {
      const options: ConnectOptions = version === 'smb1' ? { dialects: { min: 'NT1' } } : {};
      await visit(
        server,
        { ...options, signing: 'enabled', mechanism },
        (share) => assert.equal(share.info.mechanism, mechanism),
        'SHARE',
      );
    }
  }
});
