import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { OpenAccess } from '../backend.js';
import type { Chunks } from './chunks.js';
import type { Entry, MemoryNode, MemoryStream } from './node.js';

/** An open node, or named stream of one, of an in-memory back end. */
export class MemoryHandle {
  readonly node: MemoryNode;
  /** The name that it was opened by: the symlink's, if it was opened through one. */
  readonly entry: Entry;
  readonly access: OpenAccess;
  readonly stream: MemoryStream | undefined;
  closed = false;

  constructor(node: MemoryNode, entry: Entry, access: OpenAccess, stream?: MemoryStream) {
    this.node = node;
    this.entry = entry;
    this.access = access;
    this.stream = stream;
  }
}

export function opened(handle: MemoryHandle): MemoryNode {
  if (handle.closed) throw new StatusError(NtStatus.FileClosed);
  return handle.node;
}

/** The content that a handle reads and writes. */
export function contentOf(handle: MemoryHandle, allowed: boolean): Chunks {
  const node = opened(handle);
  if (node.kind === 'directory' && !handle.stream) throw new StatusError(NtStatus.FileIsADirectory);
  if (!allowed || node.kind === 'symlink') throw new StatusError(NtStatus.AccessDenied);
  return handle.stream?.content ?? node.content;
}
