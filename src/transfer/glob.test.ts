import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostileName } from '#trees/names.js';
import { Buffers, Queue } from './buffers.js';
import { globTest } from './glob.js';
import { localFault, windowsFault } from './names.js';
import { isPartial, partialPath } from './partial.js';

test('patterns', () => {
  const cases: [pattern: string, yes: string[], no: string[]][] = [
    ['*.jpg', ['a.JPG', '.jpg'], ['a.jpg.bak', 'd/a.jpg']],
    ['a?c', ['abc', 'aöc'], ['ac', 'abbc']],
    ['a?c[1]', ['abc1'], ['abc[1]']],
    ['[a-c]*', ['b', 'Box'], ['d']],
    ['[!a-c]', ['d'], ['a', '/']],
    ['**/x', ['x', 'a/x', 'a/b/x'], ['xx', 'a/xx']],
    ['a/**', ['a/b', 'a/b/c'], ['a', 'b/a']],
    ['*.{jpg,png}', ['a.jpg', 'a.png'], ['a.gif']],
    ['a\\*b', ['a*b'], ['axb']],
    ['a.b+c(d)', ['a.b+c(d)'], ['aXb+c(d)']],
    ['[', ['['], ['a']],
    ['{a', ['{a'], ['a']],
  ];
  for (const [pattern, yes, no] of cases) {
    const test = globTest(pattern);
    for (const text of yes) assert.ok(test(text), `${pattern} is ${text}`);
    for (const text of no) assert.ok(!test(text), `${pattern} is not ${text}`);
  }
});

test('names', () => {
  for (const name of ['', '.', '..', 'a/b', 'a\\b', 'a\0']) assert.ok(hostileName(name) !== undefined, name);
  for (const name of ['a:b', 'a?', 'a*', 'a.', 'a ', 'a\n', '<', 'x'.repeat(256)]) assert.ok(windowsFault(name), name);
  for (const name of ['a', '.a', 'a b', 'ä', '...a', 'CON']) assert.equal(windowsFault(name), undefined, name);
  for (const name of ['CON', 'nul.txt', 'COM1', 'a:b']) assert.ok(localFault(name, 'win32'), name);
  assert.equal(localFault('CON', 'linux'), undefined);
  assert.ok(localFault('ä'.repeat(200), 'linux'));
});

test('partial files have names that fit', () => {
  const version = { size: 1, mtime: new Date(0) };
  const path = partialPath(`d/${'ä'.repeat(127)}`, version);
  assert.ok(path.startsWith('d/ä') && Buffer.byteLength(path) <= 257);
  assert.ok(isPartial(path.slice(2)));
  assert.ok(!isPartial('a.part'));
  assert.notEqual(partialPath('a', version), partialPath('a', version));
});

test('a queue hands on in order, and holds up who is too fast', async () => {
  const queue = new Queue<number>(2);
  await queue.push(1);
  let through = false;
  const waits = queue.push(2).then(() => {
    through = true;
  });
  await null;
  assert.equal(through, false);
  assert.equal(await queue.take(), 1);
  await waits;
  assert.equal(await queue.take(), 2);
  const waiting = queue.take();
  queue.end();
  assert.equal(await waiting, undefined);
  assert.equal(await queue.take(), undefined);
});

test('no more buffers than there may be', async () => {
  const buffers = new Buffers(2, 8);
  let out = 0;
  let most = 0;
  const use = (): Promise<void> =>
    buffers.use(async () => {
      most = Math.max(most, ++out);
      await new Promise((resolve) => setImmediate(resolve));
      out--;
    });
  await Promise.all(Array.from({ length: 10 }, use));
  assert.equal(most, 2);
});
