import { FileAccess } from '#wire/dtyp/access-mask.js';
import { filetimeFromMs, filetimeFromNs } from '#wire/dtyp/filetime.js';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributeTagInformation } from '#wire/fscc/file-info/attribute-tag.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileInternalInformation } from '#wire/fscc/file-info/internal.js';
import { FileStandardInformation } from '#wire/fscc/file-info/standard.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { kindOf, named } from '../arguments.js';
import { basicInfo } from '../basic-info.js';
import { errnoCode, isNotFound } from '../errors.js';
import { NodeStat } from '../node-stat.js';
import { unpacked } from '../packing.js';
import { normal, toWire } from '../paths.js';
import type { Control, FileProtocol, OpenRequest, SetFacts, Step } from '../protocol.js';

/** Times to set, as dates or nanoseconds since 1970; those that are absent stay unchanged. */
export interface Times {
  readonly mtime?: Date | bigint | undefined;
  readonly atime?: Date | bigint | undefined;
  readonly birthtime?: Date | bigint | undefined;
}

/** A node's times in full precision, which dates lack. */
export function exactTimes({ mtimeNs, atimeNs, birthtimeNs }: NodeStat): Times {
  return { mtime: mtimeNs, atime: atimeNs, birthtime: birthtimeNs };
}

export function factsOf(times: Times): SetFacts {
  return {
    ...(times.mtime !== undefined ? { lastWriteTime: filetimeOf('mtime', times.mtime) } : {}),
    ...(times.atime !== undefined ? { lastAccessTime: filetimeOf('atime', times.atime) } : {}),
    ...(times.birthtime !== undefined ? { creationTime: filetimeOf('birthtime', times.birthtime) } : {}),
  };
}

/** Negative values have special meanings ([MS-FSCC] 2.4.7). */
const MAX_TIME = 2n ** 63n - 1n;

function filetimeOf(name: string, moment: Date | bigint): bigint {
  const ms = moment instanceof Date ? moment.getTime() : Number.NaN;
  if (typeof moment !== 'bigint' && Number.isNaN(ms)) {
    throw new UsageError(`${name} must be a valid Date, or nanoseconds as a bigint, not ${kindOf(moment)}`);
  }
  const time = typeof moment === 'bigint' ? filetimeFromNs(moment) : filetimeFromMs(ms);
  if (time >= 0n && time <= MAX_TIME) return time;
  throw new UsageError(`${name} is ${String(moment)}; SMB knows the years from 1601 to 30828`);
}

export async function stat(protocol: FileProtocol, path: string, control: Control): Promise<NodeStat> {
  return new NodeStat(await protocol.stat(toWire(path), control));
}

/** A request that opens a link itself instead of its target. */
export function linkItself(path: string, access: number): OpenRequest {
  return { path, access, disposition: CreateDisposition.Open, options: CreateOptions.OpenReparsePoint };
}

function query(infoClass: number): Step {
  return { verb: 'query', infoType: InfoType.File, infoClass };
}

/** The information that a CREATE response lacks. */
const REST = [FileInfoClass.Standard, FileInfoClass.Internal, FileInfoClass.AttributeTag].map(query);

/** Like `stat`, for a symbolic link itself. */
export async function lstat(protocol: FileProtocol, path: string, control: Control): Promise<NodeStat> {
  const wire = toWire(path);
  try {
    const { info, outputs } = await protocol.visit(linkItself(wire, FileAccess.ReadAttributes), REST, control);
    const [standard, internal, tag] = outputs as [Uint8Array, Uint8Array, Uint8Array];
    const { numberOfLinks: links } = unpacked(new FileStandardInformation(), standard);
    const { indexNumber: id } = unpacked(new FileInternalInformation(), internal);
    const { reparseTag } = unpacked(new FileAttributeTagInformation(), tag);
    return new NodeStat({ ...info, links, id, reparseTag });
  } catch (error) {
    // A server that does not support these classes has no links either.
    if (errnoCode(error) !== 'ENOTSUP') throw error;
    return stat(protocol, path, control);
  }
}

