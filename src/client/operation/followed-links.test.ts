import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FollowingServer, type Tells } from '#testing/following-server.js';

const FILES = ['t\\keep', 'd\\real\\keep', 'd\\sub\\x', 'd\\sub\\deep\\y'];
const LINKS = { 'd\\sibling': 'd\\real', 'd\\out': 't', top: 't', 'd\\root': '', 'd\\sub\\again': 'd' };
const following = (tells?: Tells): FollowingServer => new FollowingServer(FILES, LINKS, tells);

test('a link that the server follows is told by what is in it', async () => {
  const { share } = following();
  for (const link of ['d/sibling', 'd/out', 'top', 'd/root', 'd/sub/again'])
    assert.equal(await share.isFollowedLink(link), true, link);
  for (const directory of ['', 'd', 'd/real', 't', 'd/sub', 'd/sub/deep', 'd/sub/again/real', 'd/root/d'])
    assert.equal(await share.isFollowedLink(directory), false, directory);
});

test('and by numbers, where the server does not say where things are', async () => {
  const { share } = following({ places: false });
  for (const link of ['d/out', 'd/root', 'd/sub/again']) assert.equal(await share.isFollowedLink(link), true, link);
  for (const directory of ['d', 'd/real', 't', 'd/sub']) assert.equal(await share.isFollowedLink(directory), false);
  const silent = following({ places: false, dots: false });
  assert.equal(await silent.share.isFollowedLink('d/out'), false);
});

test('removing a link does not empty what it leads to', async () => {
  for (const link of ['d/sibling', 'd/out', 'top', 'd/root', 'd/sub/again']) {
    const server = following();
    await assert.rejects(server.share.rm(link, { recursive: true }), {
      code: 'STATUS_DIRECTORY_NOT_EMPTY',
      message: /it is a link to a directory that is somewhere else/,
    });
    await assert.rejects(server.share.fs.rm(`/${link}`, { recursive: true }), { code: 'ENOTEMPTY' });
    assert.deepEqual([...server.files].sort(), [...FILES].sort(), link);
  }
});

test('a directory goes although a link beside it leads to it, and a link to nothing goes itself', async () => {
  const server = following();
  await server.share.rm('d/real', { recursive: true });
  assert.deepEqual([...server.files], ['t\\keep', 'd\\sub\\x', 'd\\sub\\deep\\y']);
  await server.share.rm('d/sibling', { recursive: true });
  assert.deepEqual([...server.links.keys()], ['d\\out', 'top', 'd\\root', 'd\\sub\\again']);
});

test('a link within what is removed keeps what it leads to', async () => {
  const server = following();
  await assert.rejects(server.share.rm('d/sub', { recursive: true }), /a link to a directory that is somewhere else/);
  for (const file of ['t\\keep', 'd\\real\\keep']) assert.ok(server.files.has(file), file);
});
