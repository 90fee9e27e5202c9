import { NtStatus } from '#wire/erref/nt-status.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { type FsctlHandler, onNoFile, refused } from './fsctl.js';
import { networkInterfaces } from './network-interfaces.js';
import { pipeTransceive } from './pipe-transceive.js';
import { validateNegotiate } from './validate-negotiate.js';

/** By control code. One without a row is INVALID_DEVICE_REQUEST on whatever is open. */
export const fsctlHandlers: Readonly<Record<number, FsctlHandler>> = {
  // [MS-SMB2] 3.3.5.15.2: this server is in no DFS namespace.
  [Fsctl.DfsGetReferrals]: onNoFile(refused(NtStatus.FsDriverRequired)),
  [Fsctl.DfsGetReferralsEx]: onNoFile(refused(NtStatus.FsDriverRequired)),
  [Fsctl.PipeTransceive]: pipeTransceive,
  [Fsctl.QueryNetworkInterfaceInfo]: onNoFile(networkInterfaces),
  [Fsctl.ValidateNegotiateInfo]: onNoFile(validateNegotiate),
};
