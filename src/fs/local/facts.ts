import { type BigIntStats, chmodSync, statSync, utimesSync } from 'node:fs';
import { filetimeFromNs, nsFromFiletime } from '#wire/dtyp/filetime.js';
import { FileAttributes, SETTABLE_ATTRIBUTES } from '#wire/fscc/attributes.js';
import type { InfoChange, NodeInfo } from '../backend.js';
import { lastOf } from './containment.js';
import { kindOf } from './handle.js';
import { type ByteString, nativePath } from './name-map.js';
import { NOTHING_KEPT, type Sidecar, type SidecarRecord } from './sidecar.js';

const OWNER_WRITE = 0o200n;

/**
 * The facts of nodes, from the file system and the sidecar. READONLY of files is the owner's write permission; ARCHIVE is
 * on for files and HIDDEN for dot files until somebody says otherwise.
 */
export class Facts {
  readonly #sidecar: Sidecar;
  readonly #dev: bigint;
  readonly #hideDotFiles: boolean;

  constructor(sidecar: Sidecar, dev: bigint, hideDotFiles: boolean) {
    this.#sidecar = sidecar;
    this.#dev = dev;
    this.#hideDotFiles = hideDotFiles;
  }

  /** File systems below the share number their nodes on their own: the device is mixed in for all but the root's. */
  idOf(stats: BigIntStats): bigint {
    if (stats.dev === this.#dev) return stats.ino;
    return BigInt.asUintN(64, stats.ino ^ (stats.dev * 0x9e37_79b9_7f4a_7c15n));
  }

  of(stats: BigIntStats, path: ByteString): NodeInfo {
    const kind = kindOf(stats);
    const id = this.idOf(stats);
    const kept = this.#sidecar.get(id, stats.birthtimeNs);
    const born = stats.birthtimeNs === 0n || stats.birthtimeNs > stats.ctimeNs ? stats.ctimeNs : stats.birthtimeNs;
    const exactWrite = kept !== undefined && kept.writeTime !== 0n && kept.writeNs === stats.mtimeNs;
    const exactChange = kept !== undefined && kept.changeTime !== 0n && kept.changeNs === stats.ctimeNs;
    const exactAccess = kept !== undefined && kept.accessTime !== 0n && kept.accessNs === stats.atimeNs;
    return {
      kind,
      id,
      size: kind === 'file' ? Number(stats.size) : 0,
      allocationSize: kind === 'file' ? Number(stats.blocks) * 512 : 0,
      links: Number(stats.nlink),
      attributes: this.#attributes(stats, path, kept?.attributes ?? -1),
      creationTime: kept?.creationTime || filetimeFromNs(born),
      lastAccessTime: exactAccess ? kept.accessTime : filetimeFromNs(stats.atimeNs),
      lastWriteTime: exactWrite ? kept.writeTime : filetimeFromNs(stats.mtimeNs),
      changeTime: exactChange ? kept.changeTime : filetimeFromNs(stats.ctimeNs),
    };
  }

  /** `at` leads to the open node whatever its name is by now. */
  change(at: ByteString, path: ByteString, change: InfoChange): void {
    const native = nativePath(at);
    const before = statSync(native, { bigint: true });
    const attributes = change.attributes === undefined ? -1 : change.attributes & SETTABLE_ATTRIBUTES;
    if (attributes >= 0) setReadonly(native, before, attributes);
    const now = this.of(before, path);
    const times = {
      write: change.lastWriteTime ?? now.lastWriteTime,
      access: change.lastAccessTime ?? now.lastAccessTime,
    };
    const timed = change.lastWriteTime !== undefined || change.lastAccessTime !== undefined;
    if (timed) utimesSync(native, timeFor(times.access), timeFor(times.write));

    const stats = statSync(native, { bigint: true });
    const id = this.idOf(stats);
    const kept = this.#sidecar.get(id, stats.birthtimeNs);
    const record: SidecarRecord = {
      birth: stats.birthtimeNs,
      ...NOTHING_KEPT,
      ...kept,
      ...(attributes >= 0 && { attributes: this.#attributes(stats, path, -1) === attributes ? -1 : attributes }),
      ...(change.creationTime !== undefined && { creationTime: change.creationTime }),
      ...(timed && inexact(stats, times)),
      ...changed(stats, kept, change.changeTime),
    };
    if (!isNothing(record)) this.#sidecar.set(id, record);
    else if (kept !== undefined) this.#sidecar.forget(id);
  }

  /** What a new node must be told to have these attributes; undefined: it has them. */
  lacking(info: NodeInfo, attributes: number): number | undefined {
    // Made without any is "as is usual here".
    const asked = attributes & SETTABLE_ATTRIBUTES;
    const wanted = asked | (info.attributes & FileAttributes.Hidden);
    return asked === 0 || wanted === info.attributes ? undefined : wanted;
  }

  /** The last name of a node was taken away. */
  forget(stats: BigIntStats): void {
    this.#sidecar.forget(this.idOf(stats));
  }

  #attributes(stats: BigIntStats, path: ByteString, kept: number): number {
    const file = !stats.isDirectory();
    const writable = (stats.mode & OWNER_WRITE) !== 0n;
    if (kept >= 0) return file ? (kept & ~FileAttributes.Readonly) | (writable ? 0 : FileAttributes.Readonly) : kept;
    let attributes = 0;
    if (file) attributes = writable ? FileAttributes.Archive : FileAttributes.Archive | FileAttributes.Readonly;
    if (this.#hideDotFiles && lastOf(path).startsWith('.')) attributes |= FileAttributes.Hidden;
    return attributes;
  }
}

/** The times that the file system could be told only nearly. */
function inexact(stats: BigIntStats, times: { write: bigint; access: bigint }): Partial<SidecarRecord> {
  const { mtimeNs, atimeNs } = stats;
  const [write, access] = [filetimeFromNs(mtimeNs) === times.write, filetimeFromNs(atimeNs) === times.access];
  return {
    writeTime: write ? 0n : times.write,
    writeNs: write ? 0n : mtimeNs,
    accessTime: access ? 0n : times.access,
    accessNs: access ? 0n : atimeNs,
  };
}

/** When it was changed, if somebody said so and nothing has changed it since. */
function changed(
  stats: BigIntStats,
  kept: SidecarRecord | undefined,
  said: bigint | undefined,
): Partial<SidecarRecord> {
  if (said !== undefined) return { changeTime: said, changeNs: stats.ctimeNs };
  return kept?.changeNs === stats.ctimeNs ? {} : { changeTime: 0n, changeNs: 0n };
}

function setReadonly(native: string | Buffer, stats: BigIntStats, attributes: number): void {
  // A directory's READONLY means "has a desktop.ini" to Windows; without the write permission nothing could be made in it.
  if (!stats.isFile()) return;
  const mode = Number(stats.mode & 0o7777n);
  const wanted = (attributes & FileAttributes.Readonly) !== 0 ? mode & ~0o222 : mode | 0o200;
  const changes = ((mode & 0o200) === 0) !== ((attributes & FileAttributes.Readonly) !== 0);
  if (changes) chmodSync(native, wanted);
}

/**
 * Node takes seconds as a double, of which whole µs arrive (half a µs more, so that cutting off hits the right one);
 * times before 1970 only as a Date.
 */
function timeFor(time: bigint): number | Date {
  const us = nsFromFiletime(time) / 1000n;
  return us >= 0n ? (Number(us) + 0.5) / 1e6 : new Date(Number(us / 1_000_000n) * 1000);
}

function isNothing({ attributes, creationTime, writeTime, accessTime, changeTime }: typeof NOTHING_KEPT): boolean {
  return attributes < 0 && [creationTime, writeTime, accessTime, changeTime].every((time) => time === 0n);
}
