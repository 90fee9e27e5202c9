import { FileAllInformation } from '#wire/fscc/file-info/all.js';
import { unpacked } from '../packing.js';
import type { NodeInfo } from '../protocol.js';

/** Decodes FileAllInformation. */
export function allInfo(bytes: Uint8Array): NodeInfo {
  const all = unpacked(new FileAllInformation(), bytes);
  const { basicInformation: basic, standardInformation: standard } = all;
  return {
    size: standard.endOfFile,
    allocationSize: standard.allocationSize,
    attributes: basic.fileAttributes,
    creationTime: basic.creationTime,
    lastAccessTime: basic.lastAccessTime,
    lastWriteTime: basic.lastWriteTime,
    changeTime: basic.changeTime,
    id: all.internalInformation.indexNumber,
    links: standard.numberOfLinks,
    place: all.nameInformation.fileName,
  };
}
