import { NtStatus } from '#wire/erref/nt-status.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { getCompression, setCompression } from './compression.js';
import { copychunk } from './copychunk.js';
import { duplicateExtents } from './duplicate-extents.js';
import { enumerateSnapshots } from './enumerate-snapshots.js';
import { fileLevelTrim } from './file-level-trim.js';
import { type FsctlHandler, onFile, onNoFile, refused } from './fsctl.js';
import { lmrRequestResiliency } from './lmr-request-resiliency.js';
import { networkInterfaces } from './network-interfaces.js';
import { objectId } from './object-id.js';
import { pipePeek } from './pipe-peek.js';
import { pipeTransceive } from './pipe-transceive.js';
import { pipeWait } from './pipe-wait.js';
import { queryAllocatedRanges } from './query-allocated-ranges.js';
import { deleteReparsePoint, getReparsePoint, setReparsePoint } from './reparse-point.js';
import { requestResumeKey } from './request-resume-key.js';
import { setSparse } from './set-sparse.js';
import { setZeroData } from './set-zero-data.js';
import { validateNegotiate } from './validate-negotiate.js';

/** Handlers by control code; all others are INVALID_DEVICE_REQUEST. */
export const fsctlHandlers: Readonly<Record<number, FsctlHandler>> = {
  // [MS-SMB2] 3.3.5.15.2: this server does not support DFS.
  [Fsctl.DfsGetReferrals]: onNoFile(refused(NtStatus.FsDriverRequired)),
  [Fsctl.DfsGetReferralsEx]: onNoFile(refused(NtStatus.FsDriverRequired)),
  [Fsctl.PipeTransceive]: pipeTransceive,
  [Fsctl.PipePeek]: pipePeek,
  [Fsctl.PipeWait]: onNoFile(pipeWait),
  [Fsctl.QueryNetworkInterfaceInfo]: onNoFile(networkInterfaces),
  [Fsctl.ValidateNegotiateInfo]: onNoFile(validateNegotiate),
  [Fsctl.LmrRequestResiliency]: onFile(lmrRequestResiliency),
  [Fsctl.SrvRequestResumeKey]: onFile(requestResumeKey),
  [Fsctl.SrvCopychunk]: onFile(copychunk),
  [Fsctl.SrvCopychunkWrite]: onFile(copychunk),
  [Fsctl.SrvEnumerateSnapshots]: onFile(enumerateSnapshots),
  // [MS-SMB2] 3.3.5.15.7: branch cache hashes are not supported.
  [Fsctl.SrvReadHash]: onFile(refused(NtStatus.HashNotSupported)),
  [Fsctl.DuplicateExtentsToFile]: onFile(duplicateExtents),
  [Fsctl.DuplicateExtentsToFileEx]: onFile(duplicateExtents),
  [Fsctl.SetSparse]: onFile(setSparse),
  [Fsctl.SetZeroData]: onFile(setZeroData),
  [Fsctl.QueryAllocatedRanges]: onFile(queryAllocatedRanges),
  [Fsctl.FileLevelTrim]: onFile(fileLevelTrim),
  [Fsctl.GetCompression]: onFile(getCompression),
  [Fsctl.SetCompression]: onFile(setCompression),
  [Fsctl.CreateOrGetObjectId]: onFile(objectId),
  [Fsctl.GetObjectId]: onFile(objectId),
  [Fsctl.GetReparsePoint]: onFile(getReparsePoint),
  [Fsctl.SetReparsePoint]: onFile(setReparsePoint),
  [Fsctl.DeleteReparsePoint]: onFile(deleteReparsePoint),
};
