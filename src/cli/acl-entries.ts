import { InvalidArgumentError } from 'commander';
import type { AccessEntry, RightsName } from '#client/index.js';

/** SIDs that mean the same everywhere ([MS-DTYP] 2.4.2.4), with their letters in SDDL (2.5.1.1). */
const WELL_KNOWN: readonly (readonly [sid: string, name: string, letters: string])[] = [
  ['S-1-1-0', 'Everyone', 'WD'],
  ['S-1-3-0', 'CREATOR OWNER', 'CO'],
  ['S-1-3-1', 'CREATOR GROUP', 'CG'],
  ['S-1-3-4', 'OWNER RIGHTS', 'OW'],
  ['S-1-5-2', 'NETWORK', 'NU'],
  ['S-1-5-4', 'INTERACTIVE', 'IU'],
  ['S-1-5-7', 'ANONYMOUS LOGON', 'AN'],
  ['S-1-5-11', 'Authenticated Users', 'AU'],
  ['S-1-5-18', 'SYSTEM', 'SY'],
  ['S-1-5-19', 'LOCAL SERVICE', 'LS'],
  ['S-1-5-20', 'NETWORK SERVICE', 'NS'],
  ['S-1-5-32-544', 'Administrators', 'BA'],
  ['S-1-5-32-545', 'Users', 'BU'],
  ['S-1-5-32-546', 'Guests', 'BG'],
  ['S-1-5-32-547', 'Power Users', 'PU'],
  ['S-1-5-32-551', 'Backup Operators', 'BO'],
];

const CREATOR_OWNER = 'S-1-3-0';

const RIGHTS: Readonly<Record<RightsName, number>> = {
  full: 0x1f01ff,
  modify: 0x1301bf,
  'read-execute': 0x1200a9,
  read: 0x120089,
  write: 0x120116,
};

/** The name of a well-known SID, otherwise the SID. */
export function nameOf(sid: string): string {
  const known = WELL_KNOWN.find(([id]) => id === sid);
  return known ? `${known[1]} (${sid})` : sid;
}

/** Parses a SID (`S-1-…`), a well-known name, or its two letters in SDDL. */
export function parseWho(text: string): string {
  const wanted = text.trim().toLowerCase();
  const known = WELL_KNOWN.find(([, name, letters]) => [name, letters].some((each) => each.toLowerCase() === wanted));
  if (known) return known[0];
  if (/^S-1(?:-\d+)+$/i.test(wanted)) return wanted.toUpperCase();
  const names = WELL_KNOWN.map(([, name, letters]) => `${name} (${letters})`).join(', ');
  throw new InvalidArgumentError(`'${text}' is neither a SID (S-1-…) nor one of ${names}.`);
}

/** Rights by their name in Windows, or as bits. */
export function rightsText(rights: AccessEntry['rights']): string {
  if (typeof rights === 'string') return rights;
  const known = (Object.keys(RIGHTS) as RightsName[]).find((name) => RIGHTS[name] === rights);
  return known ?? `0x${rights.toString(16).padStart(8, '0')}`;
}

const FLAGS: Readonly<Record<string, keyof AccessEntry>> = {
  files: 'forFiles',
  dirs: 'forDirectories',
  below: 'onlyBelow',
  once: 'onlyOneLevel',
};

/** The inheritance flags of an entry, in words. */
export function flagsText(entry: AccessEntry): string {
  const flags = Object.entries(FLAGS).flatMap(([word, flag]) => (entry[flag] ? [word] : []));
  return [...flags, ...(entry.inherited ? ['inherited'] : [])].join(',');
}

/** Parses `allow:Users:modify`, `deny:S-1-5-21-…:write:files,dirs`. */
export function parseEntry(text: string): AccessEntry {
  const [kind, who, rights, flags = '', more] = text.split(':');
  if ((kind !== 'allow' && kind !== 'deny') || who === undefined || rights === undefined || more !== undefined) {
    throw new InvalidArgumentError('must look like allow:Users:modify or deny:S-1-5-21-…:write:files,dirs.');
  }
  const words = flags === '' ? [] : flags.split(',');
  const odd = words.find((word) => FLAGS[word] === undefined);
  if (odd !== undefined)
    throw new InvalidArgumentError(`no flag '${odd}': there are ${Object.keys(FLAGS).join(', ')}.`);
  const set = Object.fromEntries(words.map((word) => [FLAGS[word], true]));
  return { kind, sid: parseWho(who), rights: parseRights(rights), ...set };
}

function parseRights(text: string): number | RightsName {
  if (Object.hasOwn(RIGHTS, text)) return text as RightsName;
  if (/^0x[0-9a-f]{1,8}$/i.test(text)) return Number(text);
  throw new InvalidArgumentError(
    `no rights '${text}': there are ${Object.keys(RIGHTS).join(', ')}, or bits as 0x1200a9.`,
  );
}

/** Whether two entries mean the same. */
export function sameEntry(a: AccessEntry, b: AccessEntry): boolean {
  const textOf = (entry: AccessEntry): string =>
    [entry.kind, entry.sid, rightsText(entry.rights), flagsText(entry)].join(':');
  return textOf(a) === textOf(b);
}

/** The order that Windows expects: own entries before inherited ones, and deny before allow. */
export function inOrder(entries: readonly AccessEntry[]): AccessEntry[] {
  const rank = (entry: AccessEntry): number => (entry.inherited ? 2 : 0) + (entry.kind === 'deny' ? 0 : 1);
  return entries
    .map((entry, i) => [entry, i] as const)
    .sort(([a, i], [b, j]) => rank(a) - rank(b) || i - j)
    .map(([entry]) => entry);
}

/** The entries that a file or directory inherits from its parent directory ([MS-DTYP] 2.5.3.4.2). */
export function inheritedFrom(
  parent: readonly AccessEntry[],
  directory: boolean,
  owner: string | undefined,
): AccessEntry[] {
  return parent.flatMap((entry) => (directory ? forDirectory(entry, owner) : forFile(entry, owner)));
}

/** CREATOR OWNER stands for whoever creates the file or directory. */
function whose({ sid }: AccessEntry, owner: string | undefined): string {
  return sid === CREATOR_OWNER && owner ? owner : sid;
}

function forFile(entry: AccessEntry, owner: string | undefined): AccessEntry[] {
  const { kind, rights } = entry;
  return entry.forFiles ? [{ kind, sid: whose(entry, owner), rights, inherited: true }] : [];
}

function forDirectory(entry: AccessEntry, owner: string | undefined): AccessEntry[] {
  const { kind, rights } = entry;
  const sid = whose(entry, owner);
  const here: AccessEntry = { kind, sid, rights, inherited: true };
  if (entry.onlyOneLevel) return entry.forDirectories ? [here] : [];
  const further = { ...(entry.forFiles && { forFiles: true }), ...(entry.forDirectories && { forDirectories: true }) };
  const below = { ...here, sid: entry.sid, ...further, onlyBelow: true };
  if (!entry.forDirectories) return entry.forFiles ? [below] : [];
  // Further down, CREATOR OWNER stands for somebody else each time.
  return sid === entry.sid ? [{ ...here, ...further }] : [here, below];
}
