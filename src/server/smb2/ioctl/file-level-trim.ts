import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileLevelTrimRequest, FileLevelTrimResponse } from '#wire/fscc/fsctl/file-level-trim.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { trim } from '../../action/sparse.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import { type FsctlAnswer, inputOf } from './fsctl.js';

const RESPONSE_BYTES = 4;

/** FSCTL_FILE_LEVEL_TRIM ([MS-FSCC] 2.3.13). */
export async function fileLevelTrim(open: DiskOpen, request: IoctlRequest, context: Smb2Context): Promise<FsctlAnswer> {
  const { ranges } = inputOf(request, new FileLevelTrimRequest());
  if (request.maxOutputResponse < RESPONSE_BYTES) throw new StatusError(NtStatus.BufferTooSmall);
  const response = new FileLevelTrimResponse();
  response.numRangesProcessed = await trim(context.core, open, ranges, context.request.signal);
  return { output: context.core.encoder.encode(response) };
}
