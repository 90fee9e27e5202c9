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

/** A CREATE request of any dialect. */
export interface CreateFacts {
  /** As sent by the client, with `\` between components. */
  readonly name: string;
  readonly desiredAccess: number;
  readonly shareAccess: number;
  readonly disposition: number;
  readonly options: number;
  readonly attributes: number;
  /** `@GMT-…` token of a snapshot to open the file in. */
  readonly snapshot?: string;
  /** Initial allocation, in bytes, for a file that is created or overwritten. */
  readonly allocationSize?: number;
  /** Extended attributes for a file that is created or overwritten. */
  readonly eas?: readonly Ea[];
  /** Security descriptor for a new file. */
  readonly securityDescriptor?: Uint8Array;
  /** `Created.maximalAccess` is needed in full, which may require a look at the parent directory. */
  readonly wantsMaximalAccess?: boolean;
  readonly caching?: CachingFacts | undefined;
  /** `ClaimRequest.parentKey`. */
  readonly parentKey?: string | undefined;
  /** Allows waiting for others to acknowledge breaks. */
  readonly patience?: Patience;
}

export interface Created {
  readonly open: DiskOpen;
  readonly action: number;
  readonly info: NodeInfo;
  /** Rights that MAXIMUM_ALLOWED would have granted. */
  readonly maximalAccess: number;
  /** The response must not mention that the open is durable. */
  readonly untoldDurable?: boolean;
  /** Oplock level to return for a replayed CREATE, whatever the open has. */
  readonly level?: number | undefined;
}

/** State of a CREATE in progress, used by all of its phases. */
export interface Creation {
  readonly core: ServerCore;
  readonly tree: Tree;
  readonly backend: Backend;
  readonly facts: CreateFacts;
  readonly target: Target;
  /** `Opens.upheavals` from before the look-up. */
  readonly upheavals: number;
}

/** Whether a symlink itself is to be opened. */
export function linkOf({ options }: CreateFacts, { links }: Backend): { readonly link?: true } {
  return (options & CreateOptions.OpenReparsePoint) !== 0 && links !== undefined ? { link: true } : {};
}

/** Whether a disposition replaces existing data ([MS-FSA] 2.1.5.1). */
export function overwrites(disposition: number): boolean {
  return (
    disposition === CreateDisposition.Supersede ||
    disposition === CreateDisposition.Overwrite ||
    disposition === CreateDisposition.OverwriteIf
  );
}

/** Access that overwriting itself requires, from share modes, too, beyond what the client asks for. */
export function overwritingAccess(disposition: number): number {
  if (!overwrites(disposition)) return 0;
  return disposition === CreateDisposition.Supersede ? FileAccess.Delete : FileAccess.WriteData;
}

/** Whether a disposition creates missing files. */
export function creates(disposition: number): boolean {
  return disposition !== CreateDisposition.Open && disposition !== CreateDisposition.Overwrite;
}

/** The arguments of the access check for a desired mask. */
export function wishOf({ options, wantsMaximalAccess }: CreateFacts, desired: number): Wish {
  return {
    desired,
    forBackup: (options & CreateOptions.OpenForBackupIntent) !== 0,
    maximal: wantsMaximalAccess === true,
  };
}
