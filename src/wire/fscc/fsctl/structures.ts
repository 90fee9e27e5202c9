import { GetDfsReferralRequest, GetDfsReferralResponse } from '../../dfsc/get-dfs-referral.js';
import type { Wire } from '../../io/layout.js';
import { Compression } from './compression.js';
import { DuplicateExtentsData, DuplicateExtentsDataEx } from './duplicate-extents.js';
import { FileLevelTrimRequest, FileLevelTrimResponse } from './file-level-trim.js';
import { Fsctl } from './fsctl.js';
import { NetworkResiliencyRequest } from './lmr-request-resiliency.js';
import { NetworkInterfaceInfoResponse } from './network-interface-info.js';
import { FileObjectIdBuffer } from './object-id.js';
import { PipePeekResponse } from './pipe-peek.js';
import { PipeWaitRequest } from './pipe-wait.js';
import { ReparseData, ReparsePointHeader } from './reparse-data.js';
import { AllocatedRange, QueryAllocatedRangesResponse, SetSparseRequest, SetZeroDataRequest } from './sparse.js';
import { SrvCopychunkCopy, SrvCopychunkResponse } from './srv-copychunk.js';
import { SrvSnapshotArray } from './srv-enumerate-snapshots.js';
import { SrvRequestResumeKeyResponse } from './srv-request-resume-key.js';
import { ValidateNegotiateInfoRequest, ValidateNegotiateInfoResponse } from './validate-negotiate-info.js';

/** Structures of a control code's input and output buffers; absent ones are empty or unknown. */
export interface FsctlForm {
  readonly input?: new () => Wire;
  readonly output?: new () => Wire;
}

/** By control code. For RPC over FSCTL_PIPE_TRANSCEIVE see `rpc/pdu`. */
export const fsctlForms: Readonly<Record<number, FsctlForm>> = {
  [Fsctl.DfsGetReferrals]: { input: GetDfsReferralRequest, output: GetDfsReferralResponse },
  [Fsctl.GetCompression]: { output: Compression },
  [Fsctl.SetCompression]: { input: Compression },
  [Fsctl.SetReparsePoint]: { input: ReparseData },
  [Fsctl.GetReparsePoint]: { output: ReparseData },
  [Fsctl.DeleteReparsePoint]: { input: ReparsePointHeader },
  [Fsctl.SetObjectId]: { input: FileObjectIdBuffer },
  [Fsctl.GetObjectId]: { output: FileObjectIdBuffer },
  [Fsctl.CreateOrGetObjectId]: { output: FileObjectIdBuffer },
  [Fsctl.SetSparse]: { input: SetSparseRequest },
  [Fsctl.SetZeroData]: { input: SetZeroDataRequest },
  [Fsctl.QueryAllocatedRanges]: { input: AllocatedRange, output: QueryAllocatedRangesResponse },
  [Fsctl.FileLevelTrim]: { input: FileLevelTrimRequest, output: FileLevelTrimResponse },
  [Fsctl.DuplicateExtentsToFile]: { input: DuplicateExtentsData },
  [Fsctl.DuplicateExtentsToFileEx]: { input: DuplicateExtentsDataEx },
  [Fsctl.PipeWait]: { input: PipeWaitRequest },
  [Fsctl.PipePeek]: { output: PipePeekResponse },
  [Fsctl.SrvRequestResumeKey]: { output: SrvRequestResumeKeyResponse },
  [Fsctl.SrvCopychunk]: { input: SrvCopychunkCopy, output: SrvCopychunkResponse },
  [Fsctl.SrvCopychunkWrite]: { input: SrvCopychunkCopy, output: SrvCopychunkResponse },
  [Fsctl.SrvEnumerateSnapshots]: { output: SrvSnapshotArray },
  [Fsctl.LmrRequestResiliency]: { input: NetworkResiliencyRequest },
  [Fsctl.QueryNetworkInterfaceInfo]: { output: NetworkInterfaceInfoResponse },
  [Fsctl.ValidateNegotiateInfo]: { input: ValidateNegotiateInfoRequest, output: ValidateNegotiateInfoResponse },
};
