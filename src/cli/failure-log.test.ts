import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { FailureLog } from './failure-log.js';
import { withResult } from './json-output.js';
import { Progress } from './progress.js';

test('each failure is told with its path; so many are kept for --json, and no more', () => {
  const lines: string[] = [];
  const stream = new Writable({
    write: (line, _encoding, done) => {
      lines.push(String(line));
      done();
    },
  });
  const log = new FailureLog('rm', new Progress({ stream }));
  for (let i = 0; i < 10_001; i++) log.add(`${i}.txt`, new Error('no'));
  assert.equal(log.kept.length, 10_000);
  assert.deepEqual(log.kept[0], { path: '0.txt', code: 'UNKNOWN', message: 'no' });
  assert.equal(lines[0], 'sombrero rm: 0.txt: no\n');
  assert.equal(lines[10_000], 'sombrero rm: 10000.txt: no\n');
});

test('work that breaks off tells its result, and the error in it', async () => {
  const told: object[] = [];
  const tell = async (ending: object): Promise<void> => {
    told.push(ending);
  };
  const broken = withResult(() => Promise.reject(new Error('gone')), tell);
  await assert.rejects(broken, /gone/);
  await withResult(async () => undefined, tell);
  assert.deepEqual(told, [{ error: { code: 'UNKNOWN', message: 'gone' } }, {}]);
});
