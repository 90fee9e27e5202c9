import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type CreateRequest, CreateResponse, ImpersonationLevel, OplockLevel } from '#wire/smb2/command/create.js';
import { create as createDisk } from '../action/create.js';
import { allocationOf, nodeFacts } from '../action/facts.js';
import { openPipe } from '../rpc/open-pipe.js';
import { cachingOf, grantedLevel } from './caching.js';
import { fileIdOf, type Smb2Context } from './context.js';
import { answerContexts, wishesOf } from './create-contexts.js';
import { patienceOf } from './patience.js';

/** [MS-SMB2] 2.2.13.2: the name of a create context has so many bytes. */
const SHORTEST_TAG = 4;

/** [MS-SMB2] 3.3.5.9. */
export async function create(request: CreateRequest, context: Smb2Context): Promise<CreateResponse> {
  const { core, tree } = context;
  if (!tree.isPipe && request.name.startsWith('\\')) throw new StatusError(NtStatus.InvalidParameter);
  if (request.impersonationLevel > ImpersonationLevel.Delegate) throw new StatusError(NtStatus.BadImpersonationLevel);
  if (request.createContexts.some(({ name }) => name.length < SHORTEST_TAG))
    throw new StatusError(NtStatus.InvalidParameter);
  const response = new CreateResponse();
  response.oplockLevel = OplockLevel.None;
  if (tree.isPipe) {
    const open = openPipe(core, tree, request.name, request.desiredAccess);
    response.createAction = 1;
    response.fileAttributes = 0x80;
    response.fileId = context.request.fileId = fileIdOf(open);
    return response;
  }
  const created = await createDisk(core, tree, {
    // No name can have a slash in it; Samba's clients send it for a separator, as Samba takes it.
    name: request.name.replaceAll('/', '\\'),
    desiredAccess: request.desiredAccess,
    shareAccess: request.shareAccess,
    disposition: request.createDisposition,
    options: request.createOptions,
    attributes: request.fileAttributes,
    ...wishesOf(request),
    caching: cachingOf(request, context),
    patience: patienceOf(context.request),
  });
  const facts = nodeFacts(created.info, '', created.open.stream !== '');
  response.createAction = created.action;
  response.creationTime = facts.creationTime;
  response.lastAccessTime = facts.lastAccessTime;
  response.lastWriteTime = facts.lastWriteTime;
  response.changeTime = facts.changeTime;
  response.allocationSize = allocationOf(created.open, facts.allocationSize);
  response.endofFile = facts.size;
  response.fileAttributes = facts.attributes;
  response.fileId = context.request.fileId = fileIdOf(created.open);
  response.oplockLevel = grantedLevel(created.open.claim.holder);
  response.createContexts = answerContexts(request, created);
  return response;
}
