import { type TestContext, test } from 'node:test';
import type { Share } from '#client/index.js';
import { extraChecks } from './extras.js';
import { filesChecks } from './files.js';
import { listingChecks } from './listings.js';
import { lockChecks } from './locks.js';
import { nodeFsChecks } from './node-fs.js';
import { refusalChecks } from './refusals.js';
import { streamChecks } from './streams.js';
import { treeChecks } from './trees.js';

/** What a server, in one configuration, may not have. */
export type Capability =
  | 'symbolic links'
  | 'links in listings'
  | 'hard links'
  | 'byte-range locks'
  | 'waiting for locks'
  | 'oplocks'
  | 'leases'
  | 'named streams'
  | 'extended attributes'
  | 'access control lists'
  | 'snapshots'
  | 'change notification'
  | 'IOCTL'
  | 'creation times'
  | 'read-only attribute'
  | 'RPC';

/** What the suite runs over. */
export interface ClientPlace {
  /** May be written; only what the suite makes in it matters. */
  readonly share: Share;
  /** Another connection to the same share. The suite closes it. */
  readonly another: () => Promise<Share>;
  /** What is not there, each with the reason; that it is refused properly is then tested instead. */
  readonly lacks?: Readonly<Partial<Record<Capability, string>>>;
  /** Checks that are left out, by their names, each with the reason. */
  readonly leaves?: Readonly<Record<string, string>>;
  /** What lies in every snapshot, at the root of the share. */
  readonly snapshot?: { readonly path: string; readonly content: string };
  /** Names that differ in case only are different names. */
  readonly caseSensitive?: boolean;
  /** How many handles the server still has open for us, where somebody can say so. */
  readonly opens?: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** What a check is given: a folder of its own. */
export interface Ground extends ClientPlace {
  readonly folder: string;
}

export interface Check {
  readonly name: string;
  readonly needs?: Capability;
  readonly run: (ground: Ground, t: TestContext) => Promise<void>;
  /** What holds instead where it is not there. */
  readonly without?: (ground: Ground) => Promise<void>;
}

const CHECKS: readonly Check[] = [
  ...filesChecks,
  ...listingChecks,
  ...treeChecks,
  ...streamChecks,
  ...lockChecks,
  ...extraChecks,
  ...refusalChecks,
  ...nodeFsChecks,
];

/**
 * Every call of a share and of its files, with what is in the files afterwards, over whatever server. `make` returns
 * undefined where that is not to be had, and has told `t` so.
 */
export function clientSuite(name: string, make: (t: TestContext) => Promise<ClientPlace | undefined>): void {
  test(`client API: ${name}`, async (t) => {
    const place = await make(t);
    if (!place) return;
    try {
      for (const [index, check] of CHECKS.entries()) await runOne(t, place, check, `check ${index}`);
    } finally {
      await place.close();
    }
  });
}

async function runOne(t: TestContext, place: ClientPlace, check: Check, folder: string): Promise<void> {
  const skip = place.leaves?.[check.name];
  if (skip !== undefined) return t.test(check.name, { skip });
  const reason = check.needs === undefined ? undefined : place.lacks?.[check.needs];
  const title = reason === undefined ? check.name : `${check.name}: has no ${check.needs} (${reason})`;
  await t.test(title, async (t) => {
    const ground = { ...place, folder };
    await place.share.mkdir(folder);
    if (reason === undefined) await check.run(ground, t);
    else await check.without?.(ground);
    await place.share.rm(folder, { recursive: true });
    if (place.opens && (await place.opens()) !== 0) throw new Error(`${await place.opens()} handles are still open`);
  });
}
