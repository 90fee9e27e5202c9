import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { OpenAccess, WritableBackend } from '#fs/backend.js';
import { localDirectory } from '#fs/index.js';
import { ACCOUNT, type Cleanup, inReverse, requirePeer, run, temporaryFolder } from '#testing/peers.js';
import { onPort445 } from '#testing/port-445.js';
import { startSmbd } from '#testing/smbd.js';
import { serve } from './serve.js';

const NEITHER: OpenAccess = { read: false, write: false };
const READ: OpenAccess = { read: true, write: false };
const BIRTH = 125_911_584_000_000_000n + 1_234_560_000n;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Samba's tools, aimed at a server. */
interface Side {
  client(...commands: string[]): Promise<string>;
  tool(program: string, ...args: string[]): Promise<string>;
}

async function sideAt(t: Cleanup, port: number, work: string): Promise<Side> {
  const host = await onPort445(t, port);
  const tool = async (program: string, ...args: string[]): Promise<string> => {
    const general = ['--configfile=/dev/null', '-U', `${ACCOUNT.user}%${ACCOUNT.password}`];
    const { status, stdout, stderr } = await run(program, [...general, `//${host}/share`, ...args]);
    assert.equal(status, 0, `${program} ${args.join(' ')}: ${stdout}${stderr}`);
    return `${stdout}${stderr}`;
  };
  return {
    tool,
    client: (...commands) => tool('smbclient', '-c', [`lcd "${work}"`, ...commands].join('; ')),
  };
}

/** smbd, and the same folder served by a backend of ours. */
async function setUp(t: TestContext) {
  const cleanup = inReverse(t);
  const smbd = await startSmbd(cleanup);
  const work = await temporaryFolder(cleanup);
  const side = await sideAt(cleanup, smbd.port, work);
  return { ...side, cleanup, work, backend: localDirectory(smbd.share) };
}

async function streamsOf<H>(backend: WritableBackend<H>, node: H): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, size } of (await backend.streams?.list(node)) ?? []) {
    const { handle } = (await backend.streams?.open(node, name, READ)) ?? assert.fail('has no streams');
    const into = new Uint8Array(size + 1);
    found[name] = text(into.subarray(0, await backend.read(handle, into, 0)));
    await backend.close(handle);
  }
  return found;
}

test('what smbd keeps of files is what we say of them', async (t) => {
  if (!requirePeer(t, 'smbd', 'smbclient')) return;
  const { client, tool, work, backend } = await setUp(t);
  for (const name of ['one', 'two', 'empty']) await writeFile(join(work, name), name === 'empty' ? '' : `${name} `);
  await client(
    ...[
      'put one f',
      'put two f:stream',
      'put one "f:Ström 2"',
      'put empty f:empty',
      'setea f MYEA value',
      'setea f b x',
    ],
    ...['mkdir d', 'put two d:of-d', 'setea d DIREA dir', 'put one ro', 'put one .dot', 'setmode f +hs-a'],
    ...['setmode ro +r-a', 'utimes f 2000:01:02-03:04:05 2001:02:03-04:05:06 2002:02:03-04:05:06 -1'],
  );
  await tool('smbcacls', 'f', '-a', 'ACL:S-1-5-32-545:ALLOWED/0x0/READ');
  const told = await client('allinfo f', 'allinfo ro', 'allinfo d', 'allinfo .dot');
  const attributes = Array.from(told.matchAll(/attributes: \w* \((\w+)\)/g), ([, hex]) =>
    Number.parseInt(hex ?? '', 16),
  );
  const ours: number[] = [];
  for (const path of ['f', 'ro', 'd', '.dot']) {
    const { handle, info } = await backend.open(path, NEITHER);
    ours.push(info.kind === 'directory' ? info.attributes | 0x10 : info.attributes);
    await backend.close(handle);
  }
  assert.deepEqual(ours, attributes);
  const { handle, info } = await backend.open('f', NEITHER);
  const unix = (time: bigint): string => new Date(Number(time / 10_000n) - 11_644_473_600_000).toISOString();
  assert.equal(unix(info.creationTime), '2000-01-02T03:04:05.000Z');
  assert.equal(unix(info.lastWriteTime), '2002-02-03T04:05:06.000Z');
  assert.deepEqual(await streamsOf(backend, handle), { empty: '', stream: 'two ', 'Ström 2': 'one ' });
  const eas = async (node: typeof handle) =>
    ((await backend.eas?.list(node)) ?? []).map(({ name, value }) => `${name}=${text(value)}`).sort();
  assert.deepEqual(await eas(handle), ['MYEA=value', 'b=x']);
  const descriptor = (await backend.descriptors?.get(handle)) ?? assert.fail('no descriptor');
  // The entry that was added.
  assert.ok(
    text(descriptor).includes(text(Buffer.from('a900120001020000000000052000000021020000', 'hex'))),
    text(descriptor),
  );
  await backend.close(handle);
  const directory = await backend.open('d', NEITHER);
  assert.deepEqual(await streamsOf(backend, directory.handle), { 'of-d': 'two ' });
  assert.deepEqual(await eas(directory.handle), ['DIREA=dir']);
  await backend.close(directory.handle);
});

