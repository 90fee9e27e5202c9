/**
 * node build/test/interop/million.js [ENTRIES]
 *
 * Lists a directory of a million files (or ENTRIES) with smbclient and with our client while files are created and
 * removed in it. Reports whether each file that existed all the time was named exactly once, how long it took, and how
 * much memory the server used. The exit status is 0 only if the lists were complete.
 */
import { listMany } from './many.js';

const undo: (() => Promise<void> | void)[] = [];
const mib = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;
let complete = true;
try {
  const entries = Number(process.argv[2] ?? 1_000_000);
  for (const listing of await listMany({ after: (action) => void undo.push(action) }, entries, console.log)) {
    const { by, seconds, named, missing, twice, invented, changes, rssBefore, rssMost } = listing;
    console.log(`${by}: ${named} entries in ${seconds.toFixed(1)} s while ${changes} files came and went`);
    console.log(`  ${missing} missing, ${twice} twice, ${invented} that never were`);
    console.log(`  the server's memory: ${mib(rssBefore)} before, ${mib(rssMost)} at most`);
    if (missing + twice + invented > 0) complete = false;
  }
} finally {
  for (const action of undo) await action();
}
process.exit(complete ? 0 : 1);
