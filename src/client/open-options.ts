import { FileAccess } from '#wire/dtyp/access-mask.js';
import { UsageError } from '#wire/erref/errors.js';
import { CreateDisposition, CreateOptions, ShareAccess } from '#wire/smb2/command/create.js';
import type { CallOptions } from './file.js';
import type { OpenRequest } from './protocol.js';

/** How to open a file. */
export interface OpenOptions extends CallOptions {
  /** 'read' when absent. */
  readonly access?: 'read' | 'write' | 'read-write';
  /**
   * What to do if it is there, or is not: 'never' (the default) wants it to be there, 'if-missing' makes it,
   * 'exclusive' wants it not to be there, 'truncate' empties or makes it.
   */
  readonly create?: 'never' | 'if-missing' | 'exclusive' | 'truncate';
  /** What others may do with it meanwhile; everything when absent. */
  readonly share?: readonly ('read' | 'write' | 'delete')[];
  /** Writes reach the disk before they are acknowledged. */
  readonly writeThrough?: boolean;
}

const READ = FileAccess.ReadData | FileAccess.ReadEa | FileAccess.ReadAttributes | FileAccess.ReadControl;
const WRITE = FileAccess.WriteData | FileAccess.AppendData | FileAccess.WriteEa | FileAccess.WriteAttributes;

const ACCESS: Readonly<Record<NonNullable<OpenOptions['access']>, number>> = {
  read: READ | FileAccess.Synchronize,
  write: WRITE | FileAccess.ReadAttributes | FileAccess.Synchronize,
  'read-write': READ | WRITE | FileAccess.Synchronize,
};

const DISPOSITION: Readonly<Record<NonNullable<OpenOptions['create']>, number>> = {
  never: CreateDisposition.Open,
  'if-missing': CreateDisposition.OpenIf,
  exclusive: CreateDisposition.Create,
  truncate: CreateDisposition.OverwriteIf,
};

const SHARE = { read: ShareAccess.Read, write: ShareAccess.Write, delete: ShareAccess.Delete } as const;

/** The CREATE that the options mean. */
export function openRequest(path: string, options: OpenOptions): OpenRequest {
  const access = ACCESS[options.access ?? 'read'];
  const disposition = DISPOSITION[options.create ?? 'never'];
  if (access === undefined) throw new UsageError(`no access '${options.access}': there are read, write, read-write`);
  if (disposition === undefined) {
    throw new UsageError(`no way to create '${options.create}': there are never, if-missing, exclusive, truncate`);
  }
  return {
    path,
    access,
    disposition,
    options: CreateOptions.NonDirectoryFile | (options.writeThrough ? CreateOptions.WriteThrough : 0),
    ...(options.share ? { share: options.share.reduce((bits, name) => bits | SHARE[name], 0) } : {}),
  };
}
