/**
 * Compares clients against one smbd, in turn (A B A B …): sombrero and smbclient, then sombrero and packages of the npm
 * registry. Writes their parts of docs/benchmarks.md. Needs smbd, smbclient, a C compiler and the npm registry, and
 * must be run as root, which smbd requires.
 *
 *   node build/bench/clients.js [--only TEXT]… [--dry] [--pairs 5] [--root DIR] [--large-mib 1024] [--small 10000]
 *
 * --only: measures only rows whose description contains this text, such as `--only samba-client --only "10 ms"`; the
 *   others keep their old figures, and the document says so
 * --dry: writes nothing
 * --root: where the share and the local files are; on a RAM disk, the machine's own disk is not part of the measurement
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { againstPackages } from './against-packages.js';
import { againstSmbclient } from './against-smbclient.js';
import { MIB } from './measure.js';
import { runPart } from './part.js';

const { values: flags } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    'large-mib': { type: 'string', default: '1024' },
    small: { type: 'string', default: '10000' },
    only: { type: 'string', multiple: true, default: [] },
    root: { type: 'string', default: tmpdir() },
    dry: { type: 'boolean', default: false },
  },
});

const sizes = { large: Number(flags['large-mib']) * MIB, small: Number(flags.small) };
await runPart(againstSmbclient(flags.root, sizes, Number(flags.pairs)), flags);
await runPart(againstPackages(flags.root, Number(flags.pairs)), flags);
