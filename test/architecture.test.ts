import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspectSources, type Source } from './architecture.js';
import { root } from './root.js';

/** Guards against a checker that looks at nothing and so finds nothing. */
const LEAST_FILES = 100;
const LEAST_EDGES = 200;

function readSources(): Source[] {
  const folder = join(root, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ path: name.replaceAll('\\', '/'), text: readFileSync(join(folder, name), 'utf8') }));
}

test('each import obeys the layer table, and nothing banned is in the sources', () => {
  const sources = readSources();
  const { faults, edges } = inspectSources(sources);
  assert.equal(faults.join('\n'), '');
  assert.ok(sources.length >= LEAST_FILES, `only ${sources.length} files were looked at`);
  assert.ok(edges >= LEAST_EDGES, `only ${edges} imports were looked at`);
});

test('the checker sees what it is there for', () => {
  const planted: [path: string, text: string, fault: RegExp][] = [
    ['wire/a.ts', "import { x } from '#engine/x.js';", /wire runs in the browser/],
    ['wire/a.ts', "import { x } from 'node:crypto';", /wire runs in the browser/],
    ['wire/a.ts', "const x = await import('#net/tcp.js');", /wire runs in the browser/],
    ['wire/a.ts', "export * from '../crypto/md4.js';", /across layers write #crypto\/md4\.js/],
    ['wire/a.ts', "import { x } from '#wire/b.js';", /relative import/],
    ['engine/a.ts', "import type { Socket } from 'node:net';", /sans-IO/],
    ['client/a.ts', "import { x } from '#server/x.js';", /below both/],
    ['server/a.ts', "import { x } from '#fs/local/x.js';", /contract of a back end/],
    ['fs/a.ts', "import { x } from '#wire/smb2/header.js';", /own I\/O/],
    ['cli/a.ts', "import { x } from '#client/file.js';", /first user/],
    ['server/a.ts', "import { golden } from '#testing/golden.js';", /only/],
    ['auth/a.ts', "import koa from 'koa';", /bytes in, bytes out/],
    ['misc/a.ts', "import './b.js';", /no layer/],
    ['fs/a.ts', 'const all = Buffer.concat(parts);', /Buffer\.concat/],
    ['engine/a.ts', 'const now = Date.now();', /clock/],
    ['server/a.ts', 'setTimeout(f, 1);', /clock/],
    ['wire/a.ts', 'enum Colour { Red }', /const object/],
    ['wire/a.ts', 'x.readUInt32LE(3);', /DataView/],
    ['cli/a.ts', 'let x: any;', /unknown/],
    ['cli/a.ts', '// TODO later', /do it/],
    ['cli/a.ts', '\n'.repeat(401), /401 lines/],
  ];
  for (const [path, text, fault] of planted) {
    const { faults } = inspectSources([{ path, text }]);
    assert.equal(faults.length > 0, true, `${path} ${text} passed`);
    assert.match(faults.join('\n'), fault);
  }
});

test('the checker leaves alone what is allowed', () => {
  const allowed: [path: string, text: string][] = [
    ['wire/a.ts', "import { x } from './b.js';\n// Date.now and Buffer.concat in a comment, `enum x` too"],
    ['wire/io/a.ts', "import { x } from '../erref/errors.js';"],
    ['server/a.ts', "import { x } from '#fs/backend.js';\nimport { y } from '#coord/memory.js';"],
    ['net/clock.ts', "export const now = (): number => Date.now();\nimport net from 'node:net';"],
    ['cli/a.ts', "import { x } from '#client/index.js';\nimport fs from 'node:fs';"],
    ['wire/a.test.ts', "import { x } from '#testing/golden.js';\nimport test from 'node:test';"],
    ['wire/erref/nt-status.ts', '\n'.repeat(3000)],
  ];
  for (const [path, text] of allowed) assert.deepEqual(inspectSources([{ path, text }]).faults, []);
});
