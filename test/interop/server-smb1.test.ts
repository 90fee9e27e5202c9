import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from '#client/index.js';
import { memory } from '#fs/index.js';
import type { ServerOptions } from '#server/index.js';
import { ACCOUNT, type Finished, requirePeer, run, smbclient } from '#testing/peers.js';
import { framed, RawPeer } from './raw-peer.js';
import { flags, noise, type Served, serve, sha256, succeed } from './serve.js';

const NT1 = { dialect: 'NT1', protection: 'default' } as const;
const SMB1: ServerOptions = { dialects: { min: 'NT1' }, signing: 'enabled' };

function curl(served: Served, path: string, ...args: string[]): Promise<Finished> {
  const who = ['--user', `${ACCOUNT.user}:${ACCOUNT.password}`, '--silent', '--show-error', '--max-time', '30'];
  return run('curl', [...who, ...args, `smb://127.0.0.1:${served.port}/${path}`]);
}

test('curl puts and gets files: NTLMv1, one OPEN_ANDX at a time', async (t) => {
  if (!requirePeer(t, 'curl')) return;
  const served = await serve(t, { ...SMB1, smb1: { ntlmv1: true, extendedSecurity: false } });
  for (const size of [0, 1, 4096, 65_537, 1_000_000]) {
    const bytes = noise(size);
    const [up, down] = [join(served.work, `up-${size}`), join(served.work, `down-${size}`)];
    await writeFile(up, bytes);
    const put = await curl(served, `local/file-${size}`, '--upload-file', up);
    assert.equal(put.status, 0, put.stderr);
    assert.equal(sha256(await readFile(join(served.folder, `file-${size}`))), sha256(bytes));
    const got = await curl(served, `local/file-${size}`, '--output', down);
    assert.equal(got.status, 0, got.stderr);
    if (size > 0) assert.equal(sha256(await readFile(down)), sha256(bytes));
  }
  assert.notEqual((await curl(served, 'local/missing')).status, 0);
  assert.notEqual((await curl(served, 'nowhere/file-1')).status, 0);
});

test('curl is refused where NTLMv1 is not let in, and with a wrong password', async (t) => {
  if (!requirePeer(t, 'curl')) return;
  const strict = await serve(t, { ...SMB1, smb1: { extendedSecurity: false } });
  assert.notEqual((await curl(strict, 'local/file')).status, 0);
  const open = await serve(t, { ...SMB1, smb1: { ntlmv1: true, extendedSecurity: false } });
  await writeFile(join(open.folder, 'file'), 'content');
  const wrong = await run('curl', ['--user', 'games:wrong', '-sS', `smb://127.0.0.1:${open.port}/local/file`]);
  assert.notEqual(wrong.status, 0);
  assert.equal((await curl(open, 'local/file')).stdout, 'content');
});

for (const strict of [false, true]) {
  test(`impacket over the NetBIOS session service, called name ${strict ? 'checked' : 'not checked'}`, async (t) => {
    if (!requirePeer(t, 'impacket')) return;
    const served = await serve(t, { ...SMB1, name: 'FILES', netbios: { strict } });
    const { port } = await served.server.listen(0, '127.0.0.1', { netbios: true });
    const script = (called: string): string => `
import sys
from impacket.smbconnection import SMBConnection
c = SMBConnection('${called}', '127.0.0.1', sess_port=${port}, preferredDialect='NT LM 0.12', manualNegotiate=True)
c.negotiateSession('NT LM 0.12')
c.login('${ACCOUNT.user}', '${ACCOUNT.password}')
t = c.connectTree('local')
f = c.createFile(t, 'over-netbios')
c.writeFile(t, f, b'content', 0)
print(c.readFile(t, f, 0, 7))
`;
    // impacket uses the session service only on port 139, so its port constant is replaced.
    const patched = (called: string): string =>
      `import impacket.nmb as n\nn.NETBIOS_SESSION_PORT = ${port}\nimport impacket.smb as s\n${script(called)}`;
    const ask = (called: string): Promise<Finished> => run('/usr/bin/python3', ['-c', patched(called)]);
    const ours = await ask('FILES');
    assert.match(ours.stdout, /b'content'/, ours.stderr);
    const other = await ask('OTHERS');
    if (strict) assert.match(other.stderr, /Called name not present|NetBIOS|Error/i);
    else assert.match(other.stdout, /b'content'/, other.stderr);
  });
}

