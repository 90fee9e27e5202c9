import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connect } from '#client/index.js';
import { memory } from '#fs/index.js';
import { createServer } from '#server/index.js';
import { CASES, selectCases } from './cases.js';
import { line } from './report.js';
import { type Plan, type Row, runPlan } from './run.js';
import type { Target } from './scene.js';

async function targetOf(t: TestContext): Promise<Target> {
  const server = createServer({ signing: 'enabled', shares: { s: memory() }, users: { ann: { password: 'secret' } } });
  t.after(() => server.close());
  const { port } = await server.listen(0, '127.0.0.1');
  return { url: `smb://ann@127.0.0.1:${port}/s`, directory: '', options: { password: 'secret' } };
}

async function left(target: Target): Promise<string[]> {
  const share = await connect(target.url, target.options);
  const names: string[] = [];
  for await (const entry of share.readdir()) names.push(entry.name);
  await share.close();
  return names;
}

const TINY: Plan = {
  cases: CASES,
  protections: ['plain'],
  seconds: 0.005,
  depth: 1,
  connections: 2,
  fileSize: 1,
  files: 6,
  idle: 3,
};

async function rowsOf(target: Target, plan: Plan, signal = new AbortController().signal): Promise<Row[]> {
  const rows: Row[] = [];
  await runPlan(target, plan, signal, async (row) => void rows.push(row), String);
  return rows;
}

test('every case has figures, and nothing is left', async (t) => {
  const target = await targetOf(t);
  const rows = await rowsOf(target, TINY);
  assert.equal(rows.length, CASES.length);
  for (const row of rows) {
    assert.equal(row.error, undefined, row.case);
    assert.ok((row.operations ?? 0) > 0, row.case);
    assert.ok((row.p50 ?? 0) > 0 && (row.p50 ?? 0) <= (row.p99 ?? 0) && (row.p99 ?? 0) <= (row.max ?? 0), row.case);
  }
  const [idle] = rows.filter((row) => row.idle);
  assert.equal(idle?.idle?.alive, 3);
  assert.match(line(idle as Row), /^idle .* 3 opened, 3 alive in the end/);
  assert.deepEqual(await left(target), []);
});

test('each round is protected as it says', async (t) => {
  const target = await targetOf(t);
  const plan: Plan = { ...TINY, protections: ['plain', 'signed', 'encrypted'], cases: selectCases(['stat']) };
  const rows = await rowsOf(target, plan);
  assert.deepEqual(
    rows.map(({ protection, signing, encryption }) => [protection, signing, encryption]),
    [
      ['plain', undefined, undefined],
      ['signed', 'AES-GMAC', undefined],
      ['encrypted', undefined, 'AES-128-GCM'],
    ],
  );
});

test('an interrupted run leaves nothing behind', async (t) => {
  const target = await targetOf(t);
  const stop = new AbortController();
  const plan = { ...TINY, seconds: 60, files: 1e9, cases: selectCases(['create-write-close']) };
  setTimeout(() => stop.abort(), 30);
  await assert.rejects(rowsOf(target, plan, stop.signal), { name: 'AbortError' });
  assert.deepEqual(await left(target), []);
});

test('what cannot be agreed on is a row of its own', async (t) => {
  const target = await targetOf(t);
  const old = { ...target, options: { ...target.options, dialects: { max: '2.1' as const } } };
  const rows = await rowsOf(old, { ...TINY, protections: ['plain', 'encrypted'], cases: selectCases(['echo']) });
  assert.deepEqual(
    rows.map((row) => [row.case, row.error !== undefined]),
    [
      ['echo', false],
      ['connect', true],
    ],
  );
  assert.match(line(rows[1] as Row), /^connect +encrypted +failed: .*encrypt/i);
});

test('cases are chosen by name or by how names begin', () => {
  const names = (...asked: string[]): string[] => selectCases(asked).map(({ name }) => name);
  assert.equal(names().length, CASES.length);
  assert.deepEqual(
    names('read-random'),
    ['4k', '64k', '1m', '8m'].map((size) => `read-random-${size}`),
  );
  assert.deepEqual(names('stat', 'list'), ['stat', 'list']);
  assert.throws(() => names('sta'), /no case 'sta'/);
});
