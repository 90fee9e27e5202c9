/**
 * node [--expose-gc] build/test/interop/smbtorture/serving.js FOLDER [PORT] [memory]
 *
 * Our server with the shares and settings that the lists of smbtorture want, in a process of its own. The folders of
 * the shares are made under FOLDER, or most of them in memory. Every error that the server did not expect is printed
 * with its stack. Started by fork, it tells where it listens and, when asked, what it holds.
 */
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { localDirectory, memory, stateDirectory, unixNames } from '#fs/index.js';
import { createServer, type ServerStatus, type ShareOptions } from '#server/index.js';
import { notes } from '#tap/events.js';
import { ACCOUNT } from '#testing/peers.js';
import { SHARES } from './torture-shares.js';

/** What the process answers when asked. */
export interface Holdings {
  readonly status: ServerStatus;
  /** Open descriptors. */
  readonly descriptors: number;
  /** Bytes, after a collection. */
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
  /** Errors that nobody expected, with their stacks. */
  readonly faults: readonly string[];
}

/** A folder that every user gets into, or none but root. */
function shareFolder(root: string, name: string, locked: boolean): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, locked ? 0o700 : 0o777);
  return folder;
}

function sharesUnder(root: string, kind: string): Record<string, ShareOptions> {
  const shares: Record<string, ShareOptions> = {};
  for (const [name, { ours, locked, directory }] of Object.entries(SHARES)) {
    if (ours === undefined) continue;
    const inMemory = kind === 'memory' && !locked;
    const backend = inMemory ? memory() : localDirectory(shareFolder(root, name, locked === true), directory);
    shares[name] = { backend, ...ours };
  }
  return shares;
}

const [root, port, kind = 'local'] = process.argv.slice(2);
if (root === undefined) throw new Error('which folder?');
const faults: string[] = [];
notes.subscribe(({ level, what, details }) => {
  if (level !== 'error') return;
  const { error } = details;
  const fault = `${what} ${JSON.stringify(details)} ${error instanceof Error ? error.stack : ''}`;
  faults.push(fault);
  console.log(fault);
});
const server = createServer({
  shares: sharesUnder(root, kind),
  users: { [ACCOUNT.user]: { password: ACCOUNT.password } },
  dialects: { min: 'NT1' },
  unixNames: unixNames(),
  stateStore: stateDirectory(join(root, 'state')),
  torture: true,
  // Tests leave durable handles behind, which count among what is held.
  limits: { firstDurableTimeMs: 60_000 },
  // What torture:writetimeupdatedelay is set to.
  writeTimeDelayMs: 500,
  anonymous: true,
  // Where signing is required smbtorture hangs up on answers for sessions that have gone: no key is left to sign them.
  signing: 'enabled',
});
const address = await server.listen(Number(port ?? 0));
console.log(`listening on ${address.host}:${address.port}, shares ${Object.keys(SHARES).join(', ')}`);

async function holdings(): Promise<Holdings> {
  const status = await server.status();
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const descriptors = readdirSync('/proc/self/fd').length;
  return { status, descriptors, rss, heap: heapUsed, external, faults };
}

if (process.send) {
  process.send({ port: address.port });
  process.on('message', () => {
    holdings().then(
      (held) => process.send?.(held),
      (error: unknown) => {
        throw error;
      },
    );
  });
  // Who started it has gone.
  process.on('disconnect', () => process.exit(0));
}
process.on('SIGINT', () => process.exit(0));
