import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { FileFacts } from '#wire/fscc/file-facts.js';
import { parsePath } from '#wire/fscc/file-name.js';
import { geometry } from '#wire/fscc/fs-facts.js';
import type { Wire } from '#wire/io/layout.js';
import { InfoAllocation, InfoVolume } from '#wire/smb1/info/fs-info.js';
import { InfoStandard } from '#wire/smb1/info/info-standard.js';
import { QueryFileAllInfo } from '#wire/smb1/info/query-file-all-info.js';
import { fsccClassOf, PASS_THROUGH, QueryFsLevel, QueryLevel } from '#wire/smb1/info-levels.js';
import {
  EaErrorResponse,
  QueryFileInformationRequest,
  QueryFsInformationRequest,
  QueryPathInformationRequest,
} from '#wire/smb1/trans2/information.js';
import { fileFacts, fsFacts } from '../action/facts.js';
import { fitting, type InfoAnswer, queryFileInfo, queryFsInfo } from '../action/query-info.js';
import { queryPipeInfo } from '../rpc/pipe-info.js';
import { type DiskOpen, requireAccess } from '../state/open.js';
import { byPath } from './by-path.js';
import type { Smb1Context } from './context.js';
import { dosAttributes, dosSize, dosTimes } from './times.js';
import { decodeAs, encodeAs, type Transaction, type TransactionResult } from './transact.js';

const LARGEST = 0xffffffff;

/** The error for an unknown level. */
export function unknownLevel(level: number): StatusError {
  return new StatusError(level >= PASS_THROUGH ? NtStatus.InvalidInfoClass : NtStatus.OsErrorInvalidLevel);
}

function result({ status, bytes }: InfoAnswer, context: Smb1Context): TransactionResult {
  return { status, parameters: encodeAs(new EaErrorResponse(), context.unicode), data: bytes };
}

/** [MS-CIFS] 3.3.5.58.6. */
export async function queryPathInformation(t: Transaction, context: Smb1Context): Promise<TransactionResult> {
  const { informationLevel, fileName } = decodeAs(new QueryPathInformationRequest(), t.parameters, context.unicode);
  if (informationLevel === QueryLevel.InfoIsNameValid) {
    parsePath(context.path(fileName));
    return {};
  }
  const access = FileAccess.ReadAttributes;
  return byPath(context, fileName, { access }, async (open) =>
    result(await queryLevel(context, open, informationLevel, t.maxDataCount), context),
  );
}

/** [MS-CIFS] 3.3.5.58.8. */
export async function queryFileInformation(t: Transaction, context: Smb1Context): Promise<TransactionResult> {
  const { informationLevel, fid } = decodeAs(new QueryFileInformationRequest(), t.parameters, context.unicode);
  const open = context.open(fid);
  if (open.kind === 'disk') {
    return result(await queryLevel(context, open, informationLevel, t.maxDataCount), context);
  }
  const infoClass = fsccClassOf('query', informationLevel);
  if (infoClass === undefined) throw unknownLevel(informationLevel);
  return result(queryPipeInfo(context.core, open, infoClass, t.maxDataCount), context);
}

async function queryLevel(context: Smb1Context, open: DiskOpen, level: number, room: number): Promise<InfoAnswer> {
  const { core } = context;
  const make = OWN_LEVELS[level];
  if (make) {
    requireAccess(open, FileAccess.ReadAttributes);
    open.tree.require('read');
    return cut(encodeAs(make(await fileFacts(core, open)), context.unicode), room);
  }
  if (level === QueryLevel.InfoQueryAllEas || level === QueryLevel.InfoQueryEasFromList) {
    throw new StatusError(NtStatus.EasNotSupported);
  }
  const infoClass = fsccClassOf('query', level);
  if (infoClass === undefined) throw unknownLevel(level);
  return queryFileInfo(core, open, infoClass, room);
}

function cut(bytes: Uint8Array, room: number): InfoAnswer {
  if (bytes.length <= room) return { status: NtStatus.Success, bytes };
  return { status: NtStatus.BufferOverflow, bytes: bytes.subarray(0, room) };
}

/** Levels that have no equivalent class in [MS-FSCC]. */
const OWN_LEVELS: Readonly<Record<number, (facts: FileFacts) => Wire>> = {
  [QueryLevel.InfoStandard]: (facts) => infoStandard(facts, false),
  [QueryLevel.InfoQueryEaSize]: (facts) => infoStandard(facts, true),
  [QueryLevel.QueryFileAllInfo]: queryFileAll,
};

function infoStandard(facts: FileFacts, eaSize: boolean): InfoStandard {
  const info = new InfoStandard(eaSize);
  info.times = dosTimes(facts);
  info.fileDataSize = dosSize(facts.size);
  info.allocationSize = dosSize(facts.allocationSize);
  info.attributes = dosAttributes(facts.attributes);
  return info;
}

function queryFileAll(facts: FileFacts): QueryFileAllInfo {
  const info = new QueryFileAllInfo();
  info.creationTime = facts.creationTime;
  info.lastAccessTime = facts.lastAccessTime;
  info.lastWriteTime = facts.lastWriteTime;
  info.lastChangeTime = facts.changeTime;
  info.extFileAttributes = facts.attributes;
  info.allocationSize = facts.allocationSize;
  info.endOfFile = facts.size;
  info.numberOfLinks = facts.links;
  info.deletePending = Number(facts.deletePending);
  info.directory = Number(facts.directory);
  info.fileName = facts.name;
  return info;
}

/** [MS-CIFS] 3.3.5.58.4. */
export async function queryFsInformation(t: Transaction, context: Smb1Context): Promise<TransactionResult> {
  const { informationLevel } = decodeAs(new QueryFsInformationRequest(), t.parameters, context.unicode);
  const { status, bytes } = await queryFsLevel(context, informationLevel, t.maxDataCount);
  return { status, data: bytes };
}

async function queryFsLevel(context: Smb1Context, level: number, room: number): Promise<InfoAnswer> {
  const { core } = context;
  const tree = context.diskTree;
  if (level !== QueryFsLevel.InfoAllocation && level !== QueryFsLevel.InfoVolume) {
    const infoClass = fsccClassOf('queryFs', level);
    if (infoClass === undefined) throw unknownLevel(level);
    return queryFsInfo(core, tree, infoClass, room);
  }
  tree.require('read');
  const facts = await fsFacts(tree);
  if (level === QueryFsLevel.InfoVolume) {
    const info = Object.assign(new InfoVolume(), { ulVolSerialNbr: facts.serial, volumeLabel: facts.label });
    return cut(encodeAs(info, context.unicode), room);
  }
  const { sectorsPerUnit, bytesPerSector, unit } = geometry(facts);
  const info = new InfoAllocation();
  info.cSectorUnit = sectorsPerUnit;
  info.cbSector = Math.min(bytesPerSector, 0xffff);
  info.cUnit = Math.min(Math.floor(facts.total / unit), LARGEST);
  info.cUnitAvailable = Math.min(Math.floor(facts.available / unit), LARGEST);
  return fitting(core, info, room);
}
