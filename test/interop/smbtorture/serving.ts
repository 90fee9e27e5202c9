/**
 * node [--expose-gc] build/test/interop/smbtorture/serving.js FOLDER [PORT] [memory]
 *
 * Our server in its own process, with the shares and settings that the smbtorture lists need. The folders of the shares
 * are created in FOLDER, or most shares are in memory. Every unexpected error is printed with its stack. When forked,
 * it reports where it listens and, on request, what it holds.
 */
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { localDirectory, memory, stateDirectory, unixNames } from '#fs/index.js';
import { createServer, type ServerStatus, type ShareOptions } from '#server/index.js';
import { notes } from '#tap/events.js';
import { ACCOUNT } from '#testing/peers.js';
import { SHARES } from './torture-shares.js';

/** The answer to a request from the parent process. */
export interface Holdings {
  readonly status: ServerStatus;
  /** Open file descriptors. */
  readonly descriptors: number;
  /** In bytes, after a garbage collection. */
  readonly rss: number;
  readonly heap: number;
  readonly external: number;
  /** Unexpected errors with their stacks. */
  readonly faults: readonly string[];
}

/** A folder that every user may enter, or only root. */
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
  // Tests leave durable handles behind, which count as held.
  limits: { firstDurableTimeMs: 60_000 },
  // Same as torture:writetimeupdatedelay.
  writeTimeDelayMs: 500,
  anonymous: true,
  // If signing is required, smbtorture hangs up on responses for closed sessions, whose key is gone.
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
  // The parent process is gone.
  process.on('disconnect', () => process.exit(0));
}
process.on('SIGINT', () => process.exit(0));
