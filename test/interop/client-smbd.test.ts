import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import {
  type Change,
  type ConnectOptions,
  connect,
  errnoCode,
  listShares,
  playExchange,
  type Share,
} from '#client/index.js';
import { startImpacketServer } from '#testing/impacket-server.js';
import { requirePeer } from '#testing/peers.js';
import { type Smbd, startSmbd } from '#testing/smbd.js';

const SIZES = [0, 1, 4096, 65_537, 3_000_000];
const LARGE = 200 * 1024 * 1024;
const BLOCK = 1024 * 1024;

interface Place {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

function url({ port, user, password }: Place, share = '/share'): string {
  return `smb://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}${share}`;
}

const only = (name: NonNullable<NonNullable<ConnectOptions['dialects']>['min']>): ConnectOptions => ({
  dialects: { min: name, max: name },
});

function sha256(...parts: Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function bytes(size: number): Uint8Array {
  const data = new Uint8Array(size);
  for (let i = 0; i < size; i++) data[i] = (i * 31 + (i >> 8)) & 255;
  return data;
}

async function names(share: Share, path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of share.readdir(path)) found.push(`${entry.name}${entry.isDirectory() ? '/' : ''}`);
  return found.sort();
}

/** Uses everything that a share offers, and compares with the disk behind it. */
async function exercise(share: Share, folder: string): Promise<void> {
  await share.mkdir('a/b/c', { recursive: true });
  await share.mkdir('a/b', { recursive: true });
  await assert.rejects(share.mkdir('a'), (error) => errnoCode(error) === 'EEXIST');
  for (const size of SIZES) {
    const data = bytes(size);
    await share.writeFile(`a/f${size}`, data);
    assert.equal((await share.stat(`a/f${size}`)).size, size);
    assert.equal(sha256(await readFile(join(folder, `a/f${size}`))), sha256(data), `${size} written`);
    assert.equal(sha256(await share.readFile(`a/f${size}`)), sha256(data), `${size} read`);
  }
  assert.deepEqual(await names(share, 'a'), ['b/', ...SIZES.map((size) => `f${size}`)].sort());
  await share.rename('a/f1', 'a/b/g ü');
  assert.equal(await share.exists('a/f1'), false);
  assert.equal(await share.readFile('a/b/g ü', 'latin1'), '\0');
  await share.writeFile('a/x', 'old');
  await share.rename('a/b/g ü', 'a/x');
  assert.equal((await share.stat('a/x')).size, 1);
  await assert.rejects(share.rename('a/x', 'a/f0', { replace: false }), (error) => errnoCode(error) === 'EEXIST');
  const mtime = new Date('2020-01-02T03:04:05Z');
  await share.utimes('a/x', { mtime });
  assert.equal((await share.stat('a/x')).mtime.getTime(), mtime.getTime());
  await share.copy('a/f3000000', 'a/copy');
  assert.equal(sha256(await readFile(join(folder, 'a/copy'))), sha256(bytes(3_000_000)));
  await assert.rejects(share.readFile('a/nothing'), { code: 'STATUS_OBJECT_NAME_NOT_FOUND' });
  await assert.rejects(share.rmdir('a'), (error) => errnoCode(error) === 'ENOTEMPTY');
  await share.rm('a', { recursive: true });
  assert.deepEqual(await names(share, ''), []);
  await share.rm('a', { force: true });
  await share.ping();
}

async function visit(t: TestContext, smbd: Smbd, options: ConnectOptions): Promise<Share> {
  const share = await connect(url(smbd), options);
  t.after(() => share.close());
  return share;
}

const DIALECTS = ['2.0.2', '2.1', '3.0', '3.0.2', '3.1.1'] as const;

test('every dialect of SMB2, unsigned and signed, with smbd', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'all' });
  for (const dialect of DIALECTS) {
    for (const signing of ['off', 'required'] as const) {
      await t.test(`${dialect}, signing ${signing}`, async (t) => {
        const share = await visit(t, smbd, { ...only(dialect), signing });
        assert.equal(share.info.dialect, dialect);
        assert.equal(share.info.signed, signing === 'required');
        assert.equal(share.info.encrypted, false);
        await exercise(share, smbd.share);
      });
    }
  }
});

