/**
 * Clients against one smbd, in turn (A B A B …): sombrero and smbclient, sombrero and the packages of the npm registry.
 * Writes its parts of docs/benchmarks.md. Needs smbd, smbclient, a C compiler and the npm registry, and must be root, as
 * smbd wants it.
 *
 *   node build/bench/clients.js [--only TEXT]… [--dry] [--pairs 5] [--root DIR] [--large-mib 1024] [--small 10000]
 *
 * --only: rows that have this in what says what they are, as `--only samba-client --only "10 ms"`; the others stay as
 *   they were, and the document says so
 * --dry: nothing is written
 * --root: where the share and the files here lie; on a memory disk, what is measured is not that of the machine
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
