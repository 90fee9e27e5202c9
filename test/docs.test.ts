import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { root } from './root.js';

const MAX_ADR_LINES = 40;
const adrs = readdirSync(join(root, 'docs/adr')).sort();
const pages = [
  ...[
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'SECURITY.md',
    'docs/architecture.md',
    'docs/back-ends.md',
    'docs/access.md',
    'docs/command-line.md',
    'docs/share-fs.md',
  ],
  ...adrs.map((name) => `docs/adr/${name}`),
];
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Names in backticks that begin with one of our folders, and links within the repository. */
function placesIn(page: string): string[] {
  const text = read(page);
  const named = text.matchAll(/`((?:src|test|docs|examples|tools|bench)\/[\w./*-]+)`/g);
  const linked = text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g);
  return [
    ...Array.from(named, ([, path]) => join(root, path as string)),
    ...Array.from(linked, ([, path]) => join(root, dirname(page), path as string)),
  ];
}

test('the files that the documents speak of are there', () => {
  let looked = 0;
  const missing: string[] = [];
  for (const page of pages) {
    for (const place of placesIn(page)) {
      looked++;
      if (!place.includes('*') && !existsSync(place)) missing.push(`${page}: ${place.slice(root.length)}`);
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(looked >= 100, `only ${looked} places were looked at`);
});

test('decisions are numbered, short and of one form', () => {
  assert.ok(adrs.length >= 10);
  for (const [i, name] of adrs.entries()) {
    assert.match(name, new RegExp(`^${String(i + 1).padStart(4, '0')}-[a-z0-9-]+\\.md$`));
    const text = read(`docs/adr/${name}`);
    assert.ok(text.split('\n').length <= MAX_ADR_LINES + 1, `${name} is longer than ${MAX_ADR_LINES} lines`);
    const headings = Array.from(text.matchAll(/^## (.*)$/gm), ([, heading]) => heading);
    assert.deepEqual(headings, ['Context', 'Decision', 'Consequences'], name);
  }
});

test('the commands in README.md exist with their flags', () => {
  const main = join(root, 'dist/packed/main.cjs');
  const helps = new Map<string, string>();
  const helpOf = (command: string): string => {
    const known = helps.get(command);
    if (known !== undefined) return known;
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, command, '--help'], { encoding: 'utf8' });
    assert.equal(status, 0, `sombrero ${command}: ${stderr}`);
    helps.set(command, stdout);
    return stdout;
  };
  let looked = 0;
  for (const [, command, rest] of read('README.md').matchAll(/^(?:npx sombrero|npm start --) (\w+)(.*)$/gm)) {
    const help = helpOf(command as string);
    for (const [flag] of (rest as string).replace(/ #.*/, '').matchAll(/--?[a-z][\w-]*(?=[ =]|$)/g)) {
      assert.ok(help.includes(flag), `sombrero ${command} has no ${flag}`);
    }
    looked++;
  }
  assert.ok(looked >= 5, `only ${looked} commands were looked at`);
});