test('every signing algorithm and every cipher, with smbd', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'all' });
  for (const name of ['AES-GMAC', 'AES-CMAC', 'HMAC-SHA256'] as const) {
    await t.test(name, async (t) => {
      const share = await visit(t, smbd, { ...only('3.1.1'), signingAlgorithms: [name] });
      assert.equal(share.info.signingAlgorithm, name);
      await exercise(share, smbd.share);
    });
  }
  for (const name of ['AES-128-GCM', 'AES-128-CCM', 'AES-256-GCM', 'AES-256-CCM'] as const) {
    await t.test(name, async (t) => {
      const share = await visit(t, smbd, { ...only('3.1.1'), encryption: 'required', ciphers: [name] });
      assert.deepEqual([share.info.cipher, share.info.encrypted], [name, true]);
      await exercise(share, smbd.share);
    });
  }
  for (const dialect of ['3.0', '3.0.2'] as const) {
    await t.test(`${dialect}, encrypted`, async (t) => {
      const share = await visit(t, smbd, { ...only(dialect), encryption: 'required' });
      assert.deepEqual([share.info.cipher, share.info.encrypted], ['AES-128-CCM', true]);
      await exercise(share, smbd.share);
    });
  }
});

test('a server that demands signing or encryption gets it, or a clear refusal', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const signs = await startSmbd(t, { mode: 'sign' });
  const share = await visit(t, signs, { signing: 'enabled' });
  assert.equal(share.info.signed, true);
  await exercise(share, signs.share);
  await assert.rejects(connect(url(signs), { signing: 'off' }), /the server requires signing/);
  const seals = await startSmbd(t, { mode: 'encrypt' });
  const sealed = await visit(t, seals, {});
  assert.equal(sealed.info.encrypted, true);
  await exercise(sealed, seals.share);
  await assert.rejects(connect(url(seals), { encryption: 'off' }), /encryption/);
});

test('SMB1 with smbd', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'smb1only' });
  const signing = 'off';
  await t.test('SPNEGO', async (t) => exercise(await visit(t, smbd, { ...only('NT1'), signing }), smbd.share));
  // smbd accepts NTLMv2 only in SPNEGO.
  const smb1 = { extendedSecurity: false, ntlmv1: true };
  await t.test('challenge and response', async (t) =>
    exercise(await visit(t, smbd, { ...only('NT1'), signing, smb1 }), smbd.share),
  );
  await t.test('over a NetBIOS session', async (t) =>
    exercise(await visit(t, smbd, { ...only('NT1'), signing, netbios: true }), smbd.share),
  );
  await t.test('offered along with SMB2', async (t) => {
    const share = await visit(t, smbd, { dialects: { min: 'NT1' }, signing });
    assert.equal(share.info.dialect, 'NT1');
  });
  await t.test('the classic exchange', async () => {
    await writeFile(join(smbd.share, 'hello.txt'), 'hello');
    const options = { ...only('NT1'), signing, netbios: true, smb1: { ntlmv1: true } } as const;
    const { data, size } = await playExchange(url(smbd, '/share/hello.txt'), options);
    assert.deepEqual([new TextDecoder().decode(data), size], ['hello', 5]);
  });
  const strict = await startSmbd(t, { mode: 'sign', global: ['server max protocol = NT1'] });
  await t.test('signed', async (t) => {
    const share = await visit(t, strict, only('NT1'));
    assert.equal(share.info.signingAlgorithm, 'MD5');
    await exercise(share, strict.share);
  });
  const willing = await startSmbd(t, { mode: 'smb1only', global: ['server signing = auto'] });
  await t.test('signed, as both sides would', async (t) => {
    const share = await visit(t, willing, { ...only('NT1'), signing: 'enabled' });
    assert.equal(share.info.signingAlgorithm, 'MD5');
    await exercise(share, willing.share);
  });
});

test('an SMB1 negotiation leads to SMB2 where the server knows it', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'all' });
  for (const max of ['2.0.2', '3.1.1'] as const) {
    const share = await visit(t, smbd, { dialects: { min: 'NT1', max } });
    assert.equal(share.info.dialect, max);
    assert.deepEqual(await names(share, ''), []);
  }
});

test('large files go through streams unharmed', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'all' });
  const block = bytes(BLOCK);
  function* blocks(): Generator<Uint8Array> {
    for (let i = 0; i < LARGE / BLOCK; i++) {
      block.set([i & 255, i >> 8]);
      yield block.slice();
    }
  }
  const expected = sha256(...blocks());
  for (const options of [{}, { encryption: 'required' }, { ...only('2.1'), signing: 'off' }] as const) {
    const share = await visit(t, smbd, options);
    await pipeline(Readable.from(blocks()), share.createWriteStream('large'));
    const hash = createHash('sha256');
    for await (const chunk of share.createReadStream('large')) hash.update(chunk as Uint8Array);
    assert.equal(hash.digest('hex'), expected);
    const part: Uint8Array[] = [];
    for await (const chunk of share.readable('large', { start: BLOCK - 2, end: BLOCK + 2 })) part.push(chunk);
    assert.equal(sha256(...part), sha256(await rangeOf(join(smbd.share, 'large'), BLOCK - 2, BLOCK + 3)));
    await share.rm('large');
  }
});

