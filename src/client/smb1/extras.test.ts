import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer } from '#server/server.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { connectOver } from '../connect.js';
import { errnoCode } from '../errors.js';
import type { Share } from '../share.js';

async function smb1(t: TestContext): Promise<Share> {
  const server = createServer({
    shares: { s: memory() },
    users: { ann: { password: 'secret' } },
    dialects: { min: 'NT1', max: '3.1.1' },
  });
  t.after(() => server.close());
  const [here, there] = memoryPair();
  server.accept(there);
  const dialects = { min: 'NT1', max: 'NT1' } as const;
  const share = await connectOver(here, 'smb://ann:secret@server/s', { dialects });
  t.after(() => share.close());
  assert.equal(share.info.dialect, 'NT1');
  return share;
}

test('descriptors are read and set, small and large', async (t) => {
  const share = await smb1(t);
  await share.writeFile('f', 'x');
  const { owner } = await share.acl('f');
  await share.setAcl('f', `D:P(A;;FA;;;${owner})(A;;FR;;;WD)`);
  assert.match((await share.acl('f')).sddl, /D:P[ARI]*\(A;;FA;;;\S+\)\(A;;FR;;;WD\)$/);
  const own = { kind: 'allow', sid: owner, rights: 'full' } as const;
  const many = Array.from({ length: 1700 }, (_, i) => ({ ...own, sid: `S-1-5-21-1-2-3-${i + 1000}` }));
  await share.setAcl('f', { entries: [own, ...many] });
  assert.equal((await share.acl('f')).entries?.length, 1701);
  await assert.rejects(share.acl('none'), { code: 'STATUS_OBJECT_NAME_NOT_FOUND' });
});

test('what is made gets its descriptor and its attributes at once', async (t) => {
  const share = await smb1(t);
  const { owner } = await share.acl('');
  const acl = `D:P(A;;FA;;;${owner})`;
  const made = { access: 'write', create: 'exclusive', acl, extendedAttributes: { COLOR: 'blue' } } as const;
  const file = await share.open('f', made);
  assert.equal(file.created, true);
  await file.write('hello', 0);
  await file.close();
  assert.equal(await share.readFile('f', 'utf8'), 'hello');
  assert.deepEqual(
    (await share.acl('f')).entries?.map(({ sid }) => sid),
    [owner],
  );
  const found = await share.extendedAttributes('f');
  assert.deepEqual(
    [...found].map(([name, value]) => [name, new TextDecoder().decode(value)]),
    [['COLOR', 'blue']],
  );
  await share.setExtendedAttributes('f', { COLOR: null });
  assert.equal((await share.extendedAttributes('f')).size, 0);
});

test('what a server does not do in SMB1 is not supported, in one clear error', async (t) => {
  const share = await smb1(t);
  await share.writeFile('f', 'x');
  await using file = await share.open('f');
  const refused: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a control code', () => file.ioctl({ code: Fsctl.SrvRequestResumeKey })],
    ['snapshots', () => share.snapshots()],
    ['a symbolic link', () => share.symlink('f', 'l')],
  ];
  for (const [what, ask] of refused) {
    await assert.rejects(ask(), (error) => errnoCode(error) === 'ENOTSUP', what);
  }
  await share.copy('f', 'g');
  assert.equal(await share.readFile('g', 'utf8'), 'x', 'copied through here');
});
