// npm test: installs, builds, lints and runs every test. --no-setup: only the tests, on what is built.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runTests, summary } from './run-tests.mjs';
import { build, install, pack, root, step } from './setup.mjs';

const BIOME = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
const paths = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
let failedSteps = 0;

function attempt(name, action) {
  const started = Date.now();
  try {
    action();
    process.stderr.write(`${name}: ok (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  } catch (error) {
    process.stderr.write(`${name}: ${error.message}\n`);
    failedSteps++;
  }
}

if (!process.argv.includes('--no-setup')) {
  attempt('install', install);
  if (failedSteps === 0) {
    attempt('build src', () => build('tsconfig.json', ['src'], 'dist', true));
    attempt('pack', pack);
    attempt('build test', () => build('test/tsconfig.json', ['src', 'test', 'bench', 'examples'], 'build', true));
    attempt('lint', () => step('biome', process.execPath, [BIOME, 'check', '--max-diagnostics=50', '.']));
  }
}

const wanted = paths.length > 0 ? paths : ['dist', 'build/test'];
const counts = await runTests(wanted.filter((path) => existsSync(join(root, path))));
counts.failed += failedSteps;
if (failedSteps > 0) process.stdout.write(`${failedSteps} of install, build, lint failed: see above\n`);
process.stdout.write(`${summary(counts)}\n`);
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
