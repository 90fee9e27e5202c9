// What `npm start` and `npm test` need before they can run in a fresh clone. Plain Node: nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const TSC = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** A step that could not be done; its output has been shown. */
export class StepFailed extends Error {
  constructor(step, status) {
    super(`${step} failed (exit status ${status})`);
    this.status = status || 1;
  }
}

/** Runs a command; stdout goes to `stdout`, because what `npm start` prints is the program's. */
export function step(name, command, args, stdout = 2) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', stdout, 2] });
  if (done.error) throw new Error(`${name}: ${done.error.message}`, { cause: done.error });
  if (done.status !== 0) throw new StepFailed(name, done.status);
}

function mtime(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function* filesUnder(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

export function install() {
  const installed = mtime(join(root, 'node_modules', '.package-lock.json'));
  if (installed >= mtime(join(root, 'package-lock.json')) && existsSync(TSC)) return;
  process.stderr.write('installing dependencies (npm ci)\n');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm?.endsWith('.js')) step('npm ci', process.execPath, [npm, ...args]);
  else step('npm ci', 'npm', args);
  // npm leaves an up-to-date marker alone: without this every start would install again.
  const marker = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(marker)) utimesSync(marker, new Date(), new Date());
}

/** Compiles a project if a source is newer than its last good build; `force` always asks the compiler. */
export function build(project, sources, output, force = false) {
  const info = join(root, output, '.tsbuildinfo');
  const built = mtime(info);
  let newest = Math.max(mtime(join(root, project)), mtime(join(root, 'package.json')));
  for (const folder of sources) {
    for (const file of filesUnder(join(root, folder))) newest = Math.max(newest, mtime(file));
  }
  removeOrphans(output, output === 'dist' ? 'src' : '.');
  if (!force && built > newest) return;
  const started = new Date();
  if (built === 0) process.stderr.write(`building ${output}\n`);
  step(`tsc -p ${project}`, process.execPath, [TSC, '-p', project]);
  if (existsSync(info)) utimesSync(info, started, started);
}

/** Packs the command line and writes its manual page, if it was built since. */
export function pack() {
  const made = [join(root, 'man', 'sombrero.1'), join(root, 'dist', 'packed', 'main.cjs')];
  if (made.every((file) => mtime(file) > mtime(join(root, 'dist', '.tsbuildinfo')))) return;
  for (const tool of ['man', 'pack-cli']) step(tool, process.execPath, [join(root, 'tools', `${tool}.mjs`)]);
}

// What a deleted or renamed source has left behind would still be tested and published.
function removeOrphans(output, source) {
  for (const file of filesUnder(join(root, output))) {
    const inner = file.slice(join(root, output).length + 1);
    // pack-cli.mjs looks after its own.
    if (/^packed[\\/]/.test(inner)) continue;
    const match = /^(.*)\.(?:js|d\.ts)(?:\.map)?$/.exec(inner);
    if (match && !existsSync(join(root, source, `${match[1]}.ts`))) rmSync(file);
  }
}
