import { isWritable, type NodeInfo, type WritableBackend } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes, SETTABLE_ATTRIBUTES } from '#wire/fscc/attributes.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import { CreateAction, CreateDisposition } from '#wire/smb2/command/create.js';
import type { DiskOpen } from '../../state/open.js';
import { baseName } from '../../volume.js';
import type { Creation } from './facts.js';
import { replaceEas } from './new-eas.js';

const HIDING = FileAttributes.Hidden | FileAttributes.System;

/** The read-only attribute does not restrict directories. */
export function isReadonly(info: NodeInfo): boolean {
  return info.kind !== 'directory' && (info.attributes & FileAttributes.Readonly) !== 0;
}

export function overwriteAction(disposition: number): number {
  return disposition === CreateDisposition.Supersede ? CreateAction.Superseded : CreateAction.Overwritten;
}

/** Overwrites a file: truncates it, removes its streams and sets the requested attributes ([MS-FSA] 2.1.5.1.2). */
export async function overwriteFile(creation: Creation, open: DiskOpen, info: NodeInfo): Promise<NodeInfo> {
  const { core, facts } = creation;
  const backend = writableOf(creation.backend);
  const { path } = open.claim;
  // A hidden or system file can only be overwritten with the same attributes; hidden by name does not count.
  const kept = open.tree.share.hides(baseName(path)) ? FileAttributes.System : HIDING;
  if ((info.attributes & kept & ~facts.attributes) !== 0) throw new StatusError(NtStatus.AccessDenied);
  core.notifier.expect(backend, path, 'modified');
  await backend.truncate(open.handle, 0);
  await removeStreams(backend, open.node);
  await replaceEas(facts, backend, open.node);
  const wanted = (facts.attributes & SETTABLE_ATTRIBUTES) | FileAttributes.Archive;
  const stays = facts.disposition === CreateDisposition.Supersede ? 0 : info.attributes & SETTABLE_ATTRIBUTES;
  await backend.setInfo(open.node, { attributes: wanted | stays });
  const now = await backend.stat(open.handle);
  const filter = CompletionFilter.Size | CompletionFilter.LastWrite | CompletionFilter.Attributes;
  core.notifier.publish(backend, path, FileAction.Modified, filter, open.claim);
  return now;
}

async function removeStreams(backend: WritableBackend<unknown>, node: unknown): Promise<void> {
  const { streams } = backend;
  if (streams === undefined) return;
  for (const { name } of await streams.list(node)) {
    const { handle } = await streams.open(node, name, { read: false, write: false });
    try {
      await streams.remove(handle);
    } finally {
      await backend.close(handle);
    }
  }
}

/** The back end, for writing; MediaWriteProtected if it is read-only. */
export function writableOf(backend: Creation['backend']): WritableBackend<unknown> {
  if (!isWritable(backend)) throw new StatusError(NtStatus.MediaWriteProtected);
  return backend;
}
