import type { Claim } from '#coord/opens.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { splitStream } from '#wire/fscc/file-name.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import { upcase } from '#wire/fscc/upcase.js';
import type { ServerCore } from '../../core.js';
import type { DiskOpen } from '../../state/open.js';
import type { Place } from '../../state/persistent-record.js';
import { moving } from '../persistent.js';

/** [MS-FSA] 2.1.5.15.11.1 Algorithm for Performing Stream Rename: `:new` or, for the file's own content, `::$DATA`. */
export async function renameStream(core: ServerCore, open: DiskOpen, name: string, replace: boolean): Promise<void> {
  const { opens } = core.coordinator;
  const { claim } = open;
  const stream = newStream(name);
  if (stream === claim.stream) return;
  const node = await open.backend.stat(open.node);
  if (stream === '' && node.kind === 'directory') throw new StatusError(NtStatus.InvalidParameter);
  // A stream that is to be replaced must not be open.
  const same = upcase(stream) === upcase(claim.stream);
  if (!same && (await opens.hasStreamOpen(claim, stream))) throw new StatusError(NtStatus.InvalidParameter);
  const [from, to] = [`${claim.path}:${claim.stream}`, `${claim.path}:${stream}`];
  const old = upcase(claim.stream);
  const place = (of: Claim): Place | undefined => (upcase(of.stream) === old ? { path: of.path, stream } : undefined);
  await moving(core, claim, place, async () => {
    core.notifier.expect(open.backend, claim.path, 'modified');
    await open.backend.streams?.rename(open.handle, stream, replace);
    await opens.streamMoved(claim, stream);
  });
  core.notifier.publishAll(open.backend, [
    { path: from, action: FileAction.RemovedStream, filter: CompletionFilter.StreamName },
    { path: to, action: FileAction.AddedStream, filter: CompletionFilter.StreamName },
  ]);
}

/**
 * A stream cannot move to another file. A path with a stream would need that file to be opened again, which is
 * impossible while it is open.
 */
function newStream(name: string): string {
  if (!name.startsWith(':'))
    throw new StatusError(name.includes(':') ? NtStatus.SharingViolation : NtStatus.InvalidParameter);
  const { stream, streamType } = splitStream(name);
  if (streamType === '$INDEX_ALLOCATION') throw new StatusError(NtStatus.InvalidParameter);
  return stream;
}
