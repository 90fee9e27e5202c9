import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './program.js';
import { allTests, expectations, reasons } from './tests.js';
import { SHARES } from './torture-shares.js';

/** Raised with the list. */
const EXPECTED_AT_LEAST = 309;

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

test('what is said not to pass is on the lists, and is not expected to pass', () => {
  const keys = new Set(allTests().map(({ key }) => key));
  const expected = expectations();
  assert.deepEqual(
    [...reasons()].filter(([key, reason]) => !keys.has(key) || !reason || expected.has(key)),
    [],
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
