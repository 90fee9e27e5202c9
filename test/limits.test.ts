import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultLimits } from '#server/limits.js';
import { root } from './root.js';

test('LIMITS.md tells every limit with its default', () => {
  const rows = readFileSync(join(root, 'LIMITS.md'), 'utf8').split('\n');
  for (const [name, value] of Object.entries(defaultLimits)) {
    const told = rows.filter((row) => row.startsWith(`| \`${name}\``));
    assert.ok(told.length > 0, `${name} is missing`);
    for (const row of told) assert.ok(row.includes(` ${value.toLocaleString('en-US')}`), `${row} should say ${value}`);
  }
});
