import type { Claim } from '#coord/opens.js';
import type { Backend, Opened } from '#fs/backend.js';
import type { Ea } from '#fs/capabilities.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes, SETTABLE_ATTRIBUTES } from '#wire/fscc/attributes.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import { CreateAction, CreateOptions } from '#wire/smb2/command/create.js';
import { decideNewAccess, type NewAccess } from '../../access/decide-new.js';
import { claimAndEnter, orClose, requireFreeLease } from './claim.js';
import { type Created, type Creation, creates, wishOf } from './facts.js';
import { isStatus, notFound } from './locate.js';
import { writableOf } from './overwrite.js';

/** Where a new node will be created. */
export interface Place {
  readonly path: string;
  /** Path of the directory. */
  readonly parent: string;
}

/** Creates a file or directory ([MS-FSA] 2.1.5.1.1); undefined if somebody else created it first. */
export async function createNew(creation: Creation, place: Place): Promise<Created | undefined> {
  const { backend } = creation;
  const { path } = place;
  const access = await accessToNew(creation, place);
  await requireFreeLease(creation);
  const opened = await makeNode(creation, place, access);
  if (opened === undefined) return undefined;
  const { handle, info } = opened;
  const isDirectory = info.kind === 'directory';
  const handles = { path, node: handle, data: handle, file: info.id, isDirectory };
  const entering = orRemove(creation, handle, claimAndEnter(creation, handles, access.granted));
  const { open } = await orClose(backend, handle, entering);
  publishNew(creation, path, isDirectory, open.claim);
  return { open, action: CreateAction.Created, info, maximalAccess: access.maximal };
}

/** Removes a new file that its creator could not open, unless that is because others already have it open. */
async function orRemove<T>({ backend }: Creation, handle: unknown, entering: Promise<T>): Promise<T> {
  try {
    return await entering;
  } catch (error) {
    const others = isStatus(error, NtStatus.SharingViolation) || isStatus(error, NtStatus.DeletePending);
    if (!others && error instanceof StatusError) await writableOf(backend).remove(handle);
    throw error;
  }
}

/** The access granted on a node yet to be created; throws if it must not be created. */
export async function accessToNew(creation: Creation, { parent }: Place): Promise<NewAccess> {
  const { core, tree, backend, facts, target } = creation;
  if (!creates(facts.disposition)) throw await notFound(backend, parent);
  const directory = target.kind === 'directory';
  const deletes = (facts.options & CreateOptions.DeleteOnClose) !== 0;
  if (directory && (facts.attributes & FileAttributes.Temporary) !== 0)
    throw new StatusError(NtStatus.InvalidParameter);
  if ((facts.attributes & FileAttributes.Encrypted) !== 0) throw new StatusError(NtStatus.AccessDenied);
  tree.require('write');
  writableOf(backend);
  tree.session.requireRoom();
  const node = { backend, parent, directory, descriptor: facts.securityDescriptor };
  const access = await decideNewAccess(core, tree, node, wishOf(facts, facts.desiredAccess));
  // [MS-FSA] 2.1.5.1.1: a new read-only file cannot be opened for delete-on-close.
  const readonly = (facts.attributes & FileAttributes.Readonly) !== 0 && !directory;
  if (readonly && deletes && tree.share.options.deleteReadOnly !== true) throw new StatusError(NtStatus.CannotDelete);
  if (deletes && (access.granted & FileAccess.Delete) === 0) throw new StatusError(NtStatus.AccessDenied);
  return access;
}

/** Creates the node on the medium; undefined if the name has been taken in the meantime. */
export async function makeNode(
  { core, backend, facts, target }: Creation,
  { path }: Place,
  { descriptor }: NewAccess,
): Promise<Opened<unknown> | undefined> {
  const directory = target.kind === 'directory';
  // The attributes of a CREATE for a stream apply to its file.
  const kept = (facts.attributes & SETTABLE_ATTRIBUTES) | (directory ? 0 : FileAttributes.Archive);
  let made: Opened<unknown>;
  try {
    core.notifier.expect(backend, path, 'added');
    const making = writableOf(backend).create(path, directory ? 'directory' : 'file', kept);
    // With a synchronous medium, nobody can see the node before its descriptor is set.
    made = making instanceof Promise ? await making : making;
  } catch (error) {
    if (isStatus(error, NtStatus.ObjectNameCollision)) return undefined;
    throw error;
  }
  const eas = facts.eas ?? [];
  return descriptor === undefined && eas.length === 0 ? made : equip(backend, made, descriptor, eas);
}

/** Sets descriptor and extended attributes of a new node; removes the node if that fails. */
async function equip(
  backend: Backend,
  { handle }: Opened<unknown>,
  descriptor: Uint8Array | undefined,
  eas: readonly Ea[],
): Promise<Opened<unknown>> {
  try {
    if (descriptor !== undefined) await backend.descriptors?.set(handle, descriptor);
    if (eas.length > 0) await backend.eas?.set(handle, eas);
    return { handle, info: await backend.stat(handle) };
  } catch (error) {
    try {
      await writableOf(backend).remove(handle);
    } finally {
      await backend.close(handle);
    }
    throw error;
  }
}

export function publishNew(
  { core, backend }: Creation,
  path: string,
  isDirectory: boolean,
  by: Pick<Claim, 'parentKey'>,
): void {
  const filter = isDirectory ? CompletionFilter.DirName : CompletionFilter.FileName;
  core.notifier.publish(backend, path, FileAction.Added, filter, by);
}
