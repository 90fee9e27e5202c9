import { FileAccess } from '#wire/dtyp/access-mask.js';

const SHARE_READ = 1;
const SHARE_WRITE = 2;
const SHARE_DELETE = 4;

/** What share modes depend on. */
export interface Sharing {
  /** Granted access mask. */
  readonly access: number;
  /** FILE_SHARE_*. */
  readonly share: number;
  /** The stream being opened. */
  readonly stream: string;
}

/**
 * Share modes that an access mask requires of others; 0 if it neither reads, writes nor deletes and so never conflicts.
 */
function needs(access: number): number {
  let needed = 0;
  if ((access & (FileAccess.ReadData | FileAccess.Execute)) !== 0) needed |= SHARE_READ;
  if ((access & (FileAccess.WriteData | FileAccess.AppendData)) !== 0) needed |= SHARE_WRITE;
  if ((access & FileAccess.Delete) !== 0) needed |= SHARE_DELETE;
  return needed;
}

/** Everything about an open that share modes depend on, except the stream, as one number. */
export function sharingKey({ access, share }: Sharing): number {
  return (needs(access) << 3) | (share & 7);
}

/**
 * [MS-FSA] 2.1.5.1.2.2 Algorithm to Check Sharing Access to an Existing Stream or Directory. Checks one existing open
 * of the same file; `sameStream`: of the same stream. Deleting a file also conflicts with opens of its streams.
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
