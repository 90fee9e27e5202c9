import type { Volume } from '#fs/backend.js';
import { type Guid, readGuid } from '#wire/dtyp/guid.js';
import { FileObjectIdBuffer } from '#wire/fscc/fsctl/object-id.js';
import type { DiskOpen } from '../state/open.js';

/** Object id of a volume: constant for the lifetime of the volume. */
export function volumeObjectId(volume: Volume): Guid {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, volume.serial, true);
  view.setBigUint64(8, volume.creationTime, true);
  return readGuid(bytes);
}

/**
 * Object id of an open ([MS-FSA] 2.1.5.10.2). Derived from the node's number, so every node has one from the start and
 * it cannot be changed.
 */
export async function objectIdOf(open: DiskOpen): Promise<FileObjectIdBuffer> {
  open.tree.require('read');
  const { volume } = open.backend;
  const { id } = await open.backend.stat(open.handle);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt.asUintN(64, id), true);
  view.setUint32(8, volume.serial, true);
  const answer = new FileObjectIdBuffer();
  answer.objectId = answer.birthObjectId = readGuid(bytes);
  answer.birthVolumeId = volumeObjectId(volume);
  return answer;
}
