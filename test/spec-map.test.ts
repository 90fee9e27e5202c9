import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './root.js';

/** Guards against an empty map, which would be up to date too. */
const LEAST_SECTIONS = 400;

test('docs/spec-map.md is what the sources say', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'tools/spec-map.mjs'), '--print'], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  assert.equal(status, 0, stderr);
  const lines = stdout.split('\n');
  const sections = lines.filter((line) => /^\| \d/.test(line)).length;
  assert.ok(sections >= LEAST_SECTIONS, `only ${sections} sections were found`);
  const known = new Set(readFileSync(join(root, 'docs/spec-map.md'), 'utf8').split('\n'));
  const news = lines.filter((line) => !known.has(line));
  const gone = Array.from(known).filter((line) => !lines.includes(line));
  assert.deepEqual({ news, gone }, { news: [], gone: [] }, 'npm run spec-map writes it again');
});
