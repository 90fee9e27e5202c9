import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.13.2.9 SMB2_CREATE_QUERY_ON_DISK_ID: no data. */
export class CreateQueryOnDiskIdRequest {
  layout(_io: Layout): void {}
}

/** [MS-SMB2] 2.2.14.2.9 SMB2_CREATE_QUERY_ON_DISK_ID. */
export class CreateQueryOnDiskIdResponse {
  diskFileId = 0n;
  volumeId = 0n;

  layout(io: Layout): void {
    this.diskFileId = io.x64('DiskFileId', this.diskFileId);
    this.volumeId = io.x64('VolumeId', this.volumeId);
    io.skip('Reserved', 16);
  }
}
