import type { DiskOpen } from '../state/open.js';

/** Snapshots of the share that the open is on, as `@GMT` tokens, newest first ([MS-SMB2] 3.3.5.15.1). */
export async function snapshotsOf(open: DiskOpen): Promise<readonly string[]> {
  open.tree.require('read');
  return (await open.tree.share.backend.snapshots?.list()) ?? [];
}
