import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileBasicInformation } from '#wire/fscc/file-info/basic.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileRenameInformationType1 } from '#wire/fscc/file-info/rename-type-1.js';
import { SetInfoStandard } from '#wire/smb1/info/info-standard.js';
import { QueryFileBasicInfo } from '#wire/smb1/info/query-file-info.js';
import { fsccClassOf, SetLevel } from '#wire/smb1/info-levels.js';
import { Trans2CreateDirectoryRequest } from '#wire/smb1/trans2/create-directory.js';
import {
  EaErrorResponse,
  SetFileInformationRequest,
  SetPathInformationRequest,
} from '#wire/smb1/trans2/information.js';
import { rename } from '../action/set-info/rename.js';
import { applyFileInfo, setFileInfo } from '../action/set-info.js';
import type { DiskOpen } from '../state/open.js';
import { parentPath } from '../volume.js';
import { byPath } from './by-path.js';
import type { Smb1Context } from './context.js';
import { createDirectory } from './directories.js';
import { unknownLevel } from './query-information-level.js';
import { basicFromDosTimes } from './times.js';
import { decodeAs, encodeAs, type Transaction, type TransactionResult } from './transact.js';

/** Access required by a class; all others change attributes. */
const ACCESS: Readonly<Record<number, number>> = {
  [FileInfoClass.Disposition]: FileAccess.Delete,
  [FileInfoClass.DispositionEx]: FileAccess.Delete,
  [FileInfoClass.Rename]: FileAccess.Delete,
  [FileInfoClass.RenameEx]: FileAccess.Delete,
  [FileInfoClass.Allocation]: FileAccess.WriteData,
  [FileInfoClass.EndOfFile]: FileAccess.WriteData,
};

function done(context: Smb1Context): TransactionResult {
  return { parameters: encodeAs(new EaErrorResponse(), context.unicode) };
}

/** [MS-CIFS] 3.3.5.58.7. */
export async function setPathInformation(t: Transaction, context: Smb1Context): Promise<TransactionResult> {
  const { informationLevel, fileName } = decodeAs(new SetPathInformationRequest(), t.parameters, context.unicode);
  const access = ACCESS[fsccClassOf('set', informationLevel) ?? 0] ?? FileAccess.WriteAttributes;
  await byPath(context, fileName, { access }, (open) => setLevel(context, open, informationLevel, t.data));
  return done(context);
}

/** [MS-CIFS] 3.3.5.58.9. */
export async function setFileInformation(t: Transaction, context: Smb1Context): Promise<TransactionResult> {
  const { informationLevel, fid } = decodeAs(new SetFileInformationRequest(), t.parameters, context.unicode);
  await setLevel(context, context.diskOpen(fid), informationLevel, t.data);
  return done(context);
}

async function setLevel(context: Smb1Context, open: DiskOpen, level: number, data: Uint8Array): Promise<void> {
  const { core, unicode } = context;
  if (level === SetLevel.InfoSetEas) throw new StatusError(NtStatus.EasNotSupported);
  if (level === SetLevel.InfoStandard) {
    const { times } = decodeAs(new SetInfoStandard(), data, unicode);
    return applyFileInfo(core, open, FileInfoClass.Basic, basicFromDosTimes(times));
  }
  const infoClass = fsccClassOf('set', level);
  if (infoClass === undefined) throw unknownLevel(level);
  if (infoClass === FileInfoClass.Basic) return applyFileInfo(core, open, infoClass, basic(data, unicode));
  if (infoClass !== FileInfoClass.Rename) return setFileInfo(core, open, infoClass, data);
  const info = decodeAs(new FileRenameInformationType1(), data, unicode);
  return rename(core, open, target(context, open, info), { replace: info.replaceIfExists });
}

// Some clients omit the trailing reserved bytes.
function basic(data: Uint8Array, unicode: boolean): FileBasicInformation {
  const sent = decodeAs(new QueryFileBasicInfo(), data, unicode);
  const info = new FileBasicInformation();
  info.creationTime = sent.creationTime;
  info.lastAccessTime = sent.lastAccessTime;
  info.lastWriteTime = sent.lastWriteTime;
  info.changeTime = sent.lastChangeTime;
  info.fileAttributes = sent.extFileAttributes;
  return info;
}

// [MS-FSCC] 2.4.41.1: a bare name stays in the same directory.
function target(context: Smb1Context, open: DiskOpen, info: FileRenameInformationType1): string {
  if (info.rootDirectory !== 0) throw new StatusError(NtStatus.InvalidParameter);
  if (/[\\/]/.test(info.fileName)) return context.path(info.fileName);
  return context.path(`${parentPath(open.claim.path)}\\${info.fileName}`);
}

/** [MS-CIFS] 3.3.5.58.10. Extended attributes are ignored. */
export async function trans2CreateDirectory(t: Transaction, context: Smb1Context): Promise<TransactionResult> {
  await createDirectory(decodeAs(new Trans2CreateDirectoryRequest(), t.parameters, context.unicode), context);
  return done(context);
}
