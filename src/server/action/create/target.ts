import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { parsePath } from '#wire/fscc/file-name.js';
import { isGmtToken } from '#wire/fscc/gmt-token.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import type { Share } from '../../state/share.js';
import type { CreateFacts } from './facts.js';

/** What a CREATE refers to, by its name and options. */
export interface Target {
  /** Path components; none for the share's root. */
  readonly components: readonly string[];
  /** Named stream; '' for the file or directory itself. */
  readonly stream: string;
  /** A `@GMT-…` path component: selects a snapshot. */
  readonly snapshot: string | undefined;
  /** The required kind of the node or stream; undefined: any existing kind, or a file if it is created. */
  readonly kind: 'file' | 'directory' | undefined;
}

/** Parses the name of a CREATE ([MS-FSA] 2.1.5.1: the steps up to StreamTypeToOpen). */
export function targetOf({ name, options }: CreateFacts, share: Share): Target {
  // Without streams, a colon is merely an invalid character in a name.
  if (share.streamsOf() === undefined && name.includes(':')) {
    throw new StatusError(NtStatus.ObjectNameInvalid, { path: name });
  }
  const { components: all, stream, streamType, trailing } = parsePath(name);
  const snapshot = share.backend.snapshots && all.find(isGmtToken);
  const components = all.filter((component) => component !== snapshot);
  const asDirectory = (options & CreateOptions.DirectoryFile) !== 0;
  const asFile = (options & CreateOptions.NonDirectoryFile) !== 0;
  // A data stream cannot be a directory, and an index cannot be anything else.
  if (asDirectory && (stream !== '' || streamType === '$DATA')) throw new StatusError(NtStatus.NotADirectory);
  if (asFile && streamType === '$INDEX_ALLOCATION') throw new StatusError(NtStatus.FileIsADirectory);
  if (trailing && asFile) throw new StatusError(NtStatus.ObjectNameInvalid, { path: name });
  return { components, stream, snapshot, kind: kindOf(asDirectory, asFile, streamType, trailing) };
}

function kindOf(asDirectory: boolean, asFile: boolean, streamType: string, trailing: boolean): Target['kind'] {
  if (asDirectory || streamType === '$INDEX_ALLOCATION') return 'directory';
  if (asFile || streamType === '$DATA') return 'file';
  return trailing ? 'directory' : undefined;
}
