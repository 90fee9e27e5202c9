/**
 * Compares sombrero and packages of the npm registry against one smbd, in turn. Writes their part of
 * docs/benchmarks.md.
 */
import { rm } from 'node:fs/promises';
import { table } from './document.js';
import { LISTED, PACKETS, PER_FOLDER } from './job.js';
import { MIB } from './measure.js';
import { echoOver, NETWORKS, type NetworkName, wayTo } from './network.js';
import {
  Duel,
  furnish,
  KINDS,
  type Kind,
  MOST_BYTES,
  MOST_FILES,
  type PackageName,
  SECONDS,
  type Server,
} from './package-jobs.js';
import { factsOf, install, OBLIGING, PACKAGES } from './packages.js';
import type { Part, Task } from './part.js';
import { privateSmbd, smbdVersion } from './private-smbd.js';
import { type Outcome, type Row, type Runs, ratio, shown } from './results.js';
import { PIECE } from './subject/awo.js';
import { NODE_FLAGS, reasonOf } from './subjects.js';

/** Shown in rows for which a package has no call. */
const ABSENT = 'no call for it';
const OBLIGED = 'obliging server; with defaults: ';

interface Scene {
  readonly folder: string;
  /** The first has default settings, the second is configured to suit the older packages. */
  readonly servers: readonly Server[];
}

async function serverWith(settings: readonly string[], root: string, folder: string): Promise<Server> {
  const smbd = await privateSmbd(settings, root);
  const way = (network: NetworkName) => wayTo(smbd.port, network, folder);
  const ways = { loopback: await way('loopback'), '1 ms': await way('1 ms'), '10 ms': await way('10 ms') };
  const server = { smbd, ways };
  await furnish(server);
  return server;
}

async function open(root: string): Promise<Scene> {
  const folder = install(root);
  return { folder, servers: [await serverWith([], root, folder), await serverWith(OBLIGING, root, folder)] };
}

async function close({ folder, servers }: Scene): Promise<void> {
  for (const { smbd, ways } of servers) {
    for (const way of Object.values(ways)) await way.close();
    await smbd.close();
  }
  await rm(folder, { recursive: true });
}

/** Measures against the first server that the package gets along with. */
async function measure(
  { servers, folder }: Scene,
  name: PackageName,
  network: NetworkName,
  kind: Kind,
  pairs: number,
): Promise<Outcome> {
  const work = kind.work(name);
  if (work === undefined) return { note: ABSENT };
  const reasons: string[] = [];
  for (const server of servers) {
    try {
      const outcome = await new Duel(server, folder, network, kind, work).with(name, pairs);
      return reasons.length === 0 ? outcome : { ...outcome, note: `${OBLIGED}${reasons[0]}` };
    } catch (error) {
      reasons.push(reasonOf(error));
    }
  }
  return { note: [...new Set(reasons)].join('; with the obliging server: ') };
}

function tasks(pairs: number): Task<Scene>[] {
  return (Object.keys(NETWORKS) as NetworkName[]).flatMap((network) =>
    PACKAGES.flatMap((name) =>
      KINDS.filter(({ networks }) => networks.includes(network)).map((kind) => ({
        path: [network, name, kind.name],
        unit: kind.unit,
        measure: (scene: Scene) => measure(scene, name, network, kind, pairs),
      })),
    ),
  );
}

const HEAD = ['package', 'row', 'sombrero', 'package', 'ratio (lowest to highest)', "smbd's limit", 'note'];

function cells({ path, unit, figures, limit, note = '' }: Row): string[] {
  const [, name = '', what = ''] = path;
  const row = `${what}, ${unit}`;
  if (!figures) return [name, row, '', note === ABSENT ? '' : 'fails', '', '', note];
  return [name, row, shown(figures.ours), shown(figures.theirs), ratio(figures), shown(limit), note];
}

/** Only the ratios, for all networks. */
function glance(rows: readonly Row[]): string {
  const found = (network: string, name: string, what: string): string => {
    const row = rows.find(({ path }) => path.join('/') === [network, name, what].join('/'));
    if (!row) return '';
    return row.figures?.ratio[0].toFixed(1) ?? (row.note === ABSENT ? '–' : 'fails');
  };
  const lines = KINDS.map(({ name: what, networks }) => [
    what,
    ...PACKAGES.map((name) => networks.map((network) => found(network, name, what)).join(' · ')),
  ]);
  return table(['sombrero / package', ...PACKAGES], lines);
}

function render(rows: readonly Row[], runs: Runs): string {
  const networks = Object.keys(NETWORKS).map((network) => {
    const those = rows.filter(({ path }) => path[0] === network);
    const title = network === 'loopback' ? 'Loopback' : `A round trip of ${network}`;
    return those.length === 0 ? '' : `#### ${title}\n\n${runs.table(HEAD, those, cells)}`;
  });
  const parts = ['### Against packages of the npm registry', INTRODUCTION, glance(rows), ...networks, `${runs}`];
  return parts.filter((part) => part !== '').join('\n\n');
}

const INTRODUCTION = `Each job in a process of its own, without its start and its logon, on one connection that stays, for about ${SECONDS} s:
at most ${MOST_BYTES / MIB} MiB of a file, at most ${MOST_FILES} files of 4 KiB, ${PER_FOLDER} in a directory, lists of the names in a
directory with ${LISTED} entries, one after the other. The files belong to who logs on. Their sizes are checked on both sides. Nothing is
signed or encrypted. *One by one* is what a loop with \`await\` in it does. The round trips are made by a proxy
(\`bench/delay.c\`) that hands on what it gets later; it bounds no bandwidth, and does not slow down connecting.

*Fastest way*: sombrero's \`file.readEach\` and \`share.writeFile\`; \`readFile\` and \`writeFile\` of @marsaud/smb2 and
v9u-smb2, with \`packetConcurrency: ${PACKETS}\`; the streams of @awo00/smb2, which have one request under way to read, and what
makes up a piece of ${PIECE / MIB} MiB to write; \`getFile\` and \`sendFile\` of \`samba-client\`, against \`copyFile\` of
\`sombrero/transfer\`: both move files of this machine. \`samba-client\` runs smbclient for each call, logon included.
*As a stream*: with 1 MiB at a time to write.

*smbd's limit*: what the server itself could do with sombrero's requests if it never had to wait, by the processor time
of the process that serves the connection. That is counted in ticks of 10 ms, so it is only about right. *Obliging
server*: smbd with \`${OBLIGING.join('`, `')}\`, where the package does not get along with the
defaults. Node ran with \`--openssl-legacy-provider\` for ${Object.keys(NODE_FLAGS).join(' and ')}, which do not start without.

How many times as fast sombrero is. Three figures: on loopback · with a round trip of 1 ms · of 10 ms; two: on loopback · of
10 ms; one: on loopback.`;

async function conditions({ folder, servers: [server] }: Scene, root: string, pairs: number): Promise<string> {
  const versions = PACKAGES.map((name) => `${name} ${factsOf(folder, name).version}`).join(', ');
  const echoes: string[] = [];
  for (const way of Object.values(server?.ways ?? {})) echoes.push((await echoOver(way)).toFixed(2));
  return `${versions}, smbd ${smbdVersion()}, files in ${root}, ${pairs} pairs, echoes in ${echoes.join(', ')} ms`;
}

export function againstPackages(root: string, pairs: number): Part<Scene> {
  return {
    name: 'packages',
    tasks: tasks(pairs),
    open: () => open(root),
    conditions: (scene) => conditions(scene, root, pairs),
    close,
    render,
  };
}
