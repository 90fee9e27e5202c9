import { hostileName } from '#trees/names.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileFullEaInformation, FullEaEntry } from '#wire/fscc/file-info/full-ea.js';
import { FileStreamInformation } from '#wire/fscc/file-info/stream.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { SrvSnapshotArray } from '#wire/fscc/fsctl/srv-enumerate-snapshots.js';
import { timeOfGmtToken } from '#wire/fscc/gmt-token.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { packed, unpacked } from '../packing.js';
import { hostile, toWire } from '../paths.js';
import type { Control, FileProtocol, Step, Visit } from '../protocol.js';

/** A named stream: additional data in a file. */
export interface NamedStream {
  /** Open it as `file.txt:name`. */
  readonly name: string;
  readonly size: number;
  readonly allocationSize: number;
}

/** A snapshot of a share. */
export interface Snapshot {
  /** Use it as the first component of a path: `@GMT-2026.11.23-10.50.36/photos`. */
  readonly token: string;
  readonly date: Date;
}

/** The fixed part of the snapshot list: counts, and the size needed for all of it. */
const COUNTS = 12;
const ROOM = 65536;
const MAX_ROOM = 1024 * 1024;
const MAX_NAME = 254;
const MAX_VALUE = 0xffff;

function visitAt(protocol: FileProtocol, path: string, access: number, step: Step, control: Control): Promise<Visit> {
  return protocol.visit({ path: toWire(path), access, disposition: CreateDisposition.Open }, [step], control);
}

/** The named streams of a file or directory, without the default stream. */
export async function namedStreams(protocol: FileProtocol, path: string, control: Control): Promise<NamedStream[]> {
  const step = { verb: 'query', infoType: InfoType.File, infoClass: FileInfoClass.Stream, limit: ROOM } as const;
  const { outputs } = await visitAt(protocol, path, FileAccess.ReadAttributes, step, control);
  const bytes = outputs[0] as Uint8Array;
  if (bytes.length === 0) return [];
  return unpacked(new FileStreamInformation(), bytes).entries.flatMap((entry) => {
    const name = entry.streamName.replace(/^:/, '').replace(/:\$DATA$/i, '');
    if (name !== '' && hostileName(name) !== undefined) throw hostile(name, { command: 'QUERY_INFO', path });
    return name === '' ? [] : [{ name, size: entry.streamSize, allocationSize: entry.streamAllocationSize }];
  });
}

/** The extended attributes of a file. Names are case-insensitive. */
export async function getEas(protocol: FileProtocol, path: string, control: Control): Promise<Map<string, Uint8Array>> {
  const step = { verb: 'query', infoType: InfoType.File, infoClass: FileInfoClass.FullEa, limit: ROOM } as const;
  try {
    const { outputs } = await visitAt(protocol, path, FileAccess.ReadEa, step, control);
    const bytes = outputs[0] as Uint8Array;
    const { entries } = bytes.length === 0 ? { entries: [] } : unpacked(new FileFullEaInformation(), bytes);
    return new Map(entries.map(({ eaName, eaValue }) => [eaName, new Uint8Array(eaValue)]));
  } catch (error) {
    if (error instanceof StatusError && error.status === NtStatus.NoEasOnFile) return new Map();
    throw error;
  }
}

/** Extended attributes by name; null removes one. */
export type AttributeValues = Readonly<Record<string, Uint8Array | string | null>>;

/** Encodes extended attributes as a FileFullEaInformation list. */
export function eaList(eas: AttributeValues): FileFullEaInformation {
  const list = new FileFullEaInformation();
  for (const [name, value] of Object.entries(eas)) {
    if (!/^[\x20-\x7e]+$/.test(name) || name.length > MAX_NAME) {
      throw new UsageError(`'${name}' cannot be the name of an extended attribute`);
    }
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : (value ?? new Uint8Array());
    if (value !== null && bytes.length === 0) throw new UsageError(`the attribute '${name}' cannot be empty`);
    if (bytes.length > MAX_VALUE) throw new UsageError(`the attribute '${name}' has more than ${MAX_VALUE} bytes`);
    list.entries.push(FullEaEntry.of(name, bytes));
  }
  return list;
}

/** Sets extended attributes; others stay unchanged. */
export async function setEas(
  protocol: FileProtocol,
  path: string,
  eas: AttributeValues,
  control: Control,
): Promise<void> {
  const list = eaList(eas);
  if (list.entries.length === 0) return;
  const { File } = InfoType;
  const step = { verb: 'set', infoType: File, infoClass: FileInfoClass.FullEa, data: packed(list) } as const;
  await visitAt(protocol, path, FileAccess.WriteEa, step, control);
}

/** The snapshots of a file or directory, in the server's order. */
export async function snapshots(protocol: FileProtocol, path: string, control: Control): Promise<Snapshot[]> {
  const ask = async (limit: number): Promise<SrvSnapshotArray> => {
    const step = { verb: 'ioctl', code: Fsctl.SrvEnumerateSnapshots, limit } as const;
    const { outputs } = await visitAt(protocol, path, FileAccess.ReadData | FileAccess.ReadAttributes, step, control);
    return unpacked(new SrvSnapshotArray(), outputs[0] as Uint8Array);
  };
  let found = await ask(ROOM);
  if (found.snapShots.length < found.numberOfSnapShots) {
    found = await ask(Math.min(MAX_ROOM, COUNTS + found.snapShotArraySize + ROOM));
  }
  return found.snapShots.map((token) => ({ token, date: new Date(timeOfGmtToken(token)) }));
}
