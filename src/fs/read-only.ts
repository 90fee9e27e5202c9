import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ReadableBackend } from './backend.js';

/** The same tree without the methods that write; opening for writing is MediaWriteProtected. */
export function readOnly<H>(backend: ReadableBackend<H>): ReadableBackend<H> {
  const { space, findName, watch } = backend;
  return {
    volume: backend.volume,
    open(path, access) {
      if (access.write) throw new StatusError(NtStatus.MediaWriteProtected, { path });
      return backend.open(path, access);
    },
    close: (handle) => backend.close(handle),
    stat: (handle) => backend.stat(handle),
    read: (handle, into, offset) => backend.read(handle, into, offset),
    list: (handle) => backend.list(handle),
    ...(space && { space: space.bind(backend) }),
    ...(findName && { findName: findName.bind(backend) }),
    ...(watch && { watch: watch.bind(backend) }),
  };
}
