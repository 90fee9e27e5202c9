import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Output of a process that has nothing but a timer to wait for. */
function printed(holds: boolean): string {
  const clock = new URL('./clock.js', import.meta.url).href;
  return outputOf(`import { systemClock } from '${clock}'; systemClock.after(5, () => console.log('over'), ${holds});`);
}

function outputOf(script: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return stdout + stderr;
}

test('a timer keeps the process alive only when it is asked to', () => {
  assert.equal(printed(true), 'over\n');
  assert.equal(printed(false), '');
});

test('what is longer than timers can wait is not over at once', () => {
  const clock = new URL('./clock.js', import.meta.url).href;
  const over = "() => console.log('over')";
  const waits = `for (const ms of [Infinity, 2 ** 31]) systemClock.after(ms, ${over});`;
  const script = `import { systemClock } from '${clock}'; ${waits} setTimeout(() => 0, 20);`;
  assert.equal(outputOf(script), '');
});
