import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ConnectionLost } from '#client/index.js';
import { temporaryFolder } from '#testing/peers.js';
import { breaking, contents, fill, Log, memoryShare } from '#testing/transfer-bench.js';
import {
  compareTrees,
  copyFile,
  copyTree,
  type FileTree,
  filterOf,
  localTree,
  removeTree,
  shareTree,
  type TransferEvent,
} from './index.js';

const TREE = { 'a.txt': 'a', 'b/c.txt': 'cc', 'b/d/e.txt': '', 'b/big.bin': randomBytes(3_000_000) };

test('a tree goes to a share and comes back', async (t) => {
  const docs = await memoryShare(t);
  const folder = await temporaryFolder(t);
  fill(join(folder, 'in'), TREE);
  mkdirSync(join(folder, 'in/empty'));
  const there = shareTree(docs, 'deep/down');
  const up = await copyTree(localTree(join(folder, 'in')), there, { verify: true, preserve: true });
  assert.deepEqual([up.files, up.directories, up.bytes, up.failed], [4, 3, 3_000_003, 0]);
  const down = await copyTree(there, localTree(join(folder, 'out')), { verify: true });
  assert.deepEqual([down.files, down.failed], [4, 0]);
  assert.deepEqual(contents(join(folder, 'out')), contents(join(folder, 'in')));
  assert.ok(existsSync(join(folder, 'out/empty')));
  assert.equal(statSync(join(folder, 'out/a.txt')).mtimeMs, 1_600_000_000_000);
  for await (const difference of compareTrees(localTree(join(folder, 'in')), there, { content: true }))
    assert.fail(JSON.stringify(difference));
  const gone = await removeTree(there);
  assert.deepEqual([gone.files, gone.directories, gone.failed], [4, 4, 0]);
  assert.equal(await docs.exists('deep/down'), false);
});

test('times are the same to the microsecond', async (t) => {
  const docs = await memoryShare(t);
  const folder = await temporaryFolder(t);
  const time = new Date('2020-02-03T04:05:06.123Z');
  for (const [name, size] of [
    ['small', 10],
    ['large', 3_000_000],
  ] as const) {
    await docs.writeFile(name, randomBytes(size));
    await docs.utimes(name, { mtime: time });
  }
  await copyTree(shareTree(docs), localTree(join(folder, 'out')), { preserve: true });
  for (const name of ['small', 'large']) {
    // Node takes seconds as a double, which resolves a quarter of a microsecond.
    const { mtimeNs } = statSync(join(folder, 'out', name), { bigint: true });
    assert.equal(mtimeNs / 1000n, BigInt(time.getTime()) * 1000n, name);
  }
});

test('times before 1970 are kept, of files that go at once and of others', async (t) => {
  const docs = await memoryShare(t);
  const folder = await temporaryFolder(t);
  const time = Date.UTC(1965, 1, 3, 4, 5, 6, 500);
  for (const [name, size] of [
    ['small', 10],
    ['large', 3_000_000],
  ] as const) {
    await docs.writeFile(name, randomBytes(size));
    await docs.utimes(name, { mtime: new Date(time) });
  }
  await copyTree(shareTree(docs), localTree(join(folder, 'out')), { preserve: true });
  for (const name of ['small', 'large']) assert.equal(statSync(join(folder, 'out', name)).mtimeMs, time, name);
});

test('between two shares, and on one by the server itself', async (t) => {
  const [one, two] = [await memoryShare(t), await memoryShare(t)];
  await one.mkdir('a');
  await one.writeFile('a/x.txt', 'hello');
  await copyTree(shareTree(one, 'a'), shareTree(two, 'b'));
  assert.equal(await two.readFile('b/x.txt', 'utf8'), 'hello');
  await copyTree(shareTree(one, 'a'), shareTree(one, 'c'));
  assert.equal(await one.readFile('c/x.txt', 'utf8'), 'hello');
});

test('names that differ in case only are compared each with its own', async (t) => {
  const folder = await temporaryFolder(t);
  fill(join(folder, 'a'), { one: '1', One: '2', x: '4', X: '5' });
  fill(join(folder, 'b'), { One: '2', one: '1', x: '4' });
  if (Object.keys(contents(join(folder, 'b'))).length < 3) return t.skip('names ignore case here');
  const found = [];
  for await (const { path, what } of compareTrees(localTree(join(folder, 'a')), localTree(join(folder, 'b')), {
    content: true,
  }))
    found.push([path, what]);
  assert.deepEqual(found, [['X', 'only-left']]);
});

