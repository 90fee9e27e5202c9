import { FileAccess } from '#wire/dtyp/access-mask.js';

const SHARE_READ = 1;
const SHARE_WRITE = 2;
const SHARE_DELETE = 4;

/** What of an open concerns share modes. */
export interface Sharing {
  /** Granted access mask. */
  readonly access: number;
  /** FILE_SHARE_*. */
  readonly share: number;
  /** Of the stream that is opened. */
  readonly stream: string;
}

/** The share modes that an access mask needs of others; 0: it reads and writes no data and stands in nobody's way. */
function needs(access: number): number {
  let needed = 0;
  if ((access & (FileAccess.ReadData | FileAccess.Execute)) !== 0) needed |= SHARE_READ;
  if ((access & (FileAccess.WriteData | FileAccess.AppendData)) !== 0) needed |= SHARE_WRITE;
  if ((access & FileAccess.Delete) !== 0) needed |= SHARE_DELETE;
  return needed;
}

/** All of an open that share modes look at, but for the stream, as one number. */
export function sharingKey({ access, share }: Sharing): number {
  return (needs(access) << 3) | (share & 7);
}

/**
 * [MS-FSA] 2.1.5.1.2.2 Algorithm to Check Sharing Access to an Existing Stream or Directory, for one existing open of
 * the same file; `sameStream` of the same stream of it. Who wants to delete a file has its streams in the way, too.
 */
export function sharingConflicts(wanted: Sharing, existing: Sharing, sameStream: boolean): boolean {
  const [wants, has] = [needs(wanted.access), needs(existing.access)];
  if (!sameStream) {
    const deletesAll = wanted.stream === '' && (wants & SHARE_DELETE) !== 0;
    return deletesAll && has !== 0 && (existing.share & SHARE_DELETE) === 0;
  }
  if (wants === 0 || has === 0) return false;
  return (wants & ~existing.share) !== 0 || (has & ~wanted.share) !== 0;
}
