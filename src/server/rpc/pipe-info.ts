import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import type { FileFacts } from '#wire/fscc/file-facts.js';
import { FileInfoClass, fileInfoClasses } from '#wire/fscc/file-info/classes.js';
import { FilePipeInformation, PipeCompletionMode, PipeReadMode } from '#wire/fscc/file-info/pipe.js';
import { Decoder } from '#wire/io/decoder.js';
import { fitting, type InfoAnswer } from '../action/query-info.js';
import type { ServerCore } from '../core.js';
import { type PipeOpen, requireAccess } from '../state/open.js';

const MESSAGE_TYPE = 1;
const FULL_DUPLEX = 2;
const CONNECTED = 3;
const QUOTA = 4096;
const PIPE_INFORMATION_BYTES = 8;

/** Facts about a named pipe, for the file information classes. */
function pipeFacts(open: PipeOpen): FileFacts {
  return {
    id: BigInt(open.id),
    size: 0,
    allocationSize: QUOTA,
    attributes: FileAttributes.Normal,
    creationTime: 0n,
    lastAccessTime: 0n,
    lastWriteTime: 0n,
    changeTime: 0n,
    eaSize: 0,
    reparseTag: 0,
    shortName: '',
    directory: false,
    links: 1,
    deletePending: true,
    name: `\\${open.pipe.name}`,
    accessGranted: open.grantedAccess,
    mode: 0,
    position: 0,
    alignment: 0,
    volumeSerial: 0n,
    streams: [],
    pipe: {
      type: MESSAGE_TYPE,
      readMode: open.pipe.messageMode ? MESSAGE_TYPE : 0,
      completionMode: 0,
      configuration: FULL_DUPLEX,
      state: CONNECTED,
      serverEnd: false,
      maximumInstances: -1,
      currentInstances: 1,
      inboundQuota: QUOTA,
      readDataAvailable: open.pipe.available,
      outboundQuota: QUOTA,
      writeQuotaAvailable: QUOTA,
    },
  };
}

/** [MS-SMB2] 3.3.5.20.1 for named pipes. */
export function queryPipeInfo(core: ServerCore, open: PipeOpen, infoClass: number, room: number): InfoAnswer {
  const row = fileInfoClasses[infoClass];
  const info = row?.of?.(pipeFacts(open));
  if (row === undefined || info === undefined) throw new StatusError(NtStatus.InvalidInfoClass);
  if (room < row.size) throw new StatusError(NtStatus.InfoLengthMismatch);
  return fitting(core, info, room);
}

/** [MS-SMB2] 3.3.5.21.1 for named pipes: only the read mode can be changed. Our pipes never block. */
export function setPipeInfo(open: PipeOpen, infoClass: number, bytes: Uint8Array): void {
  if (infoClass !== FileInfoClass.Pipe) throw new StatusError(NtStatus.NotSupported);
  requireAccess(open, FileAccess.WriteAttributes);
  const info = new FilePipeInformation();
  if (bytes.length < PIPE_INFORMATION_BYTES) throw new StatusError(NtStatus.InfoLengthMismatch);
  info.layout(new Decoder().reset(bytes));
  if (info.readMode > PipeReadMode.Message || info.completionMode > PipeCompletionMode.Complete) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
  open.pipe.messageMode = info.readMode === PipeReadMode.Message;
}
