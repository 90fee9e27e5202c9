import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Share } from '#client/index.js';
import { drive, type Load, type Outcome } from './drive.js';
import { dial, type Protection, type Target } from './scene.js';

const DIALERS = 8;
const COLLECTIONS = 4;

export function driveEcho(shares: readonly Share[], load: Load): Promise<Outcome> {
  return drive(load, async (lane) => {
    await (shares[lane % shares.length] as Share).ping();
    return 0;
  });
}

/** Connects, logs on, connects to the share, and leaves again. */
export function driveLogons(target: Target, protection: Protection | undefined, load: Load): Promise<Outcome> {
  return drive(load, async () => {
    const share = await dial(target, protection);
    await share.close();
    return 0;
  });
}

/** Result of the idle case. */
export interface Idle {
  readonly opened: number;
  /** Connections that still answered at the end. */
  readonly alive: number;
  readonly outcome: Outcome;
  /** Memory of this process per connection: heap and buffers, and resident memory. */
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** Opens connections, leaves them idle, then pings each. The latencies are those of opening. */
export async function driveIdle(
  target: Target,
  protection: Protection | undefined,
  count: number,
  load: Load,
): Promise<Idle> {
  const shares: Share[] = [];
  const before = await memory();
  try {
    let left = count;
    // No time limit: all of them are to be opened.
    const patient = { ...load, lanes: Math.min(DIALERS, count), seconds: Number.MAX_SAFE_INTEGER };
    const outcome = await drive(patient, async () => {
      if (left-- <= 0) return undefined;
      shares.push(await dial(target, protection));
      return 0;
    });
    await rest(load);
    const after = await memory();
    const answers = await Promise.allSettled(shares.map((share) => share.ping()));
    load.signal.throwIfAborted();
    const alive = answers.filter(({ status }) => status === 'fulfilled').length;
    const each = (total: number): number => Math.max(0, Math.round(total / Math.max(1, shares.length)));
    const heapBytes = each(after.heap - before.heap);
    return { opened: shares.length, alive, outcome, heapBytes, residentBytes: each(after.resident - before.resident) };
  } finally {
    await Promise.all(shares.map((share) => share.close()));
  }
}

function rest({ seconds, signal }: Load): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, seconds * 1000);
    signal.addEventListener('abort', stop, { once: true });
  });
}

let collect: (() => void) | undefined;

/** Memory of this process after garbage collection. */
async function memory(): Promise<{ heap: number; resident: number }> {
  if (collect === undefined) {
    setFlagsFromString('--expose_gc');
    collect = runInNewContext('gc') as () => void;
  }
  // Earlier connections are freed in steps: sockets first, then what they held.
  for (let step = 0; step < COLLECTIONS; step++) {
    await setImmediate();
    collect();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}
