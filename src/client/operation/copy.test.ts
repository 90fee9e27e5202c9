import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { memory } from '#fs/memory/memory.js';
import { memoryPair } from '#net/memory.js';
import { createServer } from '#server/server.js';
import { connectOver } from '../connect.js';
import type { Share } from '../share.js';

async function shares(t: TestContext, ...names: string[]): Promise<Share[]> {
  const server = createServer({
    shares: Object.fromEntries(names.map((name) => [name, memory()])),
    users: { ann: { password: 'secret' } },
  });
  t.after(() => server.close());
  const all: Share[] = [];
  for (const name of names) {
    const [here, there] = memoryPair();
    server.accept(there);
    const share = await connectOver(here, `smb://ann:secret@server/${name}`);
    t.after(() => share.close());
    all.push(share);
  }
  return all;
}

test('what is copied onto itself stays as it is, by whatever name', async (t) => {
  const [share] = (await shares(t, 's')) as [Share];
  await share.writeFile('a', 'hello');
  await share.link('a', 'other');
  for (const to of ['a', 'A', './a', 'other', 'a::$DATA']) {
    await assert.rejects(share.copy('a', to), { code: 'STATUS_INVALID_PARAMETER' }, to);
    await assert.rejects(share.cp('a', to), { code: 'STATUS_INVALID_PARAMETER' }, to);
    assert.equal(await share.readFile('a', 'utf8'), 'hello');
  }
  await assert.rejects(share.copy('a', 'a', { exclusive: true }), { code: 'STATUS_OBJECT_NAME_COLLISION' });
  await share.copy('a', 'a:stream');
  assert.equal(await share.readFile('a:stream', 'utf8'), 'hello');
  await share.writeFile('a:stream', 'hi');
  await share.copy('a:stream', 'A');
  assert.deepEqual([await share.readFile('a', 'utf8'), await share.readFile('a:stream', 'utf8')], ['hi', 'hi']);
});

test('a directory is not copied into itself, in whatever case', async (t) => {
  const [share] = (await shares(t, 's')) as [Share];
  await share.mkdir('dir');
  await share.writeFile('dir/f', 'x');
  for (const to of ['dir', 'DIR', 'dir/below', 'Dir/below/deep']) {
    await assert.rejects(share.cp('dir', to, { recursive: true }), /into itself/, to);
  }
  await share.cp('dir', 'directory', { recursive: true });
  await share.cp('dir', 'directory/dir', { recursive: true });
  assert.deepEqual(await share.readdir('directory').names(), ['f', 'dir']);
});

test('a file of another share is not taken for one of ours', async (t) => {
  const [mine, other] = (await shares(t, 's', 't')) as [Share, Share];
  await mine.writeFile('decoy', 'of the same number');
  await other.writeFile('f', 'of the other share');
  await using decoy = await mine.open('decoy');
  await using source = await other.open('f');
  await using target = await mine.open('copy', { access: 'read-write', create: 'exclusive' });
  await target.copyFrom(source);
  assert.equal(await target.readFile('utf8'), 'of the other share');
  assert.ok(decoy.isOpen);
});

test('half of a copy does not stay where nothing was', async (t) => {
  const [share] = (await shares(t, 's')) as [Share];
  await share.writeFile('f', new Uint8Array(100_000));
  await share.writeFile('there', 'x');
  const onProgress = (): never => {
    throw new Error('enough');
  };
  await assert.rejects(share.copy('f', 'new', { onProgress }), /enough/);
  await assert.rejects(share.copy('f', 'there', { onProgress }), /enough/);
  assert.deepEqual(await share.readdir('').names(), ['f', 'there']);
  for (let turns = 0; turns < 60; turns++) {
    const abort = new AbortController();
    const copied = share.copy('f', 'new', { signal: abort.signal });
    copied.catch(() => undefined);
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    const done = await copied.then(
      () => true,
      () => false,
    );
    assert.equal(await share.exists('new'), done, `after ${turns} turns`);
    if (done) await share.rm('new');
  }
});

test('what a listener throws is the error of its stream', async (t) => {
  const [share] = (await shares(t, 's')) as [Share];
  await share.writeFile('f', 'hello');
  const onProgress = (): never => {
    throw new Error('of the listener');
  };
  const stream = share.createReadStream('f', { onProgress });
  await assert.rejects(stream.toArray(), /of the listener/);
});

test('a pattern that is none is the mistake of who wrote it', async (t) => {
  const [share] = (await shares(t, 's')) as [Share];
  await share.writeFile('f', 'hello');
  await assert.rejects(share.glob('[z-a]').next(), { code: 'SMB_USAGE' });
});
