import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type DirectoryInfoRow, directoryInfoClasses } from '#wire/fscc/directory-info/classes.js';
import { DirectoryPacker } from '#wire/fscc/directory-info/packer.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, requireAccess } from '../state/open.js';
import { Enumeration, nothingFound } from './enumeration.js';
import { entryFacts } from './facts.js';

/**
 * Pattern length limit in UTF-16 code units: the length of a name, and as much again for wildcards that match nothing.
 */
const LONGEST_PATTERN = 512;

/** A query for further entries of a directory, of any dialect. */
export interface DirectoryQuery {
  readonly infoClass: number;
  readonly pattern: string;
  /** Restarts, with the given pattern. */
  readonly reopen: boolean;
  /** Restarts. */
  readonly restart: boolean;
  readonly single: boolean;
  readonly maxBytes: number;
}

/** The next entries of an open directory, as many as fit ([MS-SMB2] 3.3.5.18, [MS-FSA] 2.1.5.6.3). */
export function queryDirectory(core: ServerCore, open: DiskOpen, query: DirectoryQuery): Promise<Uint8Array> {
  // A CLOSE sent right behind it waits until the entries have been read.
  return open.work.hold(nextEntries(core, open, query));
}

async function nextEntries(core: ServerCore, open: DiskOpen, query: DirectoryQuery): Promise<Uint8Array> {
  if (!open.isDirectory) throw new StatusError(NtStatus.InvalidParameter);
  requireAccess(open, FileAccess.ReadData);
  open.tree.require('read');
  const row = directoryInfoClasses[query.infoClass];
  if (!row) throw new StatusError(NtStatus.InvalidInfoClass);
  if (query.pattern.length > LONGEST_PATTERN) throw new StatusError(NtStatus.ObjectNameInvalid);
  if (query.maxBytes < row.size) throw new StatusError(NtStatus.InfoLengthMismatch);
  const enumeration = await enumerationOf(core, open, query);
  return enumeration.exclusively(() => pack(enumeration, row, query));
}

async function pack(enumeration: Enumeration, row: DirectoryInfoRow, query: DirectoryQuery): Promise<Uint8Array> {
  const packer = new DirectoryPacker(query.maxBytes);
  while (!query.single || packer.count === 0) {
    const entry = await enumeration.next();
    if (entry === undefined) break;
    if (packer.add(row.of(entryFacts(entry.name, entry.info)))) continue;
    enumeration.putBack();
    if (packer.count === 0) throw new StatusError(NtStatus.InfoLengthMismatch);
    break;
  }
  if (packer.count === 0) throw nothingFound(enumeration);
  return packer.finish();
}

async function enumerationOf(core: ServerCore, open: DiskOpen, query: DirectoryQuery): Promise<Enumeration> {
  const { enumeration } = open;
  if (enumeration && !query.reopen && !query.restart) return enumeration;
  // A restart takes the given pattern, or keeps its own ([MS-FSA] 2.1.5.6.3).
  const keeps = enumeration !== undefined && !query.reopen;
  const pattern = keeps && query.pattern === '' ? enumeration.pattern : query.pattern || '*';
  // Set synchronously, so that concurrent queries continue with it.
  const fresh = new Enumeration(core, open, pattern);
  open.enumeration = fresh;
  if (enumeration) await enumeration.close();
  return fresh;
}
