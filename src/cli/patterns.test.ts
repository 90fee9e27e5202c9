import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from '#client/index.js';
import { PASSWORD, type Served, served, sombrero, USER } from '#testing/command-line.js';

const READ_ONLY = 1;
const HIDDEN = 2;

/** A server with these files, each of which contains its own name. */
async function holding(t: TestContext, ...paths: readonly string[]): Promise<Served & { readonly docs: string }> {
  const place = await served(t, ...USER, '--share', 'docs=DIR/docs', '--share', 'two=DIR/docs');
  const docs = join(place.folder, 'docs');
  for (const path of paths) {
    await mkdir(dirname(join(docs, path)), { recursive: true });
    await writeFile(join(docs, path), path);
  }
  return { ...place, docs };
}

async function said(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await sombrero(args);
  assert.deepEqual([args, status, stderr], [args, 0, '']);
  return stdout;
}

async function fails(...args: string[]): Promise<string> {
  const { status, stderr } = await sombrero(args);
  assert.deepEqual([args, status], [args, 1]);
  return stderr;
}

test('a pattern stands for names in what reads', async (t) => {
  const { url } = await holding(t, 'a10.txt', 'a2.txt', 'b.log', '.hid.txt', 'd[1].txt', 'sub/a.txt', 'sub/b.txt');
  assert.equal(await said('ls', `${url}/*.TXT`), 'a2.txt\na10.txt\nd[1].txt\n');
  assert.equal(await said('ls', `${url}/.*`), '.hid.txt\n');
  assert.equal(await said('ls', '-a', `${url}/?hid*`), '.hid.txt\n');
  assert.deepEqual((await said('ls', '-r', `${url}/s*`)).split('\n').sort(), ['', 'sub/', 'sub/a.txt', 'sub/b.txt']);
  assert.equal(await said('cat', `${url}/a*.txt`), 'a2.txta10.txt');
  assert.equal(await said('cat', `${url}/d[1]*`, `${url}/b.log`), 'd[1].txtb.log');
  assert.match(await said('stat', `${url}/a?.txt`), /^path {8}a2\.txt\n/);
  const stats = JSON.parse(await said('stat', '--json', `${url}/sub/*`)) as { path: string }[];
  assert.deepEqual(
    stats.map(({ path }) => path),
    ['sub/a.txt', 'sub/b.txt'],
  );
  assert.equal(await said('du', `${url}/*b*`), '         5 B  b.log\n        18 B  sub\n');
  const found = await said('find', `${url}/s*`, `${url}/b.*`, '--name', '?.*');
  assert.deepEqual(found.split('\n').sort(), ['', 'b.log', 'sub/a.txt', 'sub/b.txt']);
  assert.match(await said('acl', '--sddl', `${url}/a*.txt`), /^O:\S+\ta2\.txt\nO:\S+\ta10\.txt\n$/);
});

test('a pattern that stands for nothing is one line and status 1', async (t) => {
  const { url } = await holding(t, 'a.txt', 'b.txt');
  for (const command of ['ls', 'du', 'rm']) {
    assert.match(await fails(command, `${url}/*.none`), /^sombrero \w+: \S+\*\.none: nothing matches\n$/);
  }
  assert.equal(await said('rm', '-f', `${url}/*.none`, `${url}/none/*`), '');
  assert.match(await fails('mkdir', `${url}/x*`), /match names only in the last part of an existing path/);
  const some = await fails('cat', `${url}/*.none`, `${url}/a.txt`);
  assert.match(some, /nothing matches\nsombrero cat: 1 of 2 failed; the others are done\n$/);
  const none = await fails('cat', `${url}/?.txt`, `${url}/none`);
  assert.match(none, /none: .*\nsombrero cat: 1 of 3 failed; the others are done\n$/);
});

test('a pattern stands for names in what removes', async (t) => {
  const { url, docs } = await holding(t, 'a.bak', 'b.bak', 'c.txt', '.d.bak', 'sub.bak/x', 'sub.bak/y', 'e', '.f');
  const some = await fails('rm', `${url}/*.bak`);
  assert.match(
    some,
    /^sombrero rm: \S+\/docs\/sub\.bak: .*rm take it with -r\)\nsombrero rm: 1 could not be removed; the/,
  );
  assert.deepEqual(readdirSync(docs).sort(), ['.d.bak', '.f', 'c.txt', 'e', 'sub.bak']);
  const gone = JSON.parse(await said('rm', '-r', '--json', `${url}/*.bak`, `${url}/?`)) as object;
  assert.deepEqual(gone, { files: 3, directories: 1, failed: 0, failures: [] });
  assert.deepEqual(readdirSync(docs).sort(), ['.d.bak', '.f', 'c.txt']);
  assert.match((await sombrero(['rm', '-v', `${url}/.*`])).stderr, /docs\/\.d\.bak\n\S+docs\/\.f\n$/);
  assert.match(await fails('rm', '--json', `${url}/c.txt`, `${url}/none`), /none: CREATE none: .*\n.*1 could not be/);
  assert.match(
    await fails('rm', `${url}/none`),
    /^sombrero rm: .*none: CREATE none: STATUS_OBJECT_NAME_NOT_FOUND.*\n$/,
  );
});

