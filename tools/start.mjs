// npm start [-- ARGS]: installs and builds what is missing or out of date, then runs `sombrero ARGS`.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { build, install, pack, root, StepFailed } from './setup.mjs';

try {
  install();
  build('tsconfig.json', ['src'], 'dist');
  pack();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(error instanceof StepFailed ? error.status : 1);
}

const args = process.argv.slice(2);
const main = join(root, 'dist', 'packed', 'main.cjs');
const child = spawn(process.execPath, [main, ...(args.length > 0 ? args : ['exchange'])], { stdio: 'inherit' });
// From a terminal the child gets Ctrl-C itself; sent to us alone, it has to be handed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.on('exit', (status, signal) => process.exit(signal ? 128 + constants.signals[signal] : status));
