import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer, type SmbServer } from '#server/server.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileEndOfFileInformation } from '#wire/fscc/file-info/end-of-file.js';
import { FileStandardInformation } from '#wire/fscc/file-info/standard.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { CreateDisposition, OplockLevel } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';
import {
  CreateQueryMaximalAccessRequest,
  CreateQueryMaximalAccessResponse,
} from '#wire/smb2/create-context/maximal-access.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { openClient } from '../connection.js';
import { type ConnectOptions, settingsFrom } from '../options.js';
import { packed, unpacked } from '../packing.js';
import type { CachingBreak, FileProtocol, OpenRequest } from '../protocol.js';

const ALL = FileAccess.GenericRead | FileAccess.GenericWrite;
const KEY = 'aaaaaaaa-0000-0000-0000-000000000001';
const { ReadCaching: R, WriteCaching: W, HandleCaching: H } = LeaseState;
const make: OpenRequest = { path: 'a', access: ALL, disposition: CreateDisposition.OpenIf };
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

async function client(t: TestContext, server: SmbServer, options: ConnectOptions = {}): Promise<FileProtocol> {
  const [here, there] = memoryPair();
  server.accept(there);
  const connection = await openClient(here, settingsFrom('smb://ann:secret@server/s', options));
  t.after(() => connection.close());
  return (await connection.tree('s')).protocol;
}

function serve(t: TestContext): SmbServer {
  const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } } });
  t.after(() => server.close());
  return server;
}

test('a visit opens, does its steps and closes', async (t) => {
  const server = serve(t);
  const protocol = await client(t, server);
  const data = new TextEncoder().encode('hello');
  const endOfFile = packed(Object.assign(new FileEndOfFileInformation(), { endOfFile: 4 }));
  const standard = { infoType: InfoType.File, infoClass: FileInfoClass.Standard };
  const { existed, outputs } = await protocol.visit(make, [
    { verb: 'write', offset: 0, data },
    { verb: 'set', infoType: InfoType.File, infoClass: FileInfoClass.EndOfFile, data: endOfFile },
    { verb: 'query', ...standard },
    { verb: 'read', offset: 1, length: 100 },
    { verb: 'read', offset: 4, length: 100 },
    { verb: 'ioctl', code: Fsctl.SrvRequestResumeKey },
  ]);
  assert.equal(existed, false);
  assert.equal(unpacked(new FileStandardInformation(), outputs[2] as Uint8Array).endOfFile, 4);
  assert.deepEqual([text(outputs[3]), text(outputs[4]), outputs[5]?.length], ['ell', '', 32]);
  assert.equal((await server.status()).opens, 0);
  const step = { verb: 'query', infoType: InfoType.File, infoClass: 250 } as const;
  await assert.rejects(protocol.visit(make, [step]), { status: NtStatus.InvalidInfoClass, command: 'QUERY_INFO' });
  assert.equal((await server.status()).opens, 0);
});

test('create contexts go out, their answers come back', async (t) => {
  const protocol = await client(t, serve(t));
  const { QueryMaximalAccess } = CreateContextTag;
  const contexts = [CreateContextRequest.of(QueryMaximalAccess, new CreateQueryMaximalAccessRequest())];
  const handle = await protocol.open({ ...make, contexts });
  const answer = handle.contexts[0]?.data;
  assert.ok(answer instanceof CreateQueryMaximalAccessResponse);
  assert.equal(answer.maximalAccess, 0x001f01ff);
  await protocol.close(handle);
});

test('locks exclude others, wait for them, and go when nobody waits any more', async (t) => {
  const server = serve(t);
  const [one, two] = [await client(t, server), await client(t, server)];
  const [mine, his] = [await one.open(make), await two.open(make)];
  const all = [{ offset: 0n, length: 2n ** 64n - 1n }];
  await one.lock(mine, all, { exclusive: true, wait: false });
  const now = { exclusive: false, wait: false };
  await assert.rejects(two.lock(his, all, now), { status: NtStatus.LockNotGranted });
  const stop = new AbortController();
  const stopped = two.lock(his, all, { exclusive: true, wait: true }, { signal: stop.signal });
  stop.abort(new Error('enough'));
  await assert.rejects(stopped, /enough/);
  const waiting = two.lock(his, all, { exclusive: true, wait: true });
  await one.unlock(mine, all);
  await waiting;
  assert.equal((await server.status()).locks, 1);
  await two.unlock(his, all);
  assert.equal((await server.status()).locks, 0);
  await Promise.all([one.close(mine), two.close(his)]);
});

test('a lease is granted, broken by another client, and acknowledged', async (t) => {
  const server = serve(t);
  const [one, two] = [await client(t, server), await client(t, server)];
  const mine = await one.open({ ...make, lease: { key: KEY, state: R | W | H } });
  assert.deepEqual(mine.caching, { state: R | W | H, leaseKey: KEY });
  const breaks: CachingBreak[] = [];
  mine.onBreak = (event) => {
    breaks.push(event);
    void one.acknowledge(mine, event.to);
  };
  const his = await two.open(make);
  assert.deepEqual(breaks, [{ from: R | W | H, to: R | H, mustAcknowledge: true }]);
  assert.equal(mine.caching.state, R | H);
  await two.write(his, 0, new Uint8Array(1));
  await two.close(his);
  assert.equal(mine.caching.state, 0);
  await one.close(mine);
});

test('an oplock that nobody watches is given up at once; without leases there is none', async (t) => {
  const server = serve(t);
  const dialects = { min: '2.0.2', max: '2.0.2' } as const;
  const [one, two] = [await client(t, server, { dialects }), await client(t, server)];
  const mine = await one.open({ ...make, oplock: OplockLevel.Batch });
  assert.deepEqual(mine.caching, { state: R | W | H, leaseKey: undefined });
  const his = await two.open(make);
  assert.equal(mine.caching.state, R);
  const leased = await one.open({ ...make, lease: { key: KEY, state: R } });
  assert.deepEqual(leased.caching, { state: 0, leaseKey: undefined });
  for (const handle of [mine, leased]) await one.close(handle);
  await two.close(his);
});