test('what we keep of files is what smbd says of them', async (t) => {
  if (!requirePeer(t, 'smbd', 'smbclient')) return;
  const { client, tool, work, backend } = await setUp(t);
  const { handle } = await backend.create('f', 'file', 0);
  const streams = backend.streams ?? assert.fail('has no streams');
  await backend.setInfo(handle, { attributes: 0x27, creationTime: BIRTH });
  await backend.write(handle, Buffer.from('main'), 0);
  for (const [name, content] of Object.entries({ 'Ström 1': 'first', empty: '' })) {
    const stream = await streams.create(handle, name);
    await backend.write(stream.handle, Buffer.from(content), 0);
    await backend.close(stream.handle);
  }
  await backend.eas?.set(handle, [{ name: 'OURS', flags: 0, value: Buffer.from('value') }]);
  // Owner and group Administrators; Users may read, Everyone has full access.
  const descriptor = Buffer.from(
    `01000480 14000000 24000000 00000000 34000000
     01020000000000052000000020020000 01020000000000052000000020020000
     02003400 02000000 00001800a900120001020000000000052000000021020000 00001400ff011f00010100000000000100000000`.replace(
      /\s/g,
      '',
    ),
    'hex',
  );
  await backend.descriptors?.set(handle, descriptor);
  const made = await backend.create('dir', 'directory', 0);
  await backend.setInfo(made.handle, { attributes: 0x2 });
  for (const opened of [handle, made.handle]) await backend.close(opened);

  const told = await client('allinfo f', 'geteas f', 'get "f:Ström 1" back', 'allinfo dir');
  assert.match(told, /attributes: RHSA \(27\)/);
  assert.match(told, /attributes: HD \(12\)/);
  assert.match(told, /create_time: +Sat Jan {2}1 00:02:03 2000/);
  assert.match(told, /stream: \[:Ström 1:\$DATA\], 5 bytes/);
  assert.match(told, /stream: \[:empty:\$DATA\], 0 bytes/);
  assert.match(told, /OURS \(0\) =\n\[0000\] 76 61 6C 75 65 .*value/);
  const acl = await tool('smbcacls', 'f', '--numeric');
  assert.match(acl, /^OWNER:S-1-5-32-544\nGROUP:S-1-5-32-544\n/m);
  assert.match(acl, /ACL:S-1-5-32-545:0\/0x0\/0x001200a9\nACL:S-1-1-0:0\/0x0\/0x001f01ff\n/);
  assert.equal((await run('cat', [join(work, 'back')])).stdout, 'first');
});

/** What a client creates, on either kind of server. */
async function make({ client, tool }: Side, name: string): Promise<void> {
  await client(
    ...[`put one ${name}`, `put two ${name}:stream`, `put one "${name}:Ström 2"`, `setea ${name} MYEA value`],
    ...[`mkdir ${name}-d`, `put two ${name}-d:of-d`, `setmode ${name}-d +h`, `setmode ${name} +s`],
    `utimes ${name} 2000:01:02-03:04:05 2001:02:03-04:05:06 2002:02:03-04:05:06 -1`,
  );
  await tool('smbcacls', name, '-a', 'ACL:S-1-5-32-545:ALLOWED/0x0/READ');
}

/** What a client sees of it. */
async function tell({ client, tool }: Side, name: string): Promise<string> {
  const told = await client(`allinfo ${name}`, `geteas ${name}`, `allinfo ${name}-d`, `get "${name}:Ström 2" -`);
  const acl = await tool('smbcacls', name, '--numeric');
  // The order of streams differs; reading changes the access time; smbd reports the write time as the change time.
  const lines = told
    .replaceAll(/ \([\d.]+ .*$/gm, '')
    .replaceAll(/(access|change)_time:.*\n/g, '')
    .split('\n');
  return [...lines.sort(), acl].join('\n');
}

test('clients are told the same of one disk by smbd and by us, whoever wrote it', async (t) => {
  if (!requirePeer(t, 'smbd', 'smbclient')) return;
  const { cleanup, work, backend, ...smbd } = await setUp(t);
  const ours = await sideAt(cleanup, (await serve(cleanup, { shares: { share: { backend } } })).port, work);
  for (const name of ['one', 'two']) await writeFile(join(work, name), `${name} `);
  await make(smbd, 'theirs');
  await make(ours, 'ours');
  for (const name of ['theirs', 'ours']) assert.equal(await tell(ours, name), await tell(smbd, name));
});
