import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { SrvCopychunkCopy, SrvCopychunkResponse } from '#wire/fscc/fsctl/srv-copychunk.js';
import { Malformed } from '#wire/io/malformed.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { CopyLimits, copyChunks, requireCopyAccess, withinLimits } from '../../action/copy-chunks.js';
import { openOfKey } from '../../action/resume-key.js';
import type { ServerCore } from '../../core.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import { type FsctlAnswer, inputOf } from './fsctl.js';

/** Size of SRV_COPYCHUNK_COPY without chunks, and of SRV_COPYCHUNK_RESPONSE. */
const REQUEST_BYTES = 32;
const RESPONSE_BYTES = 12;

/** FSCTL_SRV_COPYCHUNK and FSCTL_SRV_COPYCHUNK_WRITE ([MS-SMB2] 3.3.5.15.6). */
export async function copychunk(target: DiskOpen, request: IoctlRequest, context: Smb2Context): Promise<FsctlAnswer> {
  const { core } = context;
  const { copy, whole } = copyOf(request);
  const source = openOfKey(target.tree.session, copy.sourceKey);
  if (request.maxOutputResponse < RESPONSE_BYTES) throw new StatusError(NtStatus.InvalidParameter);
  // [MS-SMB2] 3.3.5.15.6.2: the response states the limits.
  if (!whole || !withinLimits(copy.chunks)) {
    const { chunks, chunkBytes, totalBytes } = CopyLimits;
    return respond(core, NtStatus.InvalidParameter, [chunks, chunkBytes, totalBytes]);
  }
  requireCopyAccess(source, target, request.ctlCode === Fsctl.SrvCopychunk);
  const done = await source.work.hold(copyChunks(core, source, target, copy.chunks, context.request.signal));
  return respond(core, done.status, [done.chunksWritten, 0, done.totalBytesWritten]);
}

/** Decodes the request; `whole` is false if it has fewer chunks than announced. */
function copyOf(request: IoctlRequest): { readonly copy: SrvCopychunkCopy; readonly whole: boolean } {
  const copy = new SrvCopychunkCopy();
  try {
    return { copy: inputOf(request, copy), whole: true };
  } catch (error) {
    if (!(error instanceof Malformed) || request.input.length < REQUEST_BYTES) throw error;
    return { copy, whole: false };
  }
}

function respond(core: ServerCore, status: number, counts: readonly [number, number, number]): FsctlAnswer {
  const response = new SrvCopychunkResponse();
  [response.chunksWritten, response.chunkBytesWritten, response.totalBytesWritten] = counts;
  return { status, output: core.encoder.encode(response) };
}
