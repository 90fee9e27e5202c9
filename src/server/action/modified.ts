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
  publishModified(core, open, filter);
  return result;
}

/**
 * Tells whoever watches; a stream's data are told of by its own name ([MS-FSA] 2.1.5.4). Who has cached a listing of the
 * directory is told of data that were written when the handle is closed, as Windows does it, of all else `atOnce`.
 */
export function publishModified(
  core: ServerCore,
  open: DiskOpen,
  filter: number,
  atOnce: boolean = (filter & ~DATA) !== 0,
): void {
  const { path, stream } = open.claim;
  const listing = atOnce ? open.claim : undefined;
  if (!atOnce) open.written = true;
  const data = stream === '' ? 0 : filter & DATA;
  if (data !== 0) {
    const size = (data & CompletionFilter.Size) === 0 ? 0 : CompletionFilter.StreamSize;
    const write = (data & CompletionFilter.LastWrite) === 0 ? 0 : CompletionFilter.StreamWrite;
    core.notifier.publish(open.backend, `${path}:${stream}`, FileAction.ModifiedStream, size | write, listing);
  }
  if (data !== filter) core.notifier.publish(open.backend, path, FileAction.Modified, filter & ~data, listing);
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
