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
  const result = (filter & DATA) === 0 ? await deed() : await changeData(core, open, deed);
  core.notifier.publish(open.backend, open.claim.path, FileAction.Modified, filter);
  return result;
}

async function changeData<T>(core: ServerCore, open: DiskOpen, deed: () => Eventually<T>): Promise<T> {
  await core.times.before(open);
  try {
    return await deed();
  } finally {
    // One that failed may have changed something, too.
    await dataChanged(core, open);
    await core.times.after(open);
  }
}
