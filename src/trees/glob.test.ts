import assert from 'node:assert/strict';
import { test } from 'node:test';
import { globTest, PathPatterns } from './glob.js';

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

test('a pattern that is none, or stands for too many, is the mistake of who wrote it', () => {
  for (const pattern of ['[z-a]', '{a,b}'.repeat(11)]) {
    assert.throws(() => globTest(pattern), { code: 'SMB_USAGE' }, pattern);
    assert.throws(() => new PathPatterns([pattern]), { code: 'SMB_USAGE' }, pattern);
  }
});

test('patterns of paths are matched on the way down', () => {
  const cases: [patterns: string[], path: string, hit: boolean, more: boolean][] = [
    [['a/*.txt'], 'a', false, true],
    [['a/*.txt'], 'a/x.TXT', true, false],
    [['a/*.txt'], 'b', false, false],
    [['a/**'], 'a', true, true],
    [['a/**'], 'a/b/c', true, true],
    [['**/x'], 'x', true, true],
    [['**/x'], 'a/b/x', true, true],
    [['**/**/x'], 'a', false, true],
    [['**'], 'a', true, true],
    [['a/**/b'], 'a/b', true, true],
    [['{a,c/{d,e}}/f'], 'c/e/f', true, false],
    [['{a,c/{d,e}}/f'], 'c/a', false, false],
    [['./a//b'], 'a/b', true, false],
    [['a', 'b/c'], 'b', false, true],
    [[], 'a', false, false],
  ];
  for (const [patterns, path, hit, more] of cases) {
    const all = new PathPatterns(patterns);
    let reached = { state: all.start, hit: false, more: true };
    for (const name of path.split('/')) reached = all.step(reached.state, name);
    assert.deepEqual([reached.hit, reached.more], [hit, more], `${patterns} on ${path}`);
  }
});

test('what is known of a way does not grow with its length', () => {
  const all = new PathPatterns(['**/a/**/a/**/a/**/b']);
  let { state } = { state: all.start };
  for (let depth = 0; depth < 200; depth++) state = all.step(state, 'a').state;
  assert.ok((state[0]?.size ?? 0) <= 8);
});
