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

/** Capabilities that a server may lack in some configuration. */
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

/** What the suite runs against. */
export interface ClientPlace {
  /** Writable; only what the suite creates in it matters. */
  readonly share: Share;
  /** Opens another connection to the same share. The suite closes it. */
  readonly another: () => Promise<Share>;
  /** Missing capabilities, each with the reason; the suite then tests that they are refused properly. */
  readonly lacks?: Readonly<Partial<Record<Capability, string>>>;
  /** Checks to leave out, by name, each with the reason. */
  readonly leaves?: Readonly<Record<string, string>>;
  /** A file that exists in every snapshot, at the root of the share. */
  readonly snapshot?: { readonly path: string; readonly content: string };
  /** Names that differ only in case are different names. */
  readonly caseSensitive?: boolean;
  /** Number of handles that the server has open for us, if it can be found out. */
  readonly opens?: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** What a check gets: the place, and a folder of its own. */
export interface Ground extends ClientPlace {
  readonly folder: string;
}

export interface Check {
  readonly name: string;
  readonly needs?: Capability;
  readonly run: (ground: Ground, t: TestContext) => Promise<void>;
  /** The check to run instead if the capability is missing. */
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
 * Tests every call of a share and its files, including the resulting contents, on any server. `make` returns undefined
 * if the server is not available, after skipping `t`.
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
