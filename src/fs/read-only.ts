import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { OpenAccess, ReadableBackend } from './backend.js';
import type { Descriptors, ExtendedAttributes, Extents, Links, Streams } from './capabilities.js';

/**
 * The same tree without the methods that write. Opening for writing is MediaWriteProtected, and so are the writing
 * methods of the capabilities.
 */
export function readOnly<H>(backend: ReadableBackend<H>): ReadableBackend<H> {
  const { space, findName, watch, pathOf, streams, eas, descriptors, extents, links, locks, snapshots } = backend;
  return {
    volume: backend.volume,
    open(path, access) {
      demandReading(access, path);
      return backend.open(path, access);
    },
    close: (handle) => backend.close(handle),
    stat: (handle) => backend.stat(handle),
    read: (handle, into, offset) => backend.read(handle, into, offset),
    list: (handle) => backend.list(handle),
    ...(space && { space: space.bind(backend) }),
    ...(findName && { findName: findName.bind(backend) }),
    ...(watch && { watch: watch.bind(backend) }),
    ...(pathOf && { pathOf: pathOf.bind(backend) }),
    ...(streams && { streams: readableStreams(streams) }),
    ...(eas && { eas: readableEas(eas) }),
    ...(descriptors && { descriptors: readableDescriptors(descriptors) }),
    ...(extents && { extents: readableExtents(extents) }),
    ...(links && { links: readableLinks(links) }),
    ...(locks && { locks }),
    ...(snapshots && { snapshots }),
  };
}

function readableStreams<H>(streams: Streams<H>): Streams<H> {
  return {
    open(node, name, access) {
      demandReading(access);
      return streams.open(node, name, access);
    },
    list: (node) => streams.list(node),
    create: refuse,
    remove: refuse,
    rename: refuse,
  };
}

function readableEas<H>(eas: ExtendedAttributes<H>): ExtendedAttributes<H> {
  return { list: (node) => eas.list(node), set: refuse };
}

function readableDescriptors<H>(descriptors: Descriptors<H>): Descriptors<H> {
  return { get: (node) => descriptors.get(node), set: refuse };
}

function readableExtents<H>(extents: Extents<H>): Extents<H> {
  return { allocated: (handle, range, limit) => extents.allocated(handle, range, limit), zero: refuse };
}

function readableLinks<H>(links: Links<H>): Links<H> {
  return { target: (link) => links.target(link), make: refuse };
}

function demandReading(access: OpenAccess, path?: string): void {
  if (access.write) throw new StatusError(NtStatus.MediaWriteProtected, path === undefined ? {} : { path });
}

function refuse(): never {
  throw new StatusError(NtStatus.MediaWriteProtected);
}
