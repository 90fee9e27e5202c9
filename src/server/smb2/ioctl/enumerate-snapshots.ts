import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { SrvSnapshotArray } from '#wire/fscc/fsctl/srv-enumerate-snapshots.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { snapshotsOf } from '../../action/snapshots.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import type { FsctlAnswer } from './fsctl.js';

/** Size of SRV_SNAPSHOT_ARRAY without names, and of one name with its NUL. */
const HEAD_BYTES = 12;
const TOKEN_BYTES = 50;
const LEAST_BYTES = 16;

/** FSCTL_SRV_ENUMERATE_SNAPSHOTS ([MS-SMB2] 3.3.5.15.1): all names, or the buffer size they need. */
export async function enumerateSnapshots(
  open: DiskOpen,
  request: IoctlRequest,
  context: Smb2Context,
): Promise<FsctlAnswer> {
  if (request.maxOutputResponse < LEAST_BYTES) throw new StatusError(NtStatus.InvalidParameter);
  const tokens = await snapshotsOf(open);
  const response = new SrvSnapshotArray();
  response.numberOfSnapShots = tokens.length;
  response.snapShotArraySize = tokens.length * TOKEN_BYTES + 2;
  if (HEAD_BYTES + response.snapShotArraySize <= request.maxOutputResponse) response.snapShots = [...tokens];
  return { output: context.core.encoder.encode(response) };
}
