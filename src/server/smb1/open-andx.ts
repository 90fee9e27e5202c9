import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateAction, ResourceType } from '#wire/smb1/command/nt-create-andx.js';
import {
  AccessMode,
  type OpenAndXRequest,
  OpenAndXResponse,
  OpenFlags,
  OpenResult,
  SharingMode,
} from '#wire/smb1/command/open-andx.js';
import { CreateDisposition, CreateOptions, ShareAccess } from '#wire/smb2/command/create.js';
import { create } from '../action/create.js';
import { nodeFacts } from '../action/facts.js';
import { dosPipeName, openPipe } from '../rpc/open-pipe.js';
import type { Smb1Context } from './context.js';
import { PIPE_STATUS } from './nt-create-andx.js';
import { dosAttributes, dosSize, utimeOf } from './times.js';
import { guestAccess } from './tree-connect-andx.js';

const EXTENDED_WORDS = 19;
const READ_WRITE = FileAccess.GenericRead | FileAccess.GenericWrite;

const ACCESS: Readonly<Record<number, number>> = {
  [AccessMode.Read]: FileAccess.GenericRead,
  [AccessMode.Write]: FileAccess.GenericWrite,
  [AccessMode.ReadWrite]: READ_WRITE >>> 0,
  [AccessMode.Execute]: (FileAccess.GenericRead | FileAccess.GenericExecute) >>> 0,
};

/** Compatibility mode is not enforced: its DOS meaning depends on processes of a single machine. */
const SHARING: Readonly<Record<number, number>> = {
  [SharingMode.Compatibility]: ShareAccess.Read | ShareAccess.Write,
  [SharingMode.DenyAll]: 0,
  [SharingMode.DenyWrite]: ShareAccess.Read,
  [SharingMode.DenyRead]: ShareAccess.Write,
  [SharingMode.DenyNone]: ShareAccess.Read | ShareAccess.Write,
  [SharingMode.Fcb]: ShareAccess.Read | ShareAccess.Write,
};

/** [MS-CIFS] 2.2.4.41.1 OpenMode: what to do depending on whether the file exists. */
const DISPOSITIONS: Readonly<Record<number, number>> = {
  1: CreateDisposition.Open,
  2: CreateDisposition.Overwrite,
  16: CreateDisposition.Create,
  17: CreateDisposition.OpenIf,
  18: CreateDisposition.OverwriteIf,
};
const OPEN_MODE = 0x13;

const RESULTS: Readonly<Record<number, number>> = {
  [CreateAction.Opened]: OpenResult.Opened,
  [CreateAction.Created]: OpenResult.Created,
  [CreateAction.Overwritten]: OpenResult.Truncated,
};

/** [MS-CIFS] 3.3.5.35: opens a file in the manner of DOS and OS/2. Oplocks are not granted. */
export async function openAndX(request: OpenAndXRequest, context: Smb1Context): Promise<OpenAndXResponse> {
  const { core, tree } = context;
  const mode = request.accessMode & 7;
  const desiredAccess = ACCESS[mode];
  const shareAccess = SHARING[(request.accessMode >> 4) & 7];
  // A file to be executed must exist, whatever the mode says.
  const otherwise = mode === AccessMode.Execute ? CreateDisposition.Open : undefined;
  const disposition = DISPOSITIONS[request.openMode & OPEN_MODE] ?? otherwise;
  if (desiredAccess === undefined || shareAccess === undefined || disposition === undefined) {
    throw new StatusError(NtStatus.AccessDenied);
  }
  const response = new OpenAndXResponse();
  if ((request.flags & OpenFlags.ExtendedResponse) !== 0) response.wordCount = EXTENDED_WORDS;
  response.accessRights = mode;
  if (tree.isPipe) {
    const open = openPipe(core, tree, dosPipeName(request.fileName), desiredAccess);
    context.opened(open);
    response.fid = open.id;
    response.resourceType = ResourceType.MessageModePipe;
    response.nmPipeStatus = PIPE_STATUS;
    response.openResults = OpenResult.Opened;
    return response;
  }
  const created = await create(core, tree, {
    patience: context.patience,
    name: context.path(request.fileName),
    desiredAccess,
    shareAccess,
    disposition,
    options: CreateOptions.NonDirectoryFile,
    attributes: request.fileAttrs,
  });
  context.opened(created.open);
  const facts = nodeFacts(created.info);
  response.fid = created.open.id;
  response.fileAttrs = dosAttributes(facts.attributes);
  response.lastWriteTime = utimeOf(facts.lastWriteTime);
  response.fileDataSize = dosSize(facts.size);
  response.openResults = RESULTS[created.action] ?? OpenResult.Opened;
  response.maximalAccessRights = created.maximalAccess;
  response.guestMaximalAccessRights = guestAccess(tree.share);
  return response;
}
