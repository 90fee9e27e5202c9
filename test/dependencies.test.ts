import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './root.js';

/** What users get with the package. A new one is a decision: write it here and say why in docs/dependencies.md. */
const RUNTIME: readonly string[] = ['cli-progress', 'commander', 'koffi'];

test('the runtime dependencies are those that were decided on', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, object | undefined>;
  const found = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  assert.deepEqual([...new Set(found)].sort(), [...RUNTIME].sort());
});

test('docs/dependencies.md speaks of each dependency', () => {
  const path = join(root, 'docs', 'dependencies.md');
  const text = readFileSync(path, 'utf8');
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: object };
  const silent = [...RUNTIME, ...Object.keys(manifest.devDependencies)].filter((name) => !text.includes(name));
  assert.deepEqual(silent, []);
});
