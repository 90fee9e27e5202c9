// run-tests.mjs [--verbose] PATHS…: runs the *.test.js files under PATHS and closes with `N passed, N failed, N skipped`.
// The files are found here because Node 20 and later versions differ in what `node --test FOLDER` means.
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { root } from './setup.mjs';

// Of a whole file.
const TIMEOUT_MS = 300_000;

function findTests(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true })
    .filter((name) => name.endsWith('.test.js') && !name.includes('node_modules'))
    .map((name) => join(path, name));
}

export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** The stack of what was thrown in the test, and of what caused that. */
function reason(error) {
  const thrown = error?.cause ?? error;
  if (!(thrown instanceof Error)) return typeof thrown === 'string' ? thrown : inspect(thrown);
  const text = thrown.stack?.includes(thrown.message) ? thrown.stack : `${thrown.message}\n${thrown.stack}`;
  return thrown.cause === undefined ? text : `${text}\ncaused by ${reason({ cause: thrown.cause })}`;
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}

/** Collects the events of a run: tests are counted, the groups around them are not. */
class Counter {
  passed = 0;
  failed = 0;
  skipped = 0;
  failures = [];
  skips = [];
  #output = new Map();

  take({ type, data }, verbose) {
    if (type === 'test:pass') this.#pass(data, verbose);
    else if (type === 'test:fail') this.#fail(data);
    else if (type === 'test:stderr' || type === 'test:stdout') this.#print(data, verbose);
  }

  #pass(data, verbose) {
    if (verbose) {
      process.stdout.write(`${'  '.repeat(data.nesting)}✔ ${data.name} (${Math.round(data.details.duration_ms)} ms)\n`);
    }
    if (data.details?.type === 'suite' || data.name.endsWith('.test.js')) return;
    if (data.skip !== undefined && data.skip !== false) this.#skip(data, data.skip);
    else if (data.todo !== undefined && data.todo !== false) this.#skip(data, 'todo');
    else this.passed++;
  }

  #skip(data, why) {
    this.skipped++;
    this.skips.push(`${data.name}: ${why === true || why === '' ? 'no reason given' : why}`);
  }

  #fail(data) {
    if (data.todo !== undefined && data.todo !== false) return this.#skip(data, 'todo');
    const error = data.details?.error;
    // A parent fails because of its children, which have been counted.
    if (error?.failureType === 'subtestsFailed' && this.failed > 0) return;
    this.failed++;
    const file = relative(root, data.file ?? data.name);
    const output = data.name.endsWith('.test.js') ? (this.#output.get(resolve(data.name)) ?? '') : '';
    const text = `✖ ${data.name} (${file}${data.line ? `:${data.line}` : ''})\n${indent(`${reason(error)}\n${output}`.trimEnd())}`;
    this.failures.push(text);
    process.stdout.write(`${text}\n`);
  }

  #print(data, verbose) {
    if (verbose) process.stdout.write(data.message);
    const before = this.#output.get(data.file) ?? '';
    if (before.length < 20_000) this.#output.set(data.file, before + data.message);
  }
}

/** Runs the test files under `paths`; prints failures when they happen and again, with the skips, at the end. */
export async function runTests(paths, verbose = process.argv.includes('--verbose')) {
  const files = [...new Set(paths.flatMap((path) => findTests(resolve(root, path))))].sort();
  const counter = new Counter();
  if (files.length === 0) {
    process.stdout.write(`no *.test.js under ${paths.join(', ') || 'no path at all'}\n`);
    return counter;
  }
  process.chdir(root);
  // What commands keep for their next run (src/cli/code-store.ts) stays out of the user's own caches.
  const caches = process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME';
  process.env[caches] = join(root, 'node_modules', '.cache');
  const started = Date.now();
  const stream = run({ files, concurrency: availableParallelism(), timeout: TIMEOUT_MS });
  for await (const event of stream) counter.take(event, verbose);
  report(counter, files.length, Date.now() - started);
  return counter;
}

function report(counter, files, ms) {
  for (const skip of counter.skips) process.stdout.write(`SKIPPED ${skip}\n`);
  if (counter.failures.length > 0 && counter.passed > 50) {
    process.stdout.write(`\nfailed:\n${counter.failures.join('\n')}\n`);
  }
  process.stdout.write(`${files} test files in ${(ms / 1000).toFixed(1)} s on Node ${process.versions.node}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const paths = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
  const counts = await runTests(paths.length > 0 ? paths : ['dist', 'build/test']);
  process.stdout.write(`${summary(counts)}\n`);
  process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
}
