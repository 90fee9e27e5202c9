import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './root.js';

/**
 * Packages that users get as dependencies. Adding one is a decision: list it here and give the reasons in
 * docs/dependencies.md.
 */
const RUNTIME: readonly string[] = ['koffi'];

/** Packages included in the command line: cli-progress brings string-width. */
const PACKED: readonly string[] = [
  'ansi-regex',
  'cli-progress',
  'commander',
  'emoji-regex',
  'is-fullwidth-code-point',
  'string-width',
  'strip-ansi',
];

test('the runtime dependencies are those that were decided on', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, object | undefined>;
  const found = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  assert.deepEqual([...new Set(found)].sort(), [...RUNTIME].sort());
});

test('what is packed into the command line is what was decided on, and has its licence with it', () => {
  const text = readFileSync(join(root, 'dist', 'packed', 'LICENSES.txt'), 'utf8');
  assert.deepEqual(
    Array.from(text.matchAll(/^(\S+) \d+\.\d+\.\d+$/gm), ([, name]) => name),
    PACKED,
  );
  assert.equal(text.match(/Permission is hereby granted/g)?.length, PACKED.length);
});

test('docs/dependencies.md speaks of each dependency', () => {
  const path = join(root, 'docs', 'dependencies.md');
  const text = readFileSync(path, 'utf8');
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: object };
  const silent = [...RUNTIME, ...Object.keys(manifest.devDependencies)].filter((name) => !text.includes(name));
  assert.deepEqual(silent, []);
});
