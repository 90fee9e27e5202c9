import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { type ConnectOptions, connect, type Share } from '#client/index.js';

/** Messages unprotected, signed, or encrypted. */
export const PROTECTIONS = ['plain', 'signed', 'encrypted'] as const;
export type Protection = (typeof PROTECTIONS)[number];

/** Without a protection, the flags apply. */
const POLICIES: Readonly<Record<Protection, ConnectOptions>> = {
  plain: { signing: 'enabled', encryption: 'off' },
  signed: { signing: 'required', encryption: 'off' },
  encrypted: { signing: 'required', encryption: 'required' },
};

/** The server to put load on, and how to connect. */
export interface Target {
  /** URL up to the share. */
  readonly url: string;
  /** Directory of the share in which the benchmark creates its own; '' for the root. */
  readonly directory: string;
  readonly options: ConnectOptions;
}

export function dial(target: Target, protection: Protection | undefined): Promise<Share> {
  // Each connection counts and must not be shared; dropped connections must stay visible.
  const own = { shared: false, reconnect: false } as const;
  return connect(target.url, { ...target.options, ...(protection && POLICIES[protection]), ...own });
}

/** A directory of our own on the share. It is removed at the end, whatever happens. */
export async function withScratch<T>(target: Target, work: (directory: string) => Promise<T>): Promise<T> {
  const name = `.bench-${randomBytes(4).toString('hex')}`;
  // Each connection being opened adds a listener.
  if (target.options.signal) setMaxListeners(0, target.options.signal);
  const directory = target.directory === '' ? name : `${target.directory}/${name}`;
  const share = await dial(target, undefined);
  try {
    await share.mkdir(directory);
  } finally {
    await share.close();
  }
  try {
    return await work(directory);
  } finally {
    await removeAll(target, directory);
  }
}

// On a new connection and without the signal: the load's connection may be broken, and the signal aborted.
async function removeAll(target: Target, directory: string): Promise<void> {
  const { signal: _, ...options } = target.options;
  const share = await dial({ ...target, options }, undefined);
  try {
    await share.rm(directory, { recursive: true, force: true });
  } finally {
    await share.close();
  }
}

/** Several connections to the share, each with its own session. */
export async function withShares<T>(
  target: Target,
  protection: Protection | undefined,
  count: number,
  work: (shares: readonly Share[]) => Promise<T>,
): Promise<T> {
  const shares: Share[] = [];
  try {
    while (shares.length < count) shares.push(await dial(target, protection));
    return await work(shares);
  } finally {
    await Promise.all(shares.map((share) => share.close()));
  }
}
