import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass, fileInfoClasses } from '#wire/fscc/file-info/classes.js';
import { fsInfoClasses } from '#wire/fscc/fs-info/classes.js';
import { EMPTY } from '#wire/io/decoder.js';
import type { Wire } from '#wire/io/layout.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, requireAccess } from '../state/open.js';
import type { Tree } from '../state/tree.js';
import { eaSizeOf, queryEas } from './eas.js';
import { fileFacts, fsFacts } from './facts.js';

/** An encoded answer, with BufferOverflow if it was truncated. */
export interface InfoAnswer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** Classes that require FILE_READ_ATTRIBUTES ([MS-FSA] 2.1.5.12). */
const NEEDS_ATTRIBUTES: ReadonlySet<number> = new Set([
  FileInfoClass.Basic,
  FileInfoClass.All,
  FileInfoClass.NetworkOpen,
  FileInfoClass.AttributeTag,
]);
/** Classes that need the file's streams to be listed. */
const NEEDS_STREAMS: ReadonlySet<number> = new Set([FileInfoClass.Stream, FileInfoClass.NormalizedName]);

/** Classes that include EaSize, which takes extra work to find. */
const EA_CLASSES: ReadonlySet<number> = new Set([FileInfoClass.Ea, FileInfoClass.All]);

/** Answers any file information class from the facts of the open file ([MS-SMB2] 3.3.5.20.1, [MS-FSA] 2.1.5.12). */
export async function queryFileInfo(
  core: ServerCore,
  open: DiskOpen,
  infoClass: number,
  room: number,
): Promise<InfoAnswer> {
  const row = fileInfoClasses[infoClass];
  if (infoClass === FileInfoClass.FullEa) {
    return queryEas(core, open, { list: EMPTY, index: 0, restart: true, single: false, room });
  }
  if (!row?.of) throw new StatusError(row ? NtStatus.NotSupported : NtStatus.InvalidInfoClass);
  if (room < row.size) throw new StatusError(NtStatus.InfoLengthMismatch);
  if (NEEDS_ATTRIBUTES.has(infoClass)) requireAccess(open, FileAccess.ReadAttributes);
  open.tree.require('read');
  const facts = await fileFacts(core, open, NEEDS_STREAMS.has(infoClass));
  const info = row.of(
    EA_CLASSES.has(infoClass) ? { ...facts, eaSize: await eaSizeOf(open.backend, open.node) } : facts,
  );
  if (info === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
  return fitting(core, info, room);
}

/** Answers any file-system information class ([MS-SMB2] 3.3.5.20.2). */
export async function queryFsInfo(core: ServerCore, tree: Tree, infoClass: number, room: number): Promise<InfoAnswer> {
  const row = fsInfoClasses[infoClass];
  if (!row?.of) throw new StatusError(NtStatus.InvalidInfoClass);
  if (room < row.size) throw new StatusError(NtStatus.InfoLengthMismatch);
  tree.require('read');
  return fitting(core, row.of(await fsFacts(tree)), room);
}

/** Encodes as much of an answer as fits. */
export function fitting(core: ServerCore, info: Wire, room: number): InfoAnswer {
  const bytes = core.encoder.encode(info);
  if (bytes.length <= room) return { status: NtStatus.Success, bytes };
  return { status: NtStatus.BufferOverflow, bytes: bytes.subarray(0, room) };
}
