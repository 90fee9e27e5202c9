import type { Ea } from '#fs/capabilities.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { canonicalDosPath } from '#wire/fscc/file-name.js';
import {
  CreateAction,
  type NtCreateAndXRequest,
  NtCreateAndXResponse,
  NtCreateFlags,
  ResourceType,
} from '#wire/smb1/command/nt-create-andx.js';
import { PipeStatus } from '#wire/smb1/trans/nmpipe.js';
import { create } from '../action/create.js';
import { nodeFacts } from '../action/facts.js';
import { ntPipeName, openPipe } from '../rpc/open-pipe.js';
import type { DiskOpen } from '../state/open.js';
import type { Smb1Context } from './context.js';
import { guestAccess } from './tree-connect-andx.js';

/**
 * Rather than 50: a client that relies on the count finds ByteCount where FileId would be, so that is left 0, as
 * Windows may do.
 */
const EXTENDED_WORDS = 42;
const PIPE_ATTRIBUTES = 0x80;
/** [MS-SMB] 2.2.4.9.2 FileStatusFlags: features the file certainly does not have. */
const FileStatus = { NoEas: 1, NoSubstreams: 2, NoReparseTag: 4 } as const;
/** New opens of a pipe are in message mode. */
export const PIPE_STATUS: number = PipeStatus.ours(true);

/** [MS-CIFS] 3.3.5.51, [MS-SMB] 2.2.4.9. Oplocks are not granted. */
export function ntCreateAndX(request: NtCreateAndXRequest, context: Smb1Context): Promise<NtCreateAndXResponse> {
  return createFor(request, context, {});
}

/** Additional parameters of NT_TRANSACT_CREATE for a new file. */
export interface NewFacts {
  readonly securityDescriptor?: Uint8Array;
  readonly eas?: readonly Ea[];
}

/** Opens or creates. */
export async function createFor(
  request: NtCreateAndXRequest,
  context: Smb1Context,
  facts: NewFacts,
): Promise<NtCreateAndXResponse> {
  const { core, tree } = context;
  if ((request.flags & NtCreateFlags.OpenTargetDir) !== 0) throw new StatusError(NtStatus.NotSupported);
  const response = new NtCreateAndXResponse();
  if ((request.flags & NtCreateFlags.RequestExtendedResponse) !== 0) response.wordCount = EXTENDED_WORDS;
  if (tree.isPipe) {
    const open = openPipe(core, tree, ntPipeName(request.fileName), request.desiredAccess);
    context.opened(open);
    response.fid = open.id;
    response.createDisposition = CreateAction.Opened;
    response.extFileAttributes = PIPE_ATTRIBUTES;
    response.resourceType = ResourceType.MessageModePipe;
    response.nmPipeStatusOrFileStatusFlags = PIPE_STATUS;
    response.maximalAccessRights = open.grantedAccess;
    return response;
  }
  const created = await create(core, tree, {
    patience: context.patience,
    name: nameOf(request, context),
    desiredAccess: request.desiredAccess,
    shareAccess: request.shareAccess,
    disposition: request.createDisposition,
    options: request.createOptions,
    attributes: request.extFileAttributes,
    wantsMaximalAccess: response.wordCount === EXTENDED_WORDS,
    ...facts,
  });
  context.opened(created.open);
  const node = nodeFacts(created.info);
  response.fid = created.open.id;
  response.createDisposition = created.action;
  response.createTime = node.creationTime;
  response.lastAccessTime = node.lastAccessTime;
  response.lastWriteTime = node.lastWriteTime;
  response.lastChangeTime = node.changeTime;
  response.extFileAttributes = node.attributes;
  response.allocationSize = node.allocationSize;
  response.endOfFile = node.size;
  response.nmPipeStatusOrFileStatusFlags = fileStatus(created.open);
  response.directory = Number(created.open.isDirectory);
  response.maximalAccessRights = created.maximalAccess;
  response.guestMaximalAccessRights = guestAccess(tree.share);
  return response;
}

function fileStatus({ backend, tree }: DiskOpen): number {
  return (
    (backend.eas ? 0 : FileStatus.NoEas) |
    (tree.share.streamsOf(backend) ? 0 : FileStatus.NoSubstreams) |
    (backend.links ? 0 : FileStatus.NoReparseTag)
  );
}

/** The path, optionally relative to an open directory. */
function nameOf({ rootDirectoryFid, fileName }: NtCreateAndXRequest, context: Smb1Context): string {
  if (rootDirectoryFid === 0) return context.path(fileName);
  const root = context.diskOpen(rootDirectoryFid);
  if (!root.isDirectory) throw new StatusError(NtStatus.InvalidParameter);
  return canonicalDosPath(`${root.claim.path}\\${canonicalDosPath(fileName)}`);
}
