// check-package.mjs FOLDER: packs the package, lints the tarball and its types, installs it into an empty project,
// imports every entry point from there and does what a new user does first. Counts one test for each.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runPasted, typesOfPasted } from './first-minutes.mjs';
import { summary } from './run-tests.mjs';
import { root } from './setup.mjs';

const folder = resolve(process.argv[2] ?? 'build/package');
const ATTW = '0.18.5';
const counts = { passed: 0, failed: 0, skipped: 0 };

function run(command, args, cwd) {
  const done = spawnSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: exit status ${done.status}\n${done.stdout}`);
  return done.stdout;
}

async function check(name, action) {
  try {
    await action();
    counts.passed++;
    process.stdout.write(`✔ ${name}\n`);
  } catch (error) {
    counts.failed++;
    process.stdout.write(`✖ ${name}: ${error.message}\n`);
  }
}

mkdirSync(folder, { recursive: true });
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
let packed;

await check('npm pack', () => {
  const packOutput = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  packed = JSON.parse(packOutput)[0];
  const stray = packed.files.filter(({ path }) =>
    /\.test\.|\.map$|^dist\/(testing|cli)\/|tsbuildinfo|^(src|test)\//.test(path),
  );
  if (stray.length > 0) throw new Error(`does not belong in the package: ${stray.map(({ path }) => path).join(', ')}`);
});
if (packed) {
  const tarball = join(folder, packed.filename);
  const project = join(folder, 'project');
  await check('publint', () =>
    run(process.execPath, [join(root, 'node_modules/publint/src/cli.js'), tarball, '--strict'], root),
  );
  // Not among the development dependencies: it brings 50 packages and another TypeScript.
  await check('attw', () => {
    const tools = join(folder, 'attw');
    mkdirSync(tools, { recursive: true });
    const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
    run('npm', ['install', ...quiet, '--prefix', tools, `@arethetypeswrong/cli@${ATTW}`], tools);
    const main = join(tools, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    run(process.execPath, [main, '--profile', 'esm-only', tarball], tools);
  });
  await check('install into an empty project', () => {
    mkdirSync(project, { recursive: true });
    writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', tarball], project);
  });
  await check('install for all users, with the manual page', () => {
    const prefix = join(folder, 'global');
    run('npm', ['install', '-g', '--prefix', prefix, '--no-audit', '--no-fund', '--loglevel=error', tarball], folder);
    // npm looks for the page in a list only.
    readFileSync(join(prefix, 'share/man/man1/sombrero.1'));
    run(join(prefix, 'bin', manifest.name), ['--version'], folder);
  });
  for (const entry of Object.keys(manifest.exports)) {
    const name = `${manifest.name}${entry.slice(1)}`;
    const options = entry.endsWith('.json') ? ", { with: { type: 'json' } }" : '';
    await check(`import ${name}`, () => {
      const script = `const found = await import('${name}'${options}); if (Object.keys(found).length === 0) process.exit(9);`;
      run(process.execPath, ['--no-warnings', '--input-type=module', '-e', script], project);
    });
  }
  for (const [name, path] of Object.entries(manifest.bin)) {
    for (const args of [['--help'], ['exchange']]) {
      await check(`${name} ${args}`, () =>
        run(process.execPath, [join(project, 'node_modules', manifest.name, path), ...args], project),
      );
    }
  }
  await check("types of the README's program", () => typesOfPasted(project));
  await check("the README's program lists a share", () => runPasted(project));
}
process.stdout.write(`${summary(counts)}\n`);
process.exit(counts.failed > 0 ? 1 : 0);
