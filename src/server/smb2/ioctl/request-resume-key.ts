import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { SrvRequestResumeKeyResponse } from '#wire/fscc/fsctl/srv-request-resume-key.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { resumeKey } from '../../action/resume-key.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import type { FsctlAnswer } from './fsctl.js';

const RESPONSE_BYTES = 32;

/** FSCTL_SRV_REQUEST_RESUME_KEY ([MS-SMB2] 3.3.5.15.5). */
export function requestResumeKey(open: DiskOpen, request: IoctlRequest, { core }: Smb2Context): FsctlAnswer {
  if (request.maxOutputResponse < RESPONSE_BYTES) throw new StatusError(NtStatus.InvalidParameter);
  const response = new SrvRequestResumeKeyResponse();
  response.resumeKey = resumeKey(core, open);
  return { output: core.encoder.encode(response) };
}
