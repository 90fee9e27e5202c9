/**
 * node build/test/interop/kill.js [--kills 50] [--seed 1]
 *
 * Kills `sombrero serve` with SIGKILL at random moments while clients write through persistent opens and with our
 * client, and restarts it. Checks that no acknowledged or flushed byte is lost, that only the owners get their opens
 * and locks back, that our client reports no error, and that nothing is left in the end.
 */
import { parseArgs } from 'node:util';
import { killRounds } from './kill-rounds.js';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
const undo: (() => Promise<void> | void)[] = [];
try {
  const cleanup = { after: (action: () => Promise<void> | void) => void undo.push(action) };
  const wanted = { kills: Number(values.kills), seed: Number(values.seed), tell: console.log };
  console.log(JSON.stringify(await killRounds(cleanup, wanted)));
} finally {
  for (const action of undo.reverse()) await action();
}
process.exit(0);
