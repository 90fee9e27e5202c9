/**
 * node build/test/interop/trees-main.js [--server smbd|sombrero] [--files N] [--directories N] [--sparse GIB] [--full GIB]
 *
 * What the command line must cope with: 100,000 small files in 1,000 directories uploaded, listed, compared, downloaded
 * and deleted; a sparse file of 20 GiB and a full one of 4 GiB up and down with the right contents. Prints the duration
 * and peak memory of each command. Needs three times the size of the full file on the disk of the temporary folder.
 */
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { fullFile, manyFiles, type Step, sparseFile, type Target, target } from './trees.js';

const GIB = 1024 ** 3;
const { values } = parseArgs({
  options: {
    server: { type: 'string', multiple: true, default: ['smbd', 'sombrero'] },
    files: { type: 'string', default: '100000' },
    directories: { type: 'string', default: '1000' },
    sparse: { type: 'string', default: '20' },
    full: { type: 'string', default: '4' },
  },
});

function tell(name: string, steps: readonly Step[]): void {
  for (const { what, seconds, memory } of steps) {
    console.log(
      `${name.padEnd(9)} ${what.padEnd(24)} ${seconds.toFixed(1).padStart(8)} s ${Math.round(memory / 1024 ** 2)} MiB`,
    );
  }
}

const full = Number(values.full) * GIB;
const { bavail, bsize } = await statfs(tmpdir());
if (bavail * bsize < 3 * full + 5 * GIB) throw new Error(`${tmpdir()} has too little room`);
const undo: (() => Promise<void> | void)[] = [];
try {
  for (const name of values.server as Target['name'][]) {
    const place = await target({ after: (action) => void undo.push(action) }, name);
    if (Number(values.files) > 0) tell(name, await manyFiles(place, Number(values.files), Number(values.directories)));
    if (Number(values.sparse) > 0) tell(name, await sparseFile(place, Number(values.sparse) * GIB));
    if (full > 0) tell(name, await fullFile(place, full));
  }
} finally {
  for (const action of undo.reverse()) await action();
}
