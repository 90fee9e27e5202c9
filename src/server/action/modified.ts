import type { Eventually } from '#fs/backend.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import { dataChanged } from './caching.js';

const DATA = CompletionFilter.Size | CompletionFilter.LastWrite;

/** Changes what is open by `deed`, and tells whoever watches; `filter`: CompletionFilter bits of what changes. */
export async function modify<T>(
  core: ServerCore,
  open: DiskOpen,
  filter: number,
  deed: () => Eventually<T>,
): Promise<T> {
  core.notifier.expect(open.backend, open.claim.path, 'modified');
  const result = await deed();
  if ((filter & DATA) !== 0) await dataChanged(core, open);
  core.notifier.publish(open.backend, open.claim.path, FileAction.Modified, filter);
  return result;
}
