import { isWritable, type NodeInfo, type Opened } from '#fs/backend.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import { CreateAction, CreateDisposition } from '#wire/smb2/command/create.js';
import type { Access } from '../../access/decide.js';
import { dataAccess } from './check.js';
import { claimAndEnter, complete, type Handles, orClose, requireFreeLease } from './claim.js';
import { accessTo } from './existing.js';
import { type Created, type Creation, creates, overwrites } from './facts.js';
import { isMissing, isStatus } from './locate.js';
import { accessToNew, makeNode, type Place, publishNew } from './make.js';
import { isReadonly, overwriteAction, writableOf } from './overwrite.js';

/** Opens or creates a named stream of an existing node; closes the node's handle on failure. */
export async function openStreamOf(
  creation: Creation,
  path: string,
  node: Opened<unknown>,
): Promise<Created | undefined> {
  const access = await orClose(creation.backend, node.handle, accessTo(creation, path, node));
  return openStream(creation, path, node, access);
}

/** Creates a file to hold a new stream; undefined if somebody else created it first. */
export async function createForStream(creation: Creation, place: Place): Promise<Created | undefined> {
  const access = await accessToNew(creation, place);
  await requireFreeLease(creation);
  const node = await makeNode(creation, place, access);
  if (node === undefined) return undefined;
  publishNew(creation, place.path, false, { parentKey: creation.facts.parentKey });
  return openStream(creation, place.path, node, access);
}

async function openStream(
  creation: Creation,
  path: string,
  node: Opened<unknown>,
  access: Access,
): Promise<Created | undefined> {
  const { backend, facts, target } = creation;
  const stream = await orClose(backend, node.handle, streamOf(creation, path, node));
  if (stream === undefined) {
    await backend.close(node.handle);
    return undefined;
  }
  const { opened, isNew } = stream;
  const isDirectory = node.info.kind === 'directory';
  const handles: Handles = { path, node: node.handle, data: opened.handle, file: node.info.id, isDirectory };
  const entering = orClose(backend, opened.handle, claimAndEnter(creation, handles, access.granted));
  const { open } = await orClose(backend, node.handle, entering);
  const done = { open, maximalAccess: access.maximal };
  if (isNew) {
    publishStream(creation, path, target.stream);
    return { ...done, action: CreateAction.Created, info: opened.info };
  }
  if (!overwrites(facts.disposition)) return { ...done, action: CreateAction.Opened, info: opened.info };
  const info = await complete(creation, open, emptyStream(creation, path, opened.handle));
  return { ...done, action: overwriteAction(facts.disposition), info };
}

/** Opens the stream, or creates it; undefined if somebody else created it first. */
async function streamOf(
  creation: Creation,
  path: string,
  node: Opened<unknown>,
): Promise<{ opened: Opened<unknown>; isNew: boolean } | undefined> {
  const found = await existingStream(creation, node);
  if (found !== undefined) return { opened: found, isNew: false };
  const made = await newStream(creation, path, node);
  return made && { opened: made, isNew: true };
}

async function existingStream(
  { tree, backend, facts, target }: Creation,
  node: Opened<unknown>,
): Promise<Opened<unknown> | undefined> {
  try {
    const opened = await backend.streams?.open(
      node.handle,
      target.stream,
      dataAccess(facts, isWritable(backend) ? tree.right : 'read'),
    );
    if (opened === undefined) return undefined;
    if (facts.disposition !== CreateDisposition.Create) return opened;
    await backend.close(opened.handle);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  throw new StatusError(NtStatus.ObjectNameCollision);
}

async function newStream(
  creation: Creation,
  path: string,
  node: Opened<unknown>,
): Promise<Opened<unknown> | undefined> {
  const { core, tree, backend, facts, target } = creation;
  const { handle, info } = node;
  if (!creates(facts.disposition)) throw new StatusError(NtStatus.ObjectNameNotFound);
  tree.require('write');
  if (isReadonly(info)) throw new StatusError(NtStatus.AccessDenied);
  // Adding a stream changes the file's content, whatever access to the stream is requested.
  await accessTo(creation, path, node, FileAccess.WriteData);
  tree.session.requireRoom();
  core.notifier.expect(backend, path, 'modified');
  try {
    return await writableOf(backend).streams?.create(handle, target.stream);
  } catch (error) {
    if (isStatus(error, NtStatus.ObjectNameCollision)) return undefined;
    throw error;
  }
}

async function emptyStream({ core, backend }: Creation, path: string, stream: unknown): Promise<NodeInfo> {
  const writable = writableOf(backend);
  core.notifier.expect(backend, path, 'modified');
  await writable.truncate(stream, 0);
  const { attributes } = await backend.stat(stream);
  await writable.setInfo(stream, { attributes: attributes | FileAttributes.Archive });
  core.notifier.done(backend, path);
  return backend.stat(stream);
}

function publishStream({ core, backend }: Creation, path: string, stream: string): void {
  core.notifier.publish(backend, `${path}:${stream}`, FileAction.AddedStream, CompletionFilter.StreamName);
}
