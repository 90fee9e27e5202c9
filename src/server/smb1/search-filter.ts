import type { DirectoryEntry } from '#fs/backend.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { fromDosPattern } from '#wire/fscc/name-pattern.js';
import { nodeFacts } from '../action/facts.js';
import type { Smb1Context } from './context.js';

/** Attributes of entries that are only found if requested ([MS-CIFS] 2.2.1.2.4). */
const SHY = FileAttributes.Hidden | FileAttributes.System | FileAttributes.Directory;
/** SMB_SEARCH_ATTRIBUTE_*: attributes in the high byte are required. */
const MUST = 8;

/** Whether a search matches an entry with these attributes. */
export function isWanted({ info }: Pick<DirectoryEntry, 'info'>, searchAttributes: number): boolean {
  const { attributes } = nodeFacts(info);
  const must = (searchAttributes >> MUST) & 0xff;
  return (attributes & SHY & ~searchAttributes) === 0 && (attributes & must) === must;
}

/** Splits a path with a pattern at its end into the directory, in SMB2 form, and the pattern. */
export function splitPattern(context: Smb1Context, path: string): { directory: string; pattern: string } {
  const whole = context.path(path);
  const at = whole.lastIndexOf('\\');
  const last = whole.slice(at + 1);
  // Clients without Unicode send patterns with DOS semantics.
  const pattern = context.unicode ? last : fromDosPattern(last);
  return { directory: whole.slice(0, Math.max(at, 0)), pattern };
}
