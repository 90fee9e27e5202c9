import assert from 'node:assert/strict';
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ConnectOptions } from '#client/index.js';
import { startImpacketServer } from '#testing/impacket-server.js';
import { requirePeer } from '#testing/peers.js';
import { type Smbd, type SmbdOptions, startSmbd } from '#testing/smbd.js';
import type { ClientPlace } from '../conformance/client/suite.js';
import { judged, LACKS, placeAt, SMB1_LACKS, SMB1_LEAVES, shared, sharedSmbd, visit } from './client-matrix.js';

const all = sharedSmbd({ mode: 'all' });

const BELOW = (smbd: Smbd, name: string): string => join(smbd.share, '../shares', name);
const MODULES = ['vfs objects = acl_xattr streams_xattr', 'acl_xattr:ignore system acls = yes', 'read only = no'];

interface Configuration {
  readonly server: SmbdOptions;
  readonly share?: string;
  readonly options?: ConnectOptions & { user?: string };
  readonly more?: (smbd: Smbd) => Promise<Partial<ClientPlace>>;
}

const SNAPSHOTS: Configuration = {
  server: {
    shares: {
      old: {
        smbd: [
          'read only = no',
          'vfs objects = acl_xattr streams_xattr shadow_copy2',
          'acl_xattr:ignore system acls = yes',
          'shadow:snapdir = .snapshots',
          'shadow:snapdirseverywhere = yes',
          'shadow:sort = desc',
          'shadow:format = @GMT-%Y.%m.%d-%H.%M.%S',
          'shadow:localtime = no',
        ],
      },
    },
  },
  share: 'old',
  more: async (smbd) => {
    const then = join(BELOW(smbd, 'old'), '.snapshots/@GMT-2024.05.06-07.08.09');
    await mkdir(then, { recursive: true });
    await writeFile(join(then, 'kept'), 'as it was');
    await writeFile(join(BELOW(smbd, 'old'), 'kept'), 'as it is');
    await utimes(then, new Date(), new Date());
    const { snapshots: _, ...lacks } = LACKS;
    return { lacks, snapshot: { path: 'kept', content: 'as it was' } };
  },
};

/** Configurations beyond the matrix. */
const CONFIGURATIONS: Readonly<Record<string, Configuration>> = {
  'signing mandatory': { server: { mode: 'sign' } },
  'encryption required': { server: { mode: 'encrypt' } },
  'NTLMv2 only': { server: { global: ['ntlm auth = ntlmv2-only'] } },
  guests: {
    server: {
      mode: 'guest',
      shares: { open: { smbd: [...MODULES, 'guest ok = yes', 'force user = games'] } },
    },
    share: 'open',
    options: { guest: true, user: 'stranger' },
    more: async () => ({ lacks: { RPC: 'guests may not ask' } }),
  },
  'a DFS root': { server: { shares: { dfs: { smbd: [...MODULES, 'msdfs root = yes'] } } }, share: 'dfs' },
  'case-sensitive': {
    server: { share: ['case sensitive = yes'] },
    more: async () => ({ caseSensitive: true }),
  },
  snapshots: SNAPSHOTS,
  'snapshots over SMB1': {
    ...SNAPSHOTS,
    options: { dialects: { min: 'NT1', max: 'NT1' }, signing: 'off' },
    more: async (smbd) => {
      const then = await SNAPSHOTS.more?.(smbd);
      return { ...then, lacks: { ...then?.lacks, ...SMB1_LACKS }, leaves: SMB1_LEAVES };
    },
  },
  'neither streams nor descriptors': {
    server: { shares: { plain: { smbd: ['read only = no', 'ea support = no', 'store dos attributes = no'] } } },
    share: 'plain',
    more: async () => ({
      lacks: {
        'named streams': 'no module keeps them',
        'extended attributes': 'they are off',
        'creation times': 'they are not kept',
        'read-only attribute': 'it is not kept',
      },
      leaves: {
        'a file says who may do what with it, as objects and as SDDL': 'the modes of POSIX cannot say all of it',
      },
    }),
  },
};

for (const [name, { server, share = 'share', options = {}, more }] of Object.entries(CONFIGURATIONS)) {
  const start = sharedSmbd(server);
  judged(`smbd, ${name}`, async () => {
    const smbd = await start();
    const { user, ...policy } = options;
    const extra = (await more?.(smbd)) ?? {};
    const lacks = extra.snapshot ? extra.lacks : { ...LACKS, ...extra.lacks };
    return placeAt(user === undefined ? smbd : { ...smbd, user }, policy, { ...extra, lacks: lacks ?? {} }, share);
  });
}

const linked = shared(async (t) => {
  const [first, second] = [await startSmbd(t, { shares: { dfs: { smbd: ['msdfs root = yes'] } } }), await startSmbd(t)];
  await symlink(`msdfs:127.0.0.1:${second.port}\\share`, join(BELOW(first, 'dfs'), 'link'));
  return first;
});

test('a share that denies says so to each call', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await all();
  await writeFile(join(smbd.share, '../readonly/f'), 'x');
  const share = await visit(smbd, {}, 'readonly');
  t.after(() => share.close());
  assert.equal(await share.readFile('f', 'utf8'), 'x');
  const denied = { code: 'STATUS_ACCESS_DENIED' };
  await assert.rejects(share.writeFile('f', 'y'), denied);
  await assert.rejects(share.writeFile('g', 'y'), denied);
  await assert.rejects(share.mkdir('d'), denied);
  await assert.rejects(share.rm('f'), denied);
  await assert.rejects(share.rename('f', 'g'), denied);
  await assert.rejects(share.utimes('f', { mtime: new Date() }), denied);
  const dfs = await visit(await linked(), {}, 'dfs');
  t.after(() => dfs.close());
  assert.equal(await dfs.exists('link/nothing'), false);
});

for (const version of ['smb2', 'smb1'] as const) {
  test(`impacket, ${version}: files`, async (t) => {
    if (!requirePeer(t, 'impacket')) return;
    const server = await startImpacketServer(t, version);
    const options: ConnectOptions = version === 'smb1' ? { dialects: { min: 'NT1' } } : {};
    const share = await visit(server, { ...options, signing: 'enabled' }, 'SHARE');
    t.after(() => share.close());
    await share.mkdir('d');
    for (const size of [0, 1, 100_000]) {
      await share.writeFile('d/f', new Uint8Array(size).fill(7));
      assert.equal((await share.readFile('d/f')).length, size);
      assert.equal((await share.stat('d/f')).size, size);
    }
    await share.rename('d/f', 'd/g');
    assert.deepEqual(await share.readdir('d').names(), ['g']);
    await share.rm('d', { recursive: true });
    assert.equal(await share.exists('d'), false);
    for (const text of ['one', ' two']) await share.appendFile('f', text);
    assert.equal(await share.readFile('f', 'utf8'), 'one two');
    await share.mkdir('a/b/c', { recursive: true });
    assert.equal((await share.stat('a/b/c')).isDirectory(), true);
  });
}
