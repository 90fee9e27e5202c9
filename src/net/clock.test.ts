import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** What a process prints that has nothing but a timer to wait for. */
function printed(holds: boolean): string {
  const clock = new URL('./clock.js', import.meta.url).href;
  const script = `import { systemClock } from '${clock}'; systemClock.after(5, () => console.log('over'), ${holds});`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stdout;
}

test('a timer keeps the process alive only when it is asked to', () => {
  assert.equal(printed(true), 'over\n');
  assert.equal(printed(false), '');
});
