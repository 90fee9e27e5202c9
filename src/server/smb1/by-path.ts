import { FileAccess } from '#wire/dtyp/access-mask.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { close } from '../action/close.js';
import { create } from '../action/create.js';
import type { DiskOpen } from '../state/open.js';
import type { Smb1Context } from './context.js';

/** FILE_SHARE_READ, _WRITE and _DELETE: others may do what they like. */
export const SHARE_ALL = 7;

/** What a command that names its file by path opens it for. */
export interface ByPath {
  readonly access: number;
  readonly options?: number;
  readonly disposition?: number;
}

/** Opens a file by its path for as long as a command takes. */
export async function byPath<T>(
  context: Smb1Context,
  path: string,
  { access, options = 0, disposition = CreateDisposition.Open }: ByPath,
  use: (open: DiskOpen) => Promise<T>,
): Promise<T> {
  const { core } = context;
  const { open } = await create(core, context.diskTree, {
    name: context.path(path),
    desiredAccess: access | FileAccess.Synchronize,
    shareAccess: SHARE_ALL,
    disposition,
    options,
    attributes: 0,
    patience: context.patience,
  });
  try {
    return await use(open);
  } finally {
    await close(core, open);
  }
}
