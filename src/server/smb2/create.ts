import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import {
  CreateAction,
  type CreateRequest,
  CreateResponse,
  ImpersonationLevel,
  OplockLevel,
} from '#wire/smb2/command/create.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { takeOver } from '../action/app-instance.js';
import { type Created, type CreateFacts, create as createDisk } from '../action/create.js';
import { reconnect } from '../action/durable.js';
import { allocationOf, nodeFacts } from '../action/facts.js';
import { openPipe } from '../rpc/open-pipe.js';
import { ChannelSequence } from '../state/channel-sequence.js';
import type { Open } from '../state/open.js';
import { cachingOf, grantedLevel, parentKeyOf } from './caching.js';
import { fileIdOf, type Smb2Context } from './context.js';
import { answerContexts, wishesOf } from './create-contexts.js';
import { createOnce } from './create-once.js';
import { appOf, durableOf } from './durable.js';
import { patienceOf } from './patience.js';

/** [MS-SMB2] 2.2.13.2: minimum length in bytes of a create context name. */
const SHORTEST_TAG = 4;

/** [MS-SMB2] 3.3.5.9. */
export async function create(request: CreateRequest, context: Smb2Context): Promise<CreateResponse | undefined> {
  const { core, tree, connection } = context;
  if (request.createContexts.some(({ name }) => name.length < SHORTEST_TAG))
    throw new StatusError(NtStatus.InvalidParameter);
  const { wish, reconnection } = durableOf(request, context);
  if (reconnection && !tree.isPipe) {
    const created = await reconnect(core, tree, reconnection, factsOf(request, context));
    created.open.channelSequence?.resume(context.request.header.channelSequence);
    return answer(request, context, created);
  }
  if (!tree.isPipe && request.name.startsWith('\\')) throw new StatusError(NtStatus.InvalidParameter);
  if (request.impersonationLevel > ImpersonationLevel.Delegate) throw new StatusError(NtStatus.BadImpersonationLevel);
  if (tree.isPipe) return openNamedPipe(request, context);
  const facts = factsOf(request, context);
  const app = appOf(request, context);
  const make = async (how: CreateFacts): Promise<Created> => {
    if (app === undefined) return createDisk(core, tree, how);
    await takeOver(core, tree, how, app, connection.dialect);
    const created = await createDisk(core, tree, how);
    core.apps.add(created.open, app);
    return created;
  };
  const created = await (wish ? createOnce(request, context, wish, facts, make) : make(facts));
  const response = answer(request, context, created);
  if (created.open.answered === undefined) return response;
  // The CREATE response must precede break notifications, or the client would not know the open they refer to.
  context.request.respond(NtStatus.Success, response);
  created.open.answered();
  return undefined;
}

function factsOf(request: CreateRequest, context: Smb2Context): CreateFacts {
  return {
    // Names cannot contain slashes; Samba's clients use them as separators, and Samba accepts that.
    name: request.name.replaceAll('/', '\\'),
    desiredAccess: request.desiredAccess,
    shareAccess: request.shareAccess,
    disposition: request.createDisposition,
    options: request.createOptions,
    attributes: request.fileAttributes,
    ...wishesOf(request),
    caching: cachingOf(request, context),
    parentKey: parentKeyOf(request, context),
    patience: patienceOf(context.request),
  };
}

function openNamedPipe(request: CreateRequest, context: Smb2Context): CreateResponse {
  const open = openPipe(context.core, context.tree, request.name, request.desiredAccess);
  const response = new CreateResponse();
  response.oplockLevel = OplockLevel.None;
  response.createAction = CreateAction.Opened;
  response.fileAttributes = FileAttributes.Normal;
  response.fileId = context.request.fileId = fileIdOf(open);
  beginSequence(open, context);
  return response;
}

/** [MS-SMB2] 3.3.5.9: later requests on the open are sequenced relative to this one. */
function beginSequence(open: Open, { connection, request }: Smb2Context): void {
  if (connection.dialect >= Dialect.Smb300)
    open.channelSequence ??= new ChannelSequence(request.header.channelSequence);
}

function answer(request: CreateRequest, context: Smb2Context, created: Created): CreateResponse {
  const response = new CreateResponse();
  const facts = nodeFacts(created.info, '', created.open.claim.stream !== '');
  response.createAction = created.action;
  response.creationTime = facts.creationTime;
  response.lastAccessTime = facts.lastAccessTime;
  response.lastWriteTime = facts.lastWriteTime;
  response.changeTime = facts.changeTime;
  response.allocationSize = allocationOf(created.open, facts.allocationSize);
  response.endofFile = facts.size;
  response.fileAttributes = facts.attributes;
  response.fileId = context.request.fileId = fileIdOf(created.open);
  beginSequence(created.open, context);
  response.oplockLevel = created.level ?? grantedLevel(created.open.claim.holder);
  response.createContexts = answerContexts(request, created);
  return response;
}
