import type { Patience } from '#coord/patience.js';
import type { Backend, NodeInfo } from '#fs/backend.js';
import type { Ea } from '#fs/capabilities.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type { Wish } from '../../access/decide.js';
import type { ServerCore } from '../../core.js';
import type { DiskOpen } from '../../state/open.js';
import type { Tree } from '../../state/tree.js';
import type { CachingFacts } from '../caching.js';
import type { Target } from './target.js';

/** A CREATE of any dialect. */
export interface CreateFacts {
  /** As the client sent it: `\` between components. */
  readonly name: string;
  readonly desiredAccess: number;
  readonly shareAccess: number;
  readonly disposition: number;
  readonly options: number;
  readonly attributes: number;
  /** `@GMT-…`: the file as it was then. */
  readonly snapshot?: string;
  /** Bytes to set aside for a file that is made or overwritten. */
  readonly allocationSize?: number;
  /** Extended attributes for what is made or overwritten. */
  readonly eas?: readonly Ea[];
  /** A security descriptor for what is made. */
  readonly securityDescriptor?: Uint8Array;
  /** `Created.maximalAccess` is wanted in full, which may cost a look at the directory. */
  readonly wantsMaximalAccess?: boolean;
  readonly caching?: CachingFacts | undefined;
  /** `ClaimRequest.parentKey`. */
  readonly parentKey?: string | undefined;
  /** To wait until others have given up what they cache. */
  readonly patience?: Patience;
}

export interface Created {
  readonly open: DiskOpen;
  readonly action: number;
  readonly info: NodeInfo;
  /** What MAXIMUM_ALLOWED would have granted. */
  readonly maximalAccess: number;
  /** Nothing is said of its being durable. */
  readonly untoldDurable?: boolean;
  /** The oplock level that a repeated CREATE is told, whatever it has. */
  readonly level?: number | undefined;
}

/** A CREATE while it is under way: what all of its phases need. */
export interface Creation {
  readonly core: ServerCore;
  readonly tree: Tree;
  readonly backend: Backend;
  readonly facts: CreateFacts;
  readonly target: Target;
  /** `Opens.upheavals` before the node was looked for. */
  readonly upheavals: number;
}

/** Whether a symlink is opened as such. */
export function linkOf({ options }: CreateFacts, { links }: Backend): { readonly link?: true } {
  return (options & CreateOptions.OpenReparsePoint) !== 0 && links !== undefined ? { link: true } : {};
}

/** Whether a disposition takes away what is there ([MS-FSA] 2.1.5.1). */
export function overwrites(disposition: number): boolean {
  return (
    disposition === CreateDisposition.Supersede ||
    disposition === CreateDisposition.Overwrite ||
    disposition === CreateDisposition.OverwriteIf
  );
}

/** What taking away what is there needs of access and of share modes, apart from what the client asks for. */
export function overwritingAccess(disposition: number): number {
  if (!overwrites(disposition)) return 0;
  return disposition === CreateDisposition.Supersede ? FileAccess.Delete : FileAccess.WriteData;
}

/** Whether a disposition makes what is not there. */
export function creates(disposition: number): boolean {
  return disposition !== CreateDisposition.Open && disposition !== CreateDisposition.Overwrite;
}

/** What is asked of access: a desired mask, and how. */
export function wishOf({ options, wantsMaximalAccess }: CreateFacts, desired: number): Wish {
  return {
    desired,
    forBackup: (options & CreateOptions.OpenForBackupIntent) !== 0,
    maximal: wantsMaximalAccess === true,
  };
}