test('share-level security: a password for each share, the user does not matter', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const served = await serve(t, {
    ...SMB1,
    dialects: { min: 'NT1', max: 'NT1' },
    smb1: { security: 'share', ntlmv1: true },
    shares: { locked: { backend: memory(), password: 'open', guests: 'write' } },
  });
  const as = (user: string, share: string): Promise<Finished> => {
    const old = [
      '--option=client lanman auth=yes',
      '--option=client plaintext auth=yes',
      '--option=client ntlmv2 auth=no',
    ];
    const who = ['-p', served.port, '-U', user, ...flags(NT1), ...old, '--option=client use spnego=no'];
    return smbclient(`//127.0.0.1/${share}`, ...who, '-c', 'mkdir folder; ls; rmdir folder');
  };
  const outcomes = { right: await as('anybody%open', 'locked'), wrong: await as('anybody%wrong', 'locked') };
  assert.equal(outcomes.right.status, 0, outcomes.right.stdout + outcomes.right.stderr);
  assert.notEqual(outcomes.wrong.status, 0, outcomes.wrong.stdout);
});

for (const signing of ['enabled', 'required'] as const) {
  test(`whoever signs, or would: signing ${signing}`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, { ...SMB1, signing });
    for (const policy of ['off', 'if_required', 'desired', 'required']) {
      const asked = ['--option=client min protocol=NT1', '-m', 'NT1', `--option=client signing=${policy}`];
      const who = ['-p', served.port, '-U', `${ACCOUNT.user}%${ACCOUNT.password}`, ...asked];
      const { status, stdout, stderr } = await smbclient('//127.0.0.1/local', ...who, '-c', 'mkdir d; ls; rmdir d');
      const refused = signing === 'required' && policy === 'off';
      assert.equal(status === 0, !refused, `${policy}: ${stdout}${stderr}`);
    }
    for (const policy of ['off', 'enabled', 'required'] as const) {
      if (signing === 'required' && policy === 'off') continue;
      const url = `smb://${ACCOUNT.user}:${encodeURIComponent(ACCOUNT.password)}@127.0.0.1:${served.port}/local`;
      const share = await connect(url, { dialects: { min: 'NT1', max: 'NT1' }, signing: policy });
      await share.writeFile('signed', policy);
      assert.equal(await share.readFile('signed', 'utf8'), policy);
      // Both sides offer signing, so it is used.
      assert.equal(share.info.signingAlgorithm, policy === 'off' ? undefined : 'MD5');
      await share.close();
    }
  });
}

/** An SMB1 message with a faulty AndX chain. */
function chained(...blocks: readonly (readonly number[])[]): Uint8Array {
  const header = Buffer.alloc(32);
  header.write('\xffSMB', 'latin1');
  header[4] = 0x73;
  header[9] = 0x18;
  header.writeUInt16LE(0xc807, 10);
  return Buffer.concat([header, Buffer.from(blocks.flat())]);
}

const NEGOTIATE = Buffer.concat([
  Buffer.from('ff534d4272000000001843c80000000000000000000000000000feff00000000', 'hex'),
  Buffer.from('000c00024e54204c4d20302e313200', 'hex'),
]);

test('AndX chains that loop, go back or run out end somewhere', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const served = await serve(t, SMB1);
  const setup = (next: number, at: number): number[] => [2, next, 0, at & 255, at >> 8, 0, 0];
  const chains: Readonly<Record<string, Uint8Array>> = {
    itself: chained(setup(0x73, 32)),
    'back and forth': chained(setup(0x73, 39), setup(0x73, 32)),
    beyond: chained(setup(0x73, 0xffff)),
    'into the header': chained(setup(0x73, 4)),
    'a long one': chained(...Array.from({ length: 3000 }, (_, i) => setup(0x73, 32 + (i + 1) * 7))),
    'no words': chained([0, 0, 0]),
    'more words than there are': chained([255, 0x73, 0]),
  };
  for (const [what, bytes] of Object.entries(chains)) {
    const peer = await RawPeer.connect(served.port);
    peer.write(framed(NEGOTIATE));
    assert.ok(await peer.frame(), what);
    const started = performance.now();
    peer.write(framed(bytes));
    // An error response or the end of the connection are both fine.
    await peer.frame();
    assert.ok(performance.now() - started < 2000, what);
    peer.end();
    await peer.ended;
  }
  await succeed(served, 'local', ...flags(NT1), '-c', 'ls');
});