test('what has its name in another case on the other side is found there', async (t) => {
  const folder = await temporaryFolder(t);
  fill(join(folder, 'a'), { 'Dir/Same': '1', 'Dir/Other': '2', File: '3' });
  fill(join(folder, 'b'), { 'dIR/same': '1', 'dIR/other': 'x', file: '3' });
  const found = [];
  for await (const { path, what } of compareTrees(localTree(join(folder, 'a')), localTree(join(folder, 'b')), {
    content: true,
  }))
    found.push([path, what]);
  assert.deepEqual(found, [['Dir/Other', 'content']]);
});

test('include and exclude', async (t) => {
  const folder = await temporaryFolder(t);
  fill(join(folder, 'in'), { 'a.jpg': '1', 'a.txt': '2', 'x/b.JPG': '3', '.git/c.jpg': '4', 'y/d.txt': '5' });
  const filter = filterOf(['*.jpg'], ['.git']);
  const result = await copyTree(localTree(join(folder, 'in')), localTree(join(folder, 'out')), { filter });
  assert.deepEqual(Object.keys(contents(join(folder, 'out'))), ['a.jpg', 'x/b.JPG']);
  assert.ok(!existsSync(join(folder, 'out/y')), 'directories come with their files');
  assert.equal(result.directories, 1);
  const paths = filterOf([], ['/x/*']);
  assert.deepEqual([paths.takes('x/b'), paths.takes('y/x/b')], [false, true]);
  assert.equal(filterOf([], ['./x']).enters('x'), false);
});

