import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../root.js';
import { complaints, conformancePage } from './conformance.js';
import { judge, type Result } from './program.js';
import { committedRuns, type Run } from './results.js';
import { allTests, expectations, reasons, type Target } from './tests.js';
import { SHARES } from './torture-shares.js';

/** Raise it when the list grows. */
const EXPECTED_AT_LEAST = 536;

test('the lists of smbtorture name each test once, on shares that there are', () => {
  const keys = allTests().map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.length >= 390, `only ${keys.length} tests`);
  for (const { share } of allTests()) assert.ok(share === undefined || SHARES[share], share);
});

test('what is expected to pass is on the lists, and has only grown', () => {
  const keys = new Set(allTests().map(({ key }) => key));
  const expected = expectations();
  assert.deepEqual(
    [...expected].filter(([key, ways]) => !keys.has(key) || ways.length === 0),
    [],
  );
  assert.ok(expected.size >= EXPECTED_AT_LEAST, `${expected.size} of ${EXPECTED_AT_LEAST}`);
});

test('what does not pass has a reason, what passes has none, and docs/conformance.md tells both', () => {
  assert.deepEqual(complaints(committedRuns(), reasons()), []);
  const page = readFileSync(join(root, 'docs/conformance.md'), 'utf8');
  assert.equal(page, conformancePage(committedRuns(), reasons()), 'npm run conformance writes it');
});

test('the runs that the page is made of are of all tests', () => {
  const keys = allTests().map(({ key }) => key);
  for (const server of Object.values(committedRuns())) {
    for (const { verdicts } of Object.values(server))
      assert.deepEqual(
        verdicts.map(({ key }) => key),
        keys,
      );
  }
});

test('a reason for what passes, and what fails without one, are refused', () => {
  const run = (target: Target, ...results: Result[]): Run => ({
    server: 's',
    suite: 's',
    target,
    date: '',
    command: '',
    verdicts: results.map((result, i) => ({
      list: 'smb2-core',
      key: `t${i}`,
      result,
      milliseconds: 1,
      tries: 1,
      reason: '',
    })),
  });
  const both = (...results: Result[]): Record<Target, Run> => ({
    samba3: run('samba3', ...results),
    windows: run('windows', ...results),
  });
  const runs = {
    ours: both('pass', 'fail', 'fail', 'skip', 'skip'),
    smbd: both('pass', 'pass', 'fail', 'skip', 'pass'),
  };
  const found = complaints(
    runs,
    new Map([
      ['t0', 'why'],
      ['t2*', 'so'],
      ['t9', 'gone'],
    ]),
  );
  assert.deepEqual(
    found.map((text) => text.split(' ')[0]),
    ['t0', 't1', 't4', 't9'],
  );
});

test("smbtorture's verdicts are read", () => {
  assert.deepEqual(judge('test: a.b\nsuccess: a.b\n'), { result: 'pass', reason: '' });
  assert.deepEqual(judge('skip: a.b [\n../../source4/torture/smb2/x.c:1: no\n]\n'), {
    result: 'skip',
    reason: 'smb2/x.c:1: no',
  });
  assert.deepEqual(judge('failure: a.b [\n(../../source4/torture/smb2/x.c:2) Incorrect\n]\n'), {
    result: 'fail',
    reason: '(smb2/x.c:2) Incorrect',
  });
  assert.deepEqual(judge('Establishing SMB2 connection failed\n'), {
    result: 'fail',
    reason: 'Establishing SMB2 connection failed',
  });
});
