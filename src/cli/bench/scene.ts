import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { type ConnectOptions, connect, type Share } from '#client/index.js';

/** Messages in the clear, signed, or encrypted. */
export const PROTECTIONS = ['plain', 'signed', 'encrypted'] as const;
export type Protection = (typeof PROTECTIONS)[number];

/** Without a wish, what the flags say. */
const POLICIES: Readonly<Record<Protection, ConnectOptions>> = {
  plain: { signing: 'enabled', encryption: 'off' },
  signed: { signing: 'required', encryption: 'off' },
  encrypted: { signing: 'required', encryption: 'required' },
};

/** Where the load goes to, and how to get there. */
export interface Target {
  /** Up to the share. */
  readonly url: string;
  /** Directory of the share in which the bench makes its own; '' for the root. */
  readonly directory: string;
  readonly options: ConnectOptions;
}

export function dial(target: Target, protection: Protection | undefined): Promise<Share> {
  // Each connection is one, and what the server drops stays dropped: that is to be seen.
  const own = { shared: false, reconnect: false } as const;
  return connect(target.url, { ...target.options, ...(protection && POLICIES[protection]), ...own });
}

/** A directory of our own on the share. Whatever happens, it is gone in the end. */
export async function withScratch<T>(target: Target, work: (directory: string) => Promise<T>): Promise<T> {
  const name = `.bench-${randomBytes(4).toString('hex')}`;
  // Each connection that is being made listens to it.
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

// Over a connection of its own and without the signal: the one of the load may be broken, or be what was interrupted.
async function removeAll(target: Target, directory: string): Promise<void> {
  const { signal: _, ...options } = target.options;
  const share = await dial({ ...target, options }, undefined);
  try {
    await share.rm(directory, { recursive: true, force: true });
  } finally {
    await share.close();
  }
}

/** Several connections to the share; each with a session of its own. */
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
