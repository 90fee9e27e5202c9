import { type BigIntStats, chmodSync, statSync, utimesSync } from 'node:fs';
import { filetimeFromNs, nsFromFiletime } from '#wire/dtyp/filetime.js';
import { FileAttributes, SETTABLE_ATTRIBUTES } from '#wire/fscc/attributes.js';
import type { InfoChange, NodeInfo } from '../backend.js';
import type { PosixFacts } from '../capabilities.js';
import { lastOf } from './containment.js';
import type { DosAttributes } from './dos-attributes.js';
import { kindOf } from './handle.js';
import { type ByteString, nativePath } from './name-map.js';
import { errnoError, type Libc } from './native/libc.js';
import { nodeTime } from './node-time.js';
import type { DosAttrib } from './samba/dos-attrib.js';
import { NOTHING_KEPT, type Sidecar, type SidecarRecord } from './sidecar.js';

const OWNER_WRITE = 0o200n;

/** All attributes that may be stored; DIRECTORY and NORMAL are derived from the kind of node. */
const KEPT_ATTRIBUTES: number =
  Object.values(FileAttributes).reduce((all: number, bit) => all | bit, 0) &
  ~(FileAttributes.Directory | FileAttributes.Normal);

export interface FactsOptions {
  /** Device number of the root. */
  readonly dev: bigint;
  readonly hideDotFiles: boolean;
  readonly libc: Libc | undefined;
}

/**
 * Metadata of nodes, from the file system, its extended attributes and the sidecar. If no attributes are stored, files
 * have ARCHIVE, READONLY means that the owner lacks write permission, and files whose names begin with a dot are
 * HIDDEN.
 */
export class Facts {
  readonly #sidecar: Sidecar;
  readonly #dos: DosAttributes | undefined;
  readonly #options: FactsOptions;

  constructor(sidecar: Sidecar, dos: DosAttributes | undefined, options: FactsOptions) {
    this.#sidecar = sidecar;
    this.#dos = dos;
    this.#options = options;
  }

  /** File systems mounted below the share have their own inode numbers, so their device number is mixed in. */
  idOf(stats: { readonly dev: bigint; readonly ino: bigint }): bigint {
    if (stats.dev === this.#options.dev) return stats.ino;
    return BigInt.asUintN(64, stats.ino ^ (stats.dev * 0x9e37_79b9_7f4a_7c15n));
  }

  /** `dos`: content of the node's DOS attribute; `eaSize`: size of all other extended attributes. */
  of(stats: BigIntStats, path: ByteString, dos: DosAttrib | undefined, eaSize?: number): NodeInfo {
    const kind = kindOf(stats);
    const id = this.idOf(stats);
    const kept = this.#sidecar.get(id, stats.birthtimeNs);
    const born = stats.birthtimeNs === 0n || stats.birthtimeNs > stats.ctimeNs ? stats.ctimeNs : stats.birthtimeNs;
    const exactWrite = kept !== undefined && kept.writeTime !== 0n && kept.writeNs === stats.mtimeNs;
    const exactChange = kept !== undefined && kept.changeTime !== 0n && kept.changeNs === stats.ctimeNs;
    const exactAccess = kept !== undefined && kept.accessTime !== 0n && kept.accessNs === stats.atimeNs;
    const info: NodeInfo & { eaSize?: number; posix?: PosixFacts } = {
      kind,
      id,
      size: kind === 'file' ? Number(stats.size) : 0,
      allocationSize: kind === 'file' ? Number(stats.blocks) * 512 : 0,
      links: Number(stats.nlink),
      attributes: this.#attributes(stats, path, dos, kept),
      creationTime: dos?.creationTime ?? (kept?.creationTime || filetimeFromNs(born)),
      lastAccessTime: exactAccess ? kept.accessTime : filetimeFromNs(stats.atimeNs),
      lastWriteTime: exactWrite ? kept.writeTime : filetimeFromNs(stats.mtimeNs),
      changeTime: exactChange ? kept.changeTime : filetimeFromNs(stats.ctimeNs),
    };
    // Not spread into the object, which is slow: a listing creates thousands of these.
    if (eaSize !== undefined) info.eaSize = eaSize;
    if (EUID !== undefined) info.posix = posixOf(stats, EUID);
    return info;
  }

  /** `at` leads to the open node even after a rename. */
  change(at: ByteString, path: ByteString, change: InfoChange): void {
    const native = nativePath(at);
    const before = statSync(native, { bigint: true });
    const now = this.of(before, path, this.#dos?.at(at));
    const inAttribute = this.#changeAttributes(at, before, now, change);
    const times = {
      write: change.lastWriteTime ?? now.lastWriteTime,
      access: change.lastAccessTime ?? now.lastAccessTime,
    };
    const timed = change.lastWriteTime !== undefined || change.lastAccessTime !== undefined;
    if (timed) this.#setTimes(at, times);

    const stats = statSync(native, { bigint: true });
    const attributes = attributesAfter(now, change);
    this.#note(stats, {
      ...(attributes !== now.attributes && { attributes: this.#usual(stats, path) === attributes ? -1 : attributes }),
      ...(change.creationTime !== undefined && { creationTime: change.creationTime }),
      ...(inAttribute && { attributes: -1, creationTime: 0n }),
      ...(timed && inexact(stats, times)),
      ...(change.changeTime !== undefined && { changeTime: change.changeTime, changeNs: stats.ctimeNs }),
    });
  }

  /** True if attributes and creation time are now in an extended attribute, including any that the sidecar had. */
  #changeAttributes(at: ByteString, before: BigIntStats, now: NodeInfo, change: InfoChange): boolean {
    const { attributes: said, creationTime: born, sparse } = change;
    if (said === undefined && born === undefined && sparse === undefined) return false;
    const attributes = attributesAfter(now, change);
    const readonly = (attributes & FileAttributes.Readonly) !== 0;
    const native = nativePath(at);
    // Permissions first: setting an extended attribute needs write permission.
    if (said !== undefined && !readonly) setReadonly(native, before, false);
    const creationTime = born ?? now.creationTime;
    if (!before.isSymbolicLink() && this.#dos?.keep(at, { attributes, creationTime }) === true) return true;
    // Permissions change only if there is no extended attribute to hold READONLY, as in Samba.
    if (said !== undefined && readonly) setReadonly(native, before, true);
    return false;
  }

  /** Updates the node's record in the sidecar, if it needs one. */
  #note(stats: BigIntStats, news: Partial<SidecarRecord>): void {
    const id = this.idOf(stats);
    const kept = this.#sidecar.get(id, stats.birthtimeNs);
    // A change time set by a client is valid only until the next change.
    const stale = kept?.changeNs === stats.ctimeNs ? {} : { changeTime: 0n, changeNs: 0n };
    const record: SidecarRecord = { birth: stats.birthtimeNs, ...NOTHING_KEPT, ...kept, ...stale, ...news };
    if (!isNothing(record)) this.#sidecar.set(id, record);
    else if (kept !== undefined) this.#sidecar.forget(id);
  }

  /** The attributes to set on a new node so that it has those requested; undefined if it has them already. */
  lacking(info: NodeInfo, attributes: number): number | undefined {
    // No attributes requested means the defaults.
    const asked = attributes & SETTABLE_ATTRIBUTES;
    const wanted = asked | (info.attributes & FileAttributes.Hidden);
    return asked === 0 || wanted === info.attributes ? undefined : wanted;
  }

  /** Called when the last name of a node has been removed. */
  forget(stats: BigIntStats): void {
    this.#sidecar.forget(this.idOf(stats));
  }

  #attributes(stats: BigIntStats, path: ByteString, dos: DosAttrib | undefined, kept?: SidecarRecord): number {
    if (stats.isSymbolicLink()) return FileAttributes.ReparsePoint;
    const hidden = this.#isDotFile(path) ? FileAttributes.Hidden : 0;
    if (dos?.attributes !== undefined) return (dos.attributes & KEPT_ATTRIBUTES) | hidden;
    if (kept === undefined || kept.attributes < 0) return this.#usual(stats, path);
    const attributes = kept.attributes | hidden;
    return stats.isDirectory() ? attributes : (attributes & ~FileAttributes.Readonly) | readonlyOf(stats);
  }

