import type { Layout, Wire } from '../../io/layout.js';
import type { FileFacts } from '../file-facts.js';
import { fileId128 } from '../file-id-128.js';

/** [MS-FSCC] 2.4.25 FileIdInformation. */
export class FileIdInformation implements Wire {
  volumeSerialNumber = 0n;
  /** 128 bits. */
  fileId = 0n;

  static of(facts: FileFacts): FileIdInformation {
    const info = new FileIdInformation();
    info.volumeSerialNumber = facts.volumeSerial;
    info.fileId = facts.id;
    return info;
  }

  layout(io: Layout): void {
    this.volumeSerialNumber = io.x64('VolumeSerialNumber', this.volumeSerialNumber);
    this.fileId = fileId128(io, 'FileId', this.fileId);
  }
}
