import type { Layout, Wire } from '../../io/layout.js';
import type { NameTable } from '../../io/names.js';

const flagNames: NameTable = {
  1: 'FILE_VC_QUOTA_TRACK',
  2: 'FILE_VC_QUOTA_ENFORCE',
  8: 'FILE_VC_CONTENT_INDEX_DISABLED',
  16: 'FILE_VC_LOG_QUOTA_THRESHOLD',
  32: 'FILE_VC_LOG_QUOTA_LIMIT',
  64: 'FILE_VC_LOG_VOLUME_THRESHOLD',
  128: 'FILE_VC_LOG_VOLUME_LIMIT',
  256: 'FILE_VC_QUOTAS_INCOMPLETE',
  512: 'FILE_VC_QUOTAS_REBUILDING',
};

/** [MS-FSCC] 2.5.2 FileFsControlInformation. A quota of -1 means no quota. */
export class FileFsControlInformation implements Wire {
  freeSpaceStartFiltering = 0;
  freeSpaceThreshold = 0;
  freeSpaceStopFiltering = 0;
  defaultQuotaThreshold = -1;
  defaultQuotaLimit = -1;
  fileSystemControlFlags = 0;

  static of(): FileFsControlInformation {
    return new FileFsControlInformation();
  }

  layout(io: Layout): void {
    this.freeSpaceStartFiltering = io.u64('FreeSpaceStartFiltering', this.freeSpaceStartFiltering);
    this.freeSpaceThreshold = io.u64('FreeSpaceThreshold', this.freeSpaceThreshold);
    this.freeSpaceStopFiltering = io.u64('FreeSpaceStopFiltering', this.freeSpaceStopFiltering);
    this.defaultQuotaThreshold = io.u64('DefaultQuotaThreshold', this.defaultQuotaThreshold);
    this.defaultQuotaLimit = io.u64('DefaultQuotaLimit', this.defaultQuotaLimit);
    this.fileSystemControlFlags = io.flags32('FileSystemControlFlags', this.fileSystemControlFlags, flagNames);
    io.skip('Padding', 4);
  }
}
