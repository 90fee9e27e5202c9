import { FileAccess } from '#wire/dtyp/access-mask.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileEndOfFileInformation } from '#wire/fscc/file-info/end-of-file.js';
import { type WriteRequest, WriteResponse } from '#wire/smb1/command/write.js';
import { type WriteAndXRequest, WriteAndXResponse, WriteMode } from '#wire/smb1/command/write-andx.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import { applyFileInfo } from '../action/set-info.js';
import { write } from '../action/write.js';
import { requireAccess } from '../state/open.js';
import type { Smb1Context } from './context.js';

const RAW_START = WriteMode.RawMode | WriteMode.MsgStart;
/** Size of the length prefix of the first write of a message in raw mode. */
const MESSAGE_LENGTH = 2;

/** [MS-CIFS] 3.3.5.37, [MS-SMB] 2.2.4.3. */
export async function writeAndX(request: WriteAndXRequest, context: Smb1Context): Promise<WriteAndXResponse> {
  const open = context.open(request.fid);
  const { data, writeMode, offset } = request;
  const response = new WriteAndXResponse();
  response.count = data.length;
  if (open.kind === 'pipe') {
    open.pipe.write((writeMode & RAW_START) === RAW_START ? data.subarray(MESSAGE_LENGTH) : data);
    return response;
  }
  const through = (writeMode & WriteMode.WritethroughMode) !== 0 || (open.options & CreateOptions.WriteThrough) !== 0;
  await write(context.core, open, data, offset, through, context.request.header.pid);
  return response;
}

/** [MS-CIFS] 3.3.5.14 SMB_COM_WRITE: a write of zero bytes truncates the file at that offset. */
export async function writeCore(request: WriteRequest, context: Smb1Context): Promise<WriteResponse> {
  const { core } = context;
  const open = context.open(request.fid);
  const response = new WriteResponse();
  if (open.kind === 'pipe') {
    open.pipe.write(request.data);
  } else if (request.data.length === 0) {
    requireAccess(open, FileAccess.WriteData);
    const end = Object.assign(new FileEndOfFileInformation(), { endOfFile: request.writeOffsetInBytes });
    await applyFileInfo(core, open, FileInfoClass.EndOfFile, end);
  } else {
    await write(core, open, request.data, request.writeOffsetInBytes, false, context.request.header.pid);
  }
  response.countOfBytesWritten = request.data.length;
  return response;
}