  #usual(stats: BigIntStats, path: ByteString): number {
    const attributes = stats.isDirectory() ? 0 : FileAttributes.Archive | readonlyOf(stats);
    return this.#isDotFile(path) ? attributes | FileAttributes.Hidden : attributes;
  }

  /** Samba's `hide dot files`. */
  #isDotFile(path: ByteString): boolean {
    return this.#options.hideDotFiles && lastOf(path).startsWith('.');
  }

  #setTimes(at: ByteString, { access, write }: { access: bigint; write: bigint }): void {
    const { libc } = this.#options;
    if (libc === undefined) return utimesSync(nativePath(at), timeFor(access), timeFor(write));
    const result = libc.utimens(at, nsFromFiletime(access), nsFromFiletime(write));
    if (result < 0) throw errnoError(result, 'utimensat');
  }
}

function attributesAfter(now: NodeInfo, { attributes, sparse }: InfoChange): number {
  const said = attributes === undefined ? now.attributes : attributes & SETTABLE_ATTRIBUTES;
  const after = (now.attributes & ~SETTABLE_ATTRIBUTES) | (said & KEPT_ATTRIBUTES);
  if (sparse === undefined) return after;
  return sparse ? after | FileAttributes.SparseFile : after & ~FileAttributes.SparseFile;
}

function setReadonly(native: string | Buffer, stats: BigIntStats, readonly: boolean): void {
  // For a directory, READONLY only means "has a desktop.ini" to Windows; without write permission it could get no new
  // entries.
  if (!stats.isFile() || (readonlyOf(stats) !== 0) === readonly) return;
  const mode = Number(stats.mode & 0o7777n);
  chmodSync(native, readonly ? mode & ~0o222 : mode | 0o200);
}

const EUID = process.geteuid?.();

function posixOf(stats: BigIntStats, euid: number): PosixFacts {
  const uid = Number(stats.uid);
  return { uid, gid: Number(stats.gid), mode: Number(stats.mode & 0o7777n), owned: euid === 0 || euid === uid };
}

function readonlyOf(stats: BigIntStats): number {
  return stats.isFile() && (stats.mode & OWNER_WRITE) === 0n ? FileAttributes.Readonly : 0;
}

/** The times that the file system could store only approximately. */
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

function timeFor(time: bigint): number | Date {
  return nodeTime(Number(nsFromFiletime(time) / 1000n) / 1000);
}

function isNothing({ attributes, creationTime, writeTime, accessTime, changeTime }: typeof NOTHING_KEPT): boolean {
  return attributes < 0 && [creationTime, writeTime, accessTime, changeTime].every((time) => time === 0n);
}
