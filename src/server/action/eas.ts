import type { Backend } from '#fs/backend.js';
import type { Ea, ExtendedAttributes } from '#fs/capabilities.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EaFlags, eaListSize, FileFullEaInformation, FullEaEntry } from '#wire/fscc/file-info/full-ea.js';
import { FileGetEaInformation } from '#wire/fscc/file-info/get-ea.js';
import { CompletionFilter } from '#wire/fscc/notify.js';
import { Decoder, EMPTY } from '#wire/io/decoder.js';
import type { Wire } from '#wire/io/layout.js';
import { Malformed } from '#wire/io/malformed.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, requireAccess, writable } from '../state/open.js';
import { modify } from './modified.js';
import type { InfoAnswer } from './query-info.js';

const decoder = new Decoder();
/** Size limit of an EA list ([MS-FSA] 2.1.5.15.5). */
const LARGEST_LIST = 65_536 - 5;
/** [MS-FSCC] 2.4.15: characters not allowed in a name. */
const FORBIDDEN = /[^ -~]|[\\/:*?"<>|,+=[\];]/;
const LONGEST_NAME = 255;

/** A query for extended attributes, of any dialect. */
export interface EaQuery {
  /** FILE_GET_EA_INFORMATION list of the names wanted; empty for all. */
  readonly list: Uint8Array;
  /** Index to start at, counted from 1; 0 if not given. */
  readonly index: number;
  readonly restart: boolean;
  readonly single: boolean;
  readonly room: number;
}

/** Position after the last query of an open (Open.NextEaEntry). */
const positions = new WeakMap<DiskOpen, number>();

/** An open's extended attributes, as many as fit ([MS-FSA] 2.1.5.12.12). */
export async function queryEas(core: ServerCore, open: DiskOpen, query: EaQuery): Promise<InfoAnswer> {
  requireAccess(open, FileAccess.ReadEa);
  open.tree.require('read');
  const eas = await requireEas(open).list(open.node);
  const named = query.list.length > 0;
  const from = named ? 0 : startOf(open, query, eas.length);
  const wanted = named ? selected(eas, query.list) : eas.slice(from);
  const asked = (query.single ? wanted.slice(0, 1) : wanted).map((ea) => FullEaEntry.of(ea.name, ea.value, ea.flags));
  const entries = fitting(asked, query.room);
  if (entries.length === 0) throw new StatusError(NtStatus.BufferTooSmall);
  if (!named) positions.set(open, from + entries.length);
  const info = Object.assign(new FileFullEaInformation(), { entries });
  const status = entries.length < asked.length ? NtStatus.BufferOverflow : NtStatus.Success;
  return { status, bytes: core.encoder.encode(info) };
}

/** Index at which a query starts; throws if there is nothing from there on. */
function startOf(open: DiskOpen, { index, restart }: EaQuery, count: number): number {
  if (count === 0) throw new StatusError(NtStatus.NoEasOnFile);
  if (index > count) throw new StatusError(NtStatus.NonexistentEaEntry);
  if (index > 0) return index - 1;
  const from = restart ? 0 : (positions.get(open) ?? 0);
  if (from >= count) throw new StatusError(NtStatus.NoMoreEas);
  return from;
}

/** The attributes named in a list, each once; a missing one is returned with an empty value, as on NTFS. */
function selected(eas: readonly Ea[], list: Uint8Array): Ea[] {
  const byName = new Map(eas.map((ea) => [ea.name.toUpperCase(), ea]));
  const found = new Map<string, Ea>();
  for (const { eaName } of wireList(list, new FileGetEaInformation()).entries) {
    requireName(eaName);
    const key = eaName.toUpperCase();
    if (!found.has(key)) found.set(key, byName.get(key) ?? { name: eaName, flags: 0, value: EMPTY });
  }
  return [...found.values()];
}

function fitting(entries: readonly FullEaEntry[], room: number): FullEaEntry[] {
  const fit: FullEaEntry[] = [];
  let size = 0;
  for (const entry of entries) {
    size = ((size + 3) & ~3) + eaListSize([entry]);
    if (size > room) break;
    fit.push(entry);
  }
  return fit;
}

/** Decodes a FILE_FULL_EA_INFORMATION list and checks names and flags; a name may occur several times. */
export function parseEas(list: Uint8Array): Ea[] {
  return wireList(list, new FileFullEaInformation()).entries.map(({ flags, eaName, eaValue }) => {
    requireName(eaName);
    if ((flags & ~EaFlags.NeedEa) !== 0) throw new StatusError(NtStatus.InvalidEaName);
    return { name: eaName, flags, value: eaValue.slice() };
  });
}

/** Sets extended attributes; an empty value removes one ([MS-FSA] 2.1.5.15.5). */
export async function setEas(core: ServerCore, open: DiskOpen, list: Uint8Array): Promise<void> {
  requireAccess(open, FileAccess.WriteEa);
  open.tree.require('write');
  writable(open);
  const eas = requireEas(open);
  if (list.length === 0) throw new StatusError(NtStatus.InvalidParameter);
  const changes = parseEas(list);
  requireFits(await eas.list(open.node), changes);
  await modify(core, open, CompletionFilter.Ea, () => eas.set(open.node, changes));
}

/** EaTooLarge if the result exceeds the limit per file. */
export function requireFits(present: readonly Ea[], changes: readonly Ea[]): void {
  const after = new Map(present.map((ea) => [ea.name.toUpperCase(), ea]));
  for (const ea of changes) {
    if (ea.value.length === 0) after.delete(ea.name.toUpperCase());
    else after.set(ea.name.toUpperCase(), ea);
  }
  if (sizeOf([...after.values()]) > LARGEST_LIST) throw new StatusError(NtStatus.EaTooLarge);
}

/** A file's EaSize, as reported in other information classes. */
export async function eaSizeOf(backend: Backend, node: unknown): Promise<number> {
  const { eas } = backend;
  return eas ? sizeOf(await eas.list(node)) : 0;
}

function sizeOf(eas: readonly Ea[]): number {
  return eaListSize(eas.map((ea) => FullEaEntry.of(ea.name, ea.value)));
}

function requireEas(open: DiskOpen): ExtendedAttributes<unknown> {
  const { eas } = open.backend;
  if (!eas) throw new StatusError(NtStatus.EasNotSupported);
  return eas;
}

function requireName(name: string): void {
  if (name === '' || name.length > LONGEST_NAME || FORBIDDEN.test(name)) {
    throw new StatusError(NtStatus.InvalidEaName);
  }
}

function wireList<T extends Wire>(list: Uint8Array, into: T): T {
  // No file can have that many, so a longer list need not be processed.
  if (list.length > LARGEST_LIST) throw new StatusError(NtStatus.EaTooLarge);
  try {
    into.layout(decoder.reset(list));
    return into;
  } catch (error) {
    if (error instanceof Malformed) throw new StatusError(NtStatus.EaListInconsistent);
    throw error;
  }
}