test('what is read-only stays, and goes with -f; what is hidden stays', async (t) => {
  const { url, docs } = await holding(t, 'ro/a', 'ro/b', 'ro/sub/c', 'hidden', 'shown');
  const share = await connect(url, { password: PASSWORD });
  t.after(() => share.close());
  for (const path of ['ro/a', 'ro/sub/c', 'ro/sub']) await share.setAttributes(path, READ_ONLY);
  await share.setAttributes('hidden', HIDDEN);
  const some = await fails('rm', '-r', `${url}/ro`);
  assert.match(some, /ro\/a: .*STATUS_CANNOT_DELETE \(it is read-only, which 'rm -f' does not mind, or in use/);
  assert.match(some, /sombrero rm: 2 could not be removed; the others are gone\n$/);
  assert.deepEqual(readdirSync(join(docs, 'ro')).sort(), ['a', 'sub']);
  const moved = JSON.parse(await said('mv', '--copy', '--json', `${url}/ro`, `${url.replace(/docs$/, 'two')}/new`));
  assert.deepEqual([moved.files, moved.directories, moved.failed], [2, 1, 0]);
  assert.deepEqual(readdirSync(join(docs, 'new')).sort(), ['a', 'sub']);
  await said('rm', '-rf', `${url}/*`);
  assert.deepEqual(readdirSync(docs), ['hidden']);
});

test('a pattern, or several places, stand for names in what copies, moves and fetches', async (t) => {
  const { url, docs, folder } = await holding(
    t,
    'a.txt',
    'b.txt',
    'c.log',
    '.h.txt',
    'd.txt/x',
    'to/there',
    'in/a.txt',
  );
  const two = url.replace(/docs$/, 'two');
  const some = await fails('cp', `${url}/*.txt`, `${two}/to`);
  assert.match(
    some,
    /^sombrero cp: \S+\/docs\/d\.txt: d\.txt is a directory: use -r\nsombrero cp: 1 of 3 failed; the others/,
  );
  assert.deepEqual(readdirSync(join(docs, 'to')).sort(), ['a.txt', 'b.txt', 'there']);
  const copied = JSON.parse(await said('cp', '-r', '--json', `${url}/d*`, `${url}/c.log`, `${url}/to/`));
  assert.deepEqual([copied.files, copied.failed], [2, 0]);
  assert.match(
    await fails('cp', `${url}/*.txt`, `${url}/none`),
    /^sombrero cp: none is not a directory of the share\n$/,
  );
  assert.match(
    await fails('cp', `${url}/a.txt`, `${url}/in/a.txt`, `${url}/to`),
    /to\/a\.txt is there from another URL/,
  );
  assert.match(await fails('mv', `${url}/*.none`, `${url}/to`), /^sombrero mv: \S+\*\.none: nothing matches\n$/);
  assert.match(
    await fails('mv', `${url}/t*`, `${url}/c.log`, `${url}/to`),
    /to\/to lies in to itself\n.*1 of 2 failed/,
  );
  assert.equal(await said('mv', `${url}/?.txt`, `${url}/in`), '');
  assert.deepEqual(readdirSync(join(docs, 'in')).sort(), ['a.txt', 'b.txt', 'd.txt']);
  assert.deepEqual(readdirSync(docs).sort(), ['.h.txt', 'in', 'to']);
  const moved = JSON.parse(await said('mv', '--copy', '--json', `${url}/in/*`, `${two}/`));
  assert.deepEqual([moved.files, moved.directories, moved.failed], [3, 0, 0]);
  assert.deepEqual(
    [readdirSync(docs).sort(), readdirSync(join(docs, 'in'))],
    [['.h.txt', 'a.txt', 'b.txt', 'd.txt', 'in', 'to'], []],
  );
  await said('get', '-r', `${url}/?.txt`, folder);
  assert.ok(readdirSync(folder).includes('d.txt') && !readdirSync(folder).includes('.h.txt'));
});