export async function exists(protocol: FileProtocol, path: string, control: Control): Promise<boolean> {
  return (await whatIs(protocol, path, control)) !== undefined;
}

/** Like `stat`; undefined if nothing exists. */
export async function whatIs(protocol: FileProtocol, path: string, control: Control): Promise<NodeStat | undefined> {
  try {
    return await stat(protocol, path, control);
  } catch (error) {
    if (isNotFound(error) || errnoCode(error) === 'ENOTDIR' || isImpossible(error)) return undefined;
    throw error;
  }
}

/** No file can have such a name. */
function isImpossible(error: unknown): boolean {
  const { ObjectNameInvalid, ObjectPathSyntaxBad, ObjectPathInvalid, NameTooLong, IllegalCharacter } = NtStatus;
  const names = [ObjectNameInvalid, ObjectPathSyntaxBad, ObjectPathInvalid, NameTooLong, IllegalCharacter];
  return error instanceof StatusError && names.some((status) => status === error.status);
}

const TOKEN = /(?:^|\/)@GMT-/i;

/**
 * Whether two paths refer to the same file, which copying would empty before reading it. Compares file IDs. A snapshot
 * has the same ones as the live file, and files on different volumes may share one, so snapshot paths and creation
 * times are compared, too. Without file IDs, compares names, ignoring case.
 */
export function isSameNode(path: string, node: NodeStat, other: string, there: NodeStat): boolean {
  return streamOf(normal(path)) === streamOf(normal(other)) && isSameFile(path, node, other, there);
}

/** Like `isSameNode`, ignoring named streams. */
export function isSameFile(path: string, node: NodeStat, other: string, there: NodeStat): boolean {
  const [first, second] = [normal(path), normal(other)].map(withoutStream) as [string, string];
  if (TOKEN.test(first) !== TOKEN.test(second)) return false;
  if (node.id === 0n || there.id === 0n) return first.toLowerCase() === second.toLowerCase();
  return node.id === there.id && node.birthtime.getTime() === there.birthtime.getTime();
}

function withoutStream(path: string): string {
  const colon = path.indexOf(':', path.lastIndexOf('/') + 1);
  return colon === -1 ? path : path.slice(0, colon);
}

/** The stream that a path refers to; '' for the default one. */
function streamOf(path: string): string {
  return path
    .slice(withoutStream(path).length + 1)
    .toLowerCase()
    .replace(/:?\$data$/, '');
}

export function itself(command: string, path: string): StatusError {
  return new StatusError(NtStatus.InvalidParameter, { command, path, hint: 'it is the same file' });
}

/** What `access` can check. */
export type AccessKind = 'read' | 'write' | 'execute' | 'delete';

const RIGHTS: Readonly<Record<AccessKind, number>> = {
  read: FileAccess.ReadData,
  write: FileAccess.WriteData,
  execute: FileAccess.Execute,
  delete: FileAccess.Delete,
};

/** Fails unless the account has all of these rights. */
export async function access(
  protocol: FileProtocol,
  path: string,
  kinds: readonly AccessKind[],
  control: Control,
): Promise<void> {
  if (!Array.isArray(kinds)) throw new UsageError(`rights are a list of words, not ${kindOf(kinds)}`);
  const rights = kinds.reduce((bits, kind) => bits | named('right', RIGHTS, kind), FileAccess.ReadAttributes as number);
  await protocol.visit({ path: toWire(path), access: rights, disposition: CreateDisposition.Open }, [], control);
}

export async function setFacts(protocol: FileProtocol, path: string, facts: SetFacts, control: Control): Promise<void> {
  await protocol.set(toWire(path), facts, control);
}

/** Like `setFacts`, for a symbolic link itself. */
export async function setLinkFacts(
  protocol: FileProtocol,
  path: string,
  facts: SetFacts,
  control: Control,
): Promise<void> {
  const step = { verb: 'set', ...basicInfo(facts) } as const;
  await protocol.visit(linkItself(toWire(path), FileAccess.WriteAttributes), [step], control);
}
