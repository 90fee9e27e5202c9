import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { OpenAccess } from '../backend.js';
import type { Chunks } from './chunks.js';
import type { MemoryNode, MemoryStream } from './node.js';

/** An open node, or named stream of one, of a back end in memory. */
export class MemoryHandle {
  readonly node: MemoryNode;
  readonly access: OpenAccess;
  readonly stream: MemoryStream | undefined;
  closed = false;

  constructor(node: MemoryNode, access: OpenAccess, stream?: MemoryStream) {
    this.node = node;
    this.access = access;
    this.stream = stream;
  }
}

export function opened(handle: MemoryHandle): MemoryNode {
  if (handle.closed) throw new StatusError(NtStatus.FileClosed);
  return handle.node;
}

/** What a handle reads and writes. */
export function contentOf(handle: MemoryHandle, allowed: boolean): Chunks {
  const node = opened(handle);
  if (node.kind === 'directory' && !handle.stream) throw new StatusError(NtStatus.FileIsADirectory);
  if (!allowed) throw new StatusError(NtStatus.AccessDenied);
  return handle.stream?.content ?? node.content;
}
