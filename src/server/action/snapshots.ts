import type { DiskOpen } from '../state/open.js';

/** The former states of the share that something is open on: `@GMT` tokens, newest first ([MS-SMB2] 3.3.5.15.1). */
export async function snapshotsOf(open: DiskOpen): Promise<readonly string[]> {
  open.tree.require('read');
  return (await open.tree.share.backend.snapshots?.list()) ?? [];
}
