import { EMPTY } from '../../io/decoder.js';
import type { Layout, Wire } from '../../io/layout.js';
import { data, path, words } from '../block.js';

/** [MS-CIFS] 2.2.4.58.1 SMB_COM_SEARCH Request, 2.2.4.61.1 SMB_COM_FIND_CLOSE Request. */
export class SearchRequest implements Wire {
  maxCount = 0;
  searchAttributes = 0;
  fileName = '';
  /** Empty on the first request, then the 21 bytes of the last entry. */
  resumeKey: Uint8Array = EMPTY;

  layout(io: Layout): void {
    words(io, 2, () => {
      this.maxCount = io.u16('MaxCount', this.maxCount);
      this.searchAttributes = io.u16('SearchAttributes', this.searchAttributes);
    });
    data(io, () => {
      this.fileName = path(io, 'FileName', this.fileName);
      io.u8('BufferFormat2', 5);
      const slot = io.length16('ResumeKeyLength');
      this.resumeKey = io.bytesAt('ResumeKey', slot, this.resumeKey);
    });
  }
}

/** [MS-CIFS] 2.2.4.58.2 SMB_Directory_Information: one found file, 43 bytes. */
export class SearchEntry implements Wire {
  resumeKey: Uint8Array = new Uint8Array(21);
  fileAttributes = 0;
  lastWriteTime = 0;
  lastWriteDate = 0;
  fileSize = 0;
  /** 8.3 name in upper case, padded with NUL or spaces. */
  fileName: Uint8Array = new Uint8Array(13);

  layout(io: Layout): void {
    this.resumeKey = io.bytes('ResumeKey', 21, this.resumeKey);
    this.fileAttributes = io.u8('FileAttributes', this.fileAttributes);
    this.lastWriteTime = io.u16('LastWriteTime', this.lastWriteTime);
    this.lastWriteDate = io.u16('LastWriteDate', this.lastWriteDate);
    this.fileSize = io.u32('FileSize', this.fileSize);
    this.fileName = io.bytes('FileName', 13, this.fileName);
  }
}

/** [MS-CIFS] 2.2.4.58.2 SMB_COM_SEARCH Response. */
export class SearchResponse implements Wire {
  entries: SearchEntry[] = [];

  layout(io: Layout): void {
    let count = 0;
    words(io, 1, () => {
      count = io.u16('Count', this.entries.length);
    });
    data(io, () => {
      // The response to FIND_CLOSE has no entries, and from some servers no bytes at all.
      if (io.reading && io.left === 0) return;
      io.u8('BufferFormat', 5);
      io.u16('DataLength', this.entries.length * 43);
      this.entries = io.list('DirectoryInformationData', count, this.entries, () => new SearchEntry());
    });
  }
}
