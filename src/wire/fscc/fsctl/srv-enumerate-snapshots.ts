import type { Layout } from '../../io/layout.js';

/** [MS-SMB2] 2.2.32.2 SRV_SNAPSHOT_ARRAY: names as `@GMT-2026.11.23-10.50.36`. */
export class SrvSnapshotArray {
  /** Total number of snapshots, even if not all are returned. */
  numberOfSnapShots = 0;
  /** Bytes needed for all names, if none are returned. */
  snapShotArraySize = 0;
  snapShots: string[] = [];

  layout(io: Layout): void {
    this.numberOfSnapShots = io.u32('NumberOfSnapShots', this.numberOfSnapShots);
    io.u32('NumberOfSnapShotsReturned', this.snapShots.length);
    const names = this.snapShots.length === 0 ? '\0\0' : `${this.snapShots.join('\0')}\0\0`;
    const size = this.snapShots.length === 0 ? this.snapShotArraySize : names.length * 2;
    this.snapShotArraySize = io.u32('SnapShotArraySize', size);
    const read = io.utf16Rest('SnapShots', names);
    if (io.reading) this.snapShots = read.split('\0').filter((name) => name !== '');
  }
}
