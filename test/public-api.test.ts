import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { apiPage } from './api-page.js';
import { root } from './root.js';

const HOW = 'UPDATE_API=1 node --test build/test/public-api.test.js';

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}

/** The declarations that an entry point gives to users: its own file and, in order, all files it re-exports from. */
function publicText(entry: string, seen: Set<string> = new Set()): string {
  if (seen.has(entry)) return '';
  seen.add(entry);
  const text = readFileSync(entry, 'utf8')
    .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
    .trimEnd();
  let all = `// ${relative(join(root, 'dist'), entry).replaceAll('\\', '/')}\n${text}\n`;
  for (const match of text.matchAll(/^export [^;]*? from '([^']+)';$/gm)) {
    const specifier = match[1] as string;
    const file = specifier.replace(/\.js$/, '.d.ts');
    if (specifier.startsWith('.')) all += publicText(join(dirname(entry), file), seen);
    else if (specifier.startsWith('#')) all += publicText(join(root, 'dist', file.slice(1)), seen);
  }
  return all;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
for (const [name, target] of Object.entries(manifest.exports)) {
  if (typeof target === 'string') continue;
  const entry = join(root, target.types);
  const known = join(root, 'docs', 'api', `${name.slice(2)}.d.ts`);
  const page = known.replace(/\.d\.ts$/, '.md');
  test(`the public declarations of sombrero/${name.slice(2)} are the reviewed ones`, (t) => {
    if (!existsSync(entry)) return t.skip(`${target.types} does not exist yet`);
    const text = publicText(entry);
    if (process.env.UPDATE_API) {
      mkdirSync(dirname(known), { recursive: true });
      writeFileSync(known, text);
      writeFileSync(page, apiPage(name.slice(2), text));
    }
    if (!existsSync(known)) return t.skip(`${relative(root, known)} does not exist yet: ${HOW}`);
    if (text !== readFileSync(known, 'utf8')) {
      assert.equal(text, readFileSync(known, 'utf8'), `review the change, then: ${HOW}`);
    }
    assert.ok(readFileSync(page, 'utf8') === apiPage(name.slice(2), text), `the page is of another day: ${HOW}`);
  });
}