async function rangeOf(path: string, start: number, end: number): Promise<Uint8Array> {
  return (await readFile(path)).subarray(start, end);
}

test('calls and streams end when they are told to, and the share lives on', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'all' });
  const share = await visit(t, smbd, {});
  await share.writeFile('f', new Uint8Array(32 * BLOCK));
  await assert.rejects(share.readFile('f', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  const abort = new AbortController();
  const stream = share.createReadStream('f', { signal: abort.signal });
  await assert.rejects(
    async () => {
      for await (const _ of stream) abort.abort();
    },
    { name: 'AbortError' },
  );
  for await (const _ of share.createReadStream('f')) break;
  await assert.rejects(pipeline(Readable.from(['x']), share.createWriteStream('nowhere/f')), /OBJECT_PATH_NOT_FOUND/);
  // No handle opened on the way is left open.
  await share.rm('f');
  assert.deepEqual(await names(share, ''), []);
});

test('a watch tells what happens', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'all' });
  for (const options of [{}, { ...only('NT1'), signing: 'off' }] as const) {
    const share = await visit(t, smbd, options);
    const abort = new AbortController();
    const changes: Change[] = [];
    const watching = (async () => {
      for await (const change of share.watch('', { signal: abort.signal })) {
        changes.push(change);
        if (change.kind === 'removed') return;
      }
    })();
    // The watch is set up once a change is seen; until then, make changes.
    while (changes.length === 0) {
      await share.writeFile('seen', 'x');
      await share.setAttributes('seen', 0x20);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await share.rename('seen', 'moved');
    await share.rm('moved');
    await watching;
    assert.ok(changes.some((change) => change.kind === 'renamed' && change.from === 'seen' && change.path === 'moved'));
    const aborted = assert.rejects(share.watch('', { signal: abort.signal }).next(), { name: 'AbortError' });
    abort.abort();
    await aborted;
    await share.ping();
  }
});

test('shares are listed', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'all' });
  for (const options of [{}, { encryption: 'required' }, { ...only('NT1'), signing: 'off' }] as const) {
    const shares = await listShares(url(smbd, ''), options);
    const share = shares.find(({ name }) => name === 'share');
    assert.deepEqual(share, { name: 'share', kind: 'disk', hidden: false, comment: 'test share' });
    assert.ok(shares.some(({ name, kind, hidden }) => name === 'IPC$' && kind === 'pipe' && hidden));
  }
});

test('directories of thousands of entries are listed whole', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'all' });
  const expected = Array.from({ length: 3000 }, (_, i) => `file with a rather long name ${i}`).sort();
  for (const name of expected) await writeFile(join(smbd.share, name), '');
  for (const options of [{}, only('2.0.2'), { ...only('NT1'), signing: 'off' }] as const) {
    const share = await visit(t, smbd, options);
    assert.deepEqual(await names(share, ''), expected);
    for await (const _ of share.readdir()) break;
  }
});

test('guests and wrong passwords', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'guest' });
  const wrong = url({ ...smbd, password: 'wrong' });
  await assert.rejects(connect(wrong), (error) => errnoCode(error) === 'EACCES' && !String(error).includes('wrong@'));
  const stranger = url({ ...smbd, user: 'stranger' }, '/guest');
  await assert.rejects(connect(stranger), { code: 'STATUS_LOGON_FAILURE' });
  const share = await connect(stranger, { guest: true });
  assert.deepEqual([share.info.guest, share.info.signed], [true, false]);
  assert.deepEqual(await names(share, ''), []);
  await share.close();
  await assert.rejects(connect(url(smbd, '/nothing')), /BAD_NETWORK_NAME/);
});

test('impacket, SMB1 and 2.0.2', async (t) => {
  if (!requirePeer(t, 'impacket')) return;
  for (const version of ['smb1', 'smb2'] as const) {
    const server = await startImpacketServer(t, version);
    const options: ConnectOptions = version === 'smb1' ? { dialects: { min: 'NT1' } } : {};
    // It signs the responses of a compound before it links them, so such a signature cannot be right.
    const share = await connect(url(server, '/SHARE'), { ...options, signing: 'enabled' });
    for (const size of [0, 1, 65_537]) {
      await share.writeFile('f', bytes(size));
      assert.equal(sha256(await share.readFile('f')), sha256(bytes(size)));
    }
    await share.mkdir('d');
    await share.rename('f', 'd/g');
    assert.deepEqual(await names(share, 'd'), ['g']);
    await share.rm('d', { recursive: true });
    await share.close();
  }
});
