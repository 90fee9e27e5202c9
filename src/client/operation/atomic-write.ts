import { FileAccess } from '#wire/dtyp/access-mask.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileRenameInformation } from '#wire/fscc/file-info/rename.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { basicInfo } from '../basic-info.js';
import { packed } from '../packing.js';
import { toWire } from '../paths.js';
import type { Control, FileProtocol, Step } from '../protocol.js';
import { factsOf, type Times } from './facts.js';

/** A file that gets its place when it is complete. */
export interface AtomicWrite {
  readonly path: string;
  /** Where it is until then, in the same directory; nothing may be there. */
  readonly partial: string;
  readonly data: Uint8Array;
  readonly times: Times;
  /** What is at `path` goes; else that is a failure. */
  readonly replace: boolean;
}

const ACCESS =
  FileAccess.WriteData |
  FileAccess.AppendData |
  FileAccess.WriteAttributes |
  FileAccess.ReadAttributes |
  FileAccess.Delete |
  FileAccess.Synchronize;

/**
 * Writes a small file beside its place, sets its times and renames it: one round trip. At each moment the place holds
 * what was there before, or all of the new. The data must fit into one request.
 */
export async function writeAtomically(protocol: FileProtocol, write: AtomicWrite, control: Control): Promise<void> {
  const { path, partial, data, times, replace } = write;
  const rename = Object.assign(new FileRenameInformation(), { replaceIfExists: replace, fileName: toWire(path) });
  const facts = factsOf(times);
  const steps: Step[] = [
    ...(data.length > 0 ? [{ verb: 'write', offset: 0, data } as const] : []),
    ...(Object.keys(facts).length > 0 ? [{ verb: 'set', ...basicInfo(facts) } as const] : []),
    { verb: 'set', infoType: InfoType.File, infoClass: FileInfoClass.Rename, data: packed(rename) },
  ];
  const open = {
    path: toWire(partial),
    access: ACCESS,
    disposition: CreateDisposition.Create,
    options: CreateOptions.NonDirectoryFile,
  };
  try {
    await protocol.visit(open, steps, control);
  } catch (error) {
    // It may have its place, or not have come about.
    await protocol.remove(open.path, false).catch(() => undefined);
    throw error;
  }
}
