import { FileAccess } from '#wire/dtyp/access-mask.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { close } from '../action/close.js';
import { create } from '../action/create.js';
import type { DiskOpen } from '../state/open.js';
import type { Smb1Context } from './context.js';

/** FILE_SHARE_READ, _WRITE and _DELETE: does not restrict others. */
export const SHARE_ALL = 7;

/** How a command that names its file by path opens it. */
export interface ByPath {
  readonly access: number;
  readonly options?: number;
  readonly disposition?: number;
}

/** Opens a file by path for the duration of one command. */
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
