import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { type Examination, examine, type Finding } from '#client/index.js';
import { ACCOUNT, freePort, requirePeer, run } from '#testing/peers.js';
import { type SmbdOptions, startSmbd } from '#testing/smbd.js';
import { root } from '../root.js';
import { serve } from './serve.js';

interface Place {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

function look({ port, user, password }: Place, share = '', ntlmv1 = true): Promise<Examination> {
  return examine(`smb://127.0.0.1:${port}/${share}`, { user, password, timeoutMs: 10_000, smb1: { ntlmv1 } });
}

/** Values by id. */
function facts({ findings }: Examination): Record<string, Finding['value']> {
  return Object.fromEntries(findings.map(({ id, value }) => [id, value]));
}

const DIALECTS = ['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'];
const all = (from: string, to: string): Record<string, boolean> =>
  Object.fromEntries(DIALECTS.map((name) => [`dialect.${name}`, name >= from && name <= to]));

/** What is found for each configuration. */
const CONFIGURATIONS: Readonly<Record<string, { options: SmbdOptions; found: Record<string, Finding['value']> }>> = {
  defaults: {
    options: {},
    found: {
      ...all('2.0.2', '3.1.1'),
      'dialect.NT1': true,
      signing: 'enabled',
      ciphers: ['AES-128-GCM', 'AES-128-CCM', 'AES-256-GCM', 'AES-256-CCM'],
      'signing-algorithms': ['AES-GMAC', 'AES-CMAC', 'HMAC-SHA256'],
      compression: [],
      sizes: 'read 8 MiB, write 8 MiB, other 8 MiB',
      dfs: true,
      leases: true,
      multichannel: true,
      clock: 'right',
      logon: true,
      share: true,
      guest: false,
      ntlm: 'NTLMv1 and NTLMv2',
    },
  },
  'signing required, NTLMv2 only, no SMB1, no DFS': {
    options: {
      mode: 'smb2only',
      global: [
        'server signing = mandatory',
        'ntlm auth = ntlmv2-only',
        'host msdfs = no',
        'restrict anonymous = 2',
        'server multi channel support = no',
      ],
    },
    found: {
      'dialect.NT1': false,
      signing: 'required',
      ntlm: 'NTLMv2 only',
      dfs: false,
      multichannel: false,
      logon: true,
      anonymous: true,
    },
  },
  'encryption required': {
    options: { mode: 'encrypt' },
    found: { ...all('3.0', '3.1.1'), 'dialect.NT1': false, logon: true, anonymous: false },
  },
  'old dialects': {
    options: { mode: 'smb2only', global: ['server max protocol = SMB2_10'] },
    found: { ...all('2.0.2', '2.1'), ciphers: undefined, logon: true },
  },
  'SMB1 only': {
    options: { mode: 'smb1only' },
    found: { ...all('9', '0'), 'dialect.NT1': true, logon: true },
  },
  guests: { options: { mode: 'guest' }, found: { guest: true, anonymous: true, logon: true } },
  'no NTLM': { options: { global: ['ntlm auth = disabled'] }, found: { logon: false, ntlm: undefined } },
};

test('smbd is found to be what it was told to be', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  for (const [name, { options, found }] of Object.entries(CONFIGURATIONS)) {
    await t.test(name, async (t) => {
      const seen = facts(await look(await startSmbd(t, options), 'share'));
      const wanted = Object.fromEntries(Object.keys(found).map((id) => [id, seen[id]]));
      assert.deepEqual(wanted, found);
    });
  }
});

test('an account that became a guest tells nothing of NTLM', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const place = await startSmbd(t, { mode: 'guest' });
  const { logon, guest, ntlm } = facts(await look({ ...place, user: 'nobody-at-all' }));
  assert.deepEqual([logon, guest, ntlm], [false, true, undefined]);
});

test('NTLMv1, which gives the password away, is tried for who asks for it only', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const place = await startSmbd(t, {});
  assert.equal(facts(await look(place, '', false)).ntlm, 'NTLMv2');
  assert.equal(facts(await look(place)).ntlm, 'NTLMv1 and NTLMv2');
});

test('our own server, and each finding with what it means', async (t) => {
  const { port } = await serve(t);
  const examined = await look({ port, ...ACCOUNT }, 'memory');
  const seen = facts(examined);
  assert.deepEqual(
    [seen['dialect.NT1'], seen['dialect.3.1.1'], seen.signing, seen.guest, seen.anonymous, seen.ntlm, seen.clock],
    [false, true, 'required', false, false, 'NTLMv2 only', 'right'],
  );
  assert.deepEqual([seen.logon, seen.share, seen.leases], [true, true, true]);
  const bad = examined.findings.filter(({ verdict }) => verdict === 'bad');
  assert.deepEqual(bad, []);
  for (const { id, title, means } of examined.findings) assert.ok(title !== '' && means.length > 10, id);
  assert.equal(new Set(examined.findings.map(({ id }) => id)).size, examined.findings.length);
  assert.equal(examined.server?.dnsName ?? examined.server?.netbiosName, seen.name);
});

test('wrong accounts, wrong shares, and places that are no servers', async (t: TestContext) => {
  const { port } = await serve(t);
  const wrong = await look({ port, user: ACCOUNT.user, password: 'wrong' });
  assert.match(wrong.findings.find(({ id }) => id === 'logon')?.means ?? '', /wrong user or password/);
  const missing = await look({ port, ...ACCOUNT }, 'nothing');
  assert.match(missing.findings.find(({ id }) => id === 'share')?.means ?? '', /no share of that name/);
  const nobody = await look({ port: await freePort(), ...ACCOUNT });
  assert.deepEqual(facts(nobody), { reachable: false });
  assert.match(nobody.findings[0]?.means ?? '', /nothing listens there/);
  const web = createHttpServer().listen(0, '127.0.0.1');
  t.after(() => void web.close());
  await new Promise((resolve) => web.once('listening', resolve));
  const http = await look({ port: (web.address() as { port: number }).port, ...ACCOUNT });
  assert.equal(facts(http).smb, false);
});

test('sombrero doctor', async (t) => {
  const { port } = await serve(t);
  const doctor = (...args: string[]): ReturnType<typeof run> =>
    run('node', [`${root}/dist/packed/main.cjs`, 'doctor', ...args]);
  const url = `smb://${ACCOUNT.user}:${encodeURIComponent(ACCOUNT.password)}@127.0.0.1:${port}/memory`;
  const text = await doctor(url);
  assert.equal(text.status, 0, text.stderr);
  assert.match(text.stdout, /^\+ SMB 3\.1\.1 +yes /m);
  assert.match(text.stdout, /^\+ share memory +yes /m);
  const json = await doctor(url, '--json');
  const { findings } = JSON.parse(json.stdout) as Examination;
  assert.ok(findings.some(({ id, value }) => id === 'signing' && value === 'required'));
  const none = await doctor(`smb://u:p@127.0.0.1:${await freePort()}`);
  assert.equal(none.status, 1);
  assert.match(none.stderr, /nothing listens there/);
});