test('what is complete is left alone, what changed is not', async (t) => {
  const folder = await temporaryFolder(t);
  const docs = await memoryShare(t);
  fill(join(folder, 'in'), { 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' });
  const [here, there] = [localTree(join(folder, 'in')), shareTree(docs, 'x')];
  await copyTree(here, there);
  writeFileSync(join(folder, 'in/b.txt'), 'B');
  const again = await copyTree(here, there, { resume: true });
  assert.deepEqual([again.files, again.skipped], [1, 2]);
  assert.equal(await docs.readFile('x/b.txt', 'utf8'), 'B');
  const kept = await copyTree(here, there, { existing: 'keep' });
  assert.deepEqual([kept.files, kept.skipped], [0, 3]);
  // Same size and time but different bytes: only reading them shows it.
  await docs.writeFile('x/c.txt', 'X');
  await docs.utimes('x/c.txt', { mtime: new Date(1_600_000_000_000) });
  assert.equal((await copyTree(here, there, { resume: true })).skipped, 3);
  const proven = await copyTree(here, there, { resume: true, verify: true });
  assert.deepEqual([proven.files, proven.skipped], [1, 2]);
  assert.equal(await docs.readFile('x/c.txt', 'utf8'), 'c');
});

const MIB = 1024 * 1024;

test('a transfer that is cut off goes on where it was, if that is right', async (t) => {
  const folder = await temporaryFolder(t);
  const data = randomBytes(100 * MIB);
  fill(join(folder, 'in'), { 'big.bin': data });
  const [here, there] = [localTree(join(folder, 'in')), localTree(join(folder, 'out'))];
  const log = new Log();
  const cut = breaking(here, 90 * MIB, new ConnectionLost('cut off'));
  await assert.rejects(copyTree(cut, there, { onEvent: log.add }), /cut off/);
  const [partial] = readdirSync(join(folder, 'out'));
  assert.match(partial ?? '', /^big\.bin\.[0-9a-f]{12}\.[0-9a-f]{8}\.part$/);
  assert.deepEqual(log.of('kept'), ['big.bin']);
  const read = { bytes: 0 };
  const counted = counting(here, read);
  assert.equal((await copyTree(counted, there, { resume: true })).files, 1);
  assert.deepEqual(readdirSync(join(folder, 'out')), ['big.bin']);
  assert.ok(Buffer.compare(readFileSync(join(folder, 'out/big.bin')), data) === 0);
  assert.ok(read.bytes < 90 * MIB, `${read.bytes} bytes were read again`);
});

test('what is there in part but is wrong is not gone on with', async (t) => {
  const folder = await temporaryFolder(t);
  const data = randomBytes(80 * MIB);
  fill(join(folder, 'in'), { 'big.bin': data });
  const [here, there] = [localTree(join(folder, 'in')), localTree(join(folder, 'out'))];
  await assert.rejects(copyTree(breaking(here, 79 * MIB, new ConnectionLost('cut off')), there), /cut off/);
  const [partial] = readdirSync(join(folder, 'out'));
  const file = await open(join(folder, 'out', partial as string), 'r+');
  for (let at = 0; at < 79 * MIB; at += MIB / 2) await file.write(Buffer.from('junk'), 0, 4, at);
  await file.close();
  await copyTree(here, there, { resume: true });
  assert.ok(Buffer.compare(readFileSync(join(folder, 'out/big.bin')), data) === 0);
});

function counting(tree: FileTree, read: { bytes: number }): FileTree {
  const counted = breaking(tree, Number.MAX_SAFE_INTEGER, new Error());
  const { open: original } = counted;
  counted.open = async (path, control) => {
    const file = await original(path, control);
    return {
      inspect: (c) => file.inspect(c),
      close: () => file.close(),
      read: (into, position, c) => {
        read.bytes += into.length;
        return file.read(into, position, c);
      },
    };
  };
  return counted;
}

test('Ctrl-C leaves neither open files nor small partial ones', async (t) => {
  const folder = await temporaryFolder(t);
  const docs = await memoryShare(t);
  fill(join(folder, 'in'), Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}`, randomBytes(1000)])));
  const stop = new AbortController();
  let done = 0;
  const onEvent = ({ kind }: TransferEvent): void => {
    if (kind === 'done' && ++done === 5) stop.abort();
  };
  await assert.rejects(
    copyTree(localTree(join(folder, 'in')), shareTree(docs, 'x'), { signal: stop.signal, parallel: 4, onEvent }),
    { name: 'AbortError' },
  );
  const left: string[] = [];
  for await (const { name } of docs.readdir('x')) left.push(name);
  assert.deepEqual(
    left.filter((name) => name.endsWith('.part')),
    [],
  );
  assert.ok(left.length >= 5 && left.length < 60);
  await docs.rm('x', { recursive: true });
});

test('a file that grows while it is read is tried again, then fails, and its place is as it was', async (t) => {
  const folder = await temporaryFolder(t);
  fill(join(folder, 'in'), { 'log.txt': 'one', 'other.txt': 'fine' });
  fill(join(folder, 'out'), { 'log.txt': 'old' });
  const grow = (times: number): FileTree => {
    let left = times;
    const tree = breaking(localTree(join(folder, 'in')), Number.MAX_SAFE_INTEGER, new Error());
    const { open: original } = tree;
    tree.open = async (path, control) => {
      const file = await original(path, control);
      const touched = path === 'log.txt' && left-- > 0;
      return {
        inspect: (c) => file.inspect(c),
        close: () => file.close(),
        read: (into, position, c) => {
          if (touched) appendFileSync(join(folder, 'in/log.txt'), '+');
          return file.read(into, position, c);
        },
      };
    };
    return tree;
  };
  const log = new Log();
  const there = localTree(join(folder, 'out'));
  const result = await copyTree(grow(9), there, { onEvent: log.add });
  assert.deepEqual([result.files, result.failed], [1, 1]);
  assert.match(log.failures()[0] ?? '', /log\.txt: it grew while it was read/);
  assert.deepEqual(contents(join(folder, 'out')), { 'log.txt': 'old', 'other.txt': 'fine' });
  assert.equal((await copyTree(grow(1), there)).failed, 0);
  assert.equal((await copyTree(grow(9), there, { changing: true })).failed, 0);
});

test('links are left out, followed or made; a circle is no end', async (t) => {
  const folder = await temporaryFolder(t);
  fill(join(folder, 'in'), { 'd/a.txt': 'a' });
  symlinkSync('d/a.txt', join(folder, 'in/link.txt'));
  symlinkSync('..', join(folder, 'in/d/up'));
  symlinkSync('nowhere', join(folder, 'in/dangling'));
  const here = localTree(join(folder, 'in'));
  const skip = new Log();
  const skipped = await copyTree(here, localTree(join(folder, 'skip')), { onEvent: skip.add });
  assert.deepEqual([skipped.files, skipped.leftOut, skipped.failed], [1, 3, 0]);
  assert.equal(skip.of('left-out').length, 3);
  const follow = new Log();
  const followed = await copyTree(here, localTree(join(folder, 'follow')), { links: 'follow', onEvent: follow.add });
  assert.deepEqual([followed.files, followed.leftOut, followed.failed], [2, 1, 1]);
  assert.match(follow.failures()[0] ?? '', /up: the directory contains itself/);
  assert.deepEqual(contents(join(folder, 'follow')), { 'd/a.txt': 'a', 'link.txt': 'a' });
  const kept = await copyTree(here, localTree(join(folder, 'keep')), { links: 'keep' });
  assert.deepEqual([kept.links, kept.failed], [3, 0]);
});

test('files go at the source when they are in their place, and no sooner', async (t) => {
  const folder = await temporaryFolder(t);
  const docs = await memoryShare(t);
  fill(join(folder, 'in'), { 'a.txt': 'a', 'b/c.txt': 'c', 'b/bad:name': 'stays', 'd/e.txt': 'e' });
  const here = localTree(join(folder, 'in'));
  const options = { move: true, verify: true, existing: 'keep' } as const;
  const result = await copyTree(here, shareTree(docs, 'x'), options);
  assert.deepEqual([result.files, result.failed], [3, 1]);
  assert.deepEqual(contents(join(folder, 'in')), { 'b/bad:name': 'stays' });
  assert.ok(!existsSync(join(folder, 'in/d')), 'empty directories go');
  // The target is the source under another name: nothing may be removed.
  await docs.mkdir('y');
  await docs.writeFile('y/f.txt', 'f');
  const self = await copyTree(shareTree(docs, 'y'), shareTree(docs, 'y'), { ...options, resume: true });
  assert.equal(self.failed, 1);
  assert.equal(await docs.readFile('y/f.txt', 'utf8'), 'f');
});

test('what a move leaves out keeps the directories around it, and is no failure', async (t) => {
  const folder = await temporaryFolder(t);
  fill(join(folder, 'in'), { 'a.txt': 'a', 'b/c/d/e.txt': 'e', 'b/c/f.txt': 'f', 'g/h.skip': 'h', 'i/j.txt': 'j' });
  symlinkSync('e.txt', join(folder, 'in/b/c/d/link'));
  const log = new Log();
  const move = { move: true, filter: filterOf([], ['*.skip']), onEvent: log.add };
  const result = await copyTree(localTree(join(folder, 'in')), localTree(join(folder, 'out')), move);
  assert.deepEqual([result.files, result.leftOut, result.failed], [4, 1, 0], log.failures().join('\n'));
  const left = readdirSync(join(folder, 'in'), { recursive: true }).sort();
  assert.deepEqual(left, ['b', 'b/c', 'b/c/d', 'b/c/d/link', 'g', 'g/h.skip']);
});

test('a move that is cut off loses nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const docs = await memoryShare(t);
  const all = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`d${i % 3}/f${i}`, `content ${i}`]));
  fill(join(folder, 'in'), all);
  const options = { move: true, verify: true, existing: 'keep', parallel: 3 } as const;
  for (let round = 0; round < 5; round++) {
    const here = localTree(join(folder, 'in'));
    const cut = breaking(here, 60 + 20 * round, new ConnectionLost('cut off'));
    await assert.rejects(copyTree(cut, shareTree(docs, 'x'), { ...options, resume: round > 0 }), /cut off/);
    const left = contents(join(folder, 'in'));
    for (const [path, content] of Object.entries(all)) {
      const there = (await docs.exists(`x/${path}`)) ? await docs.readFile(`x/${path}`, 'utf8') : undefined;
      assert.equal(left[path] ?? there, content, `${path} after round ${round}`);
    }
  }
  await copyTree(localTree(join(folder, 'in')), shareTree(docs, 'x'), { ...options, resume: true });
  assert.ok(!existsSync(join(folder, 'in')));
  for (const [path, content] of Object.entries(all)) assert.equal(await docs.readFile(`x/${path}`, 'utf8'), content);
});

test('what cannot be read does not end the others', {
  skip: process.getuid?.() === 0,
}, async (t) => {
  const folder = await temporaryFolder(t);
  fill(join(folder, 'in'), { 'a.txt': 'a', 'b.txt': 'b' });
  chmodSync(join(folder, 'in/a.txt'), 0);
  const result = await copyTree(localTree(join(folder, 'in')), localTree(join(folder, 'out')));
  assert.deepEqual([result.files, result.failed], [1, 1]);
});

test('one file: onto a directory is a failure, and holes stay holes', async (t) => {
  const folder = await temporaryFolder(t);
  mkdirSync(join(folder, 'in'));
  mkdirSync(join(folder, 'out/a'), { recursive: true });
  fill(join(folder, 'in'), { a: 'a' });
  const [here, there] = [localTree(join(folder, 'in')), localTree(join(folder, 'out'))];
  await assert.rejects(copyFile(here, 'a', there, 'a'), /is a directory/);
  const file = await open(join(folder, 'in/holes'), 'w');
  await file.write(Buffer.from('data'), 0, 4, 5 * MIB + 17);
  await file.truncate(50 * MIB);
  await file.close();
  await copyFile(here, 'holes', there, 'holes', { verify: true });
  const [was, is] = [statSync(join(folder, 'in/holes')), statSync(join(folder, 'out/holes'))];
  assert.equal(is.size, was.size);
  assert.ok(is.blocks * 512 <= 2 * MIB, `${is.blocks * 512} bytes on the disk`);
  assert.ok(Buffer.compare(readFileSync(join(folder, 'out/holes')), readFileSync(join(folder, 'in/holes'))) === 0);
});
