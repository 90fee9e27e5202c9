import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Compression, CompressionState } from '#wire/fscc/fsctl/compression.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { type DiskOpen, requireAccess } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import { DONE, type FsctlAnswer, inputOf } from './fsctl.js';

const STATE_BYTES = 2;

/** FSCTL_GET_COMPRESSION ([MS-FSCC] 2.3.17): nothing is compressed, as on ReFS. */
export function getCompression(open: DiskOpen, request: IoctlRequest, { core }: Smb2Context): FsctlAnswer {
  open.tree.require('read');
  if (request.maxOutputResponse < STATE_BYTES) throw new StatusError(NtStatus.InvalidUserBuffer);
  return { output: core.encoder.encode(new Compression()) };
}

/** FSCTL_SET_COMPRESSION ([MS-FSCC] 2.3.67): only accepts "not compressed". */
export function setCompression(open: DiskOpen, request: IoctlRequest): FsctlAnswer {
  requireAccess(open, FileAccess.WriteData);
  open.tree.require('write');
  const { compressionState } = inputOf(request, new Compression());
  if (compressionState > CompressionState.Lznt1) throw new StatusError(NtStatus.InvalidParameter);
  if (compressionState !== CompressionState.None) throw new StatusError(NtStatus.NotSupported);
  return DONE;
}
