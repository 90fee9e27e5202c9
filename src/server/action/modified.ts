import type { Eventually } from '#fs/backend.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen } from '../state/open.js';
import { dataChanged } from './caching.js';

const DATA = CompletionFilter.Size | CompletionFilter.LastWrite;

/** Runs an operation that changes the open file and publishes the change; `filter`: CompletionFilter bits. */
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
 * Publishes a change; for a stream's data, under the stream's own name ([MS-FSA] 2.1.5.4). As on Windows, directory
 * leases are broken when the handle is closed if only data was written, and immediately otherwise (`atOnce`).
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
    // A failed operation may have changed something, too.
    await dataChanged(core, open);
    await core.times.after(open);
  }
}
