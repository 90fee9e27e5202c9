import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileRenameInformation } from '#wire/fscc/file-info/rename.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { basicInfo } from '../basic-info.js';
import { presentCode } from '../errors.js';
import { packed } from '../packing.js';
import { toWire } from '../paths.js';
import type { Control, FileProtocol, Step } from '../protocol.js';
import { factsOf, type Times } from './facts.js';

/** A file that appears under its name only once it is complete. */
export interface AtomicWrite {
  readonly path: string;
  /** Temporary path in the same directory; must not exist. */
  readonly partial: string;
  readonly data: Uint8Array;
  readonly times: Times;
  /** Replaces an existing file at `path`; otherwise that is an error. */
  readonly replace: boolean;
}

const ACCESS =
  FileAccess.WriteData |
  FileAccess.AppendData |
  FileAccess.WriteAttributes |
  FileAccess.ReadAttributes |
  FileAccess.Delete |
  FileAccess.Synchronize;

/** If one of these commands fails, no file has been created. The commands of a logon occur when reconnecting. */
const BEFORE = /^$|^(NT_)?CREATE|^NEGOTIATE|^SESSION_SETUP|^TREE_CONNECT/;

/**
 * Writes a small file and sets its times in one round trip. If the file does not exist yet, it is created in place: the
 * requests of a compound are processed together, and a failure removes the file again. Otherwise it is written under
 * the temporary name and renamed, so that the path holds either the old contents or all of the new at any time. Where a
 * visit takes several requests (SMB1), the temporary name is always used.
 */
export async function writeAtomically(protocol: FileProtocol, write: AtomicWrite, control: Control): Promise<void> {
  if (protocol.stepwise || write.data.length > protocol.maxWrite) return writeBeside(protocol, write, control);
  try {
    await writeNew(protocol, toWire(write.path), contentsOf(protocol, write), control);
  } catch (error) {
    // EEXIST comes from the CREATE, so trying that first is much cheaper for the server than a rename each time. The
    // file may even be ours, from an attempt whose answer was lost; it is then written once more.
    if (!write.replace || presentCode(error) !== 'EEXIST') throw error;
    await writeBeside(protocol, write, control);
  }
}

function contentsOf({ maxWrite }: FileProtocol, { data, times }: AtomicWrite): Step[] {
  const steps: Step[] = [];
  for (let offset = 0; offset < data.length; offset += maxWrite) {
    steps.push({ verb: 'write', offset, data: data.subarray(offset, offset + maxWrite) });
  }
  if (times.mtime ?? times.atime ?? times.birthtime) steps.push({ verb: 'set', ...basicInfo(factsOf(times)) });
  return steps;
}

async function writeBeside(protocol: FileProtocol, write: AtomicWrite, control: Control): Promise<void> {
  const { path, partial, replace } = write;
  const rename = Object.assign(new FileRenameInformation(), { replaceIfExists: replace, fileName: toWire(path) });
  const data = packed(rename);
  const place = { verb: 'set', infoType: InfoType.File, infoClass: FileInfoClass.Rename, data } as const;
  await writeNew(protocol, toWire(partial), [...contentsOf(protocol, write), place], control, true);
}

/** `ours`: nobody else uses that path. */
async function writeNew(
  protocol: FileProtocol,
  path: string,
  steps: Step[],
  control: Control,
  ours: boolean = false,
): Promise<void> {
  const open = { path, access: ACCESS, disposition: CreateDisposition.Create, options: CreateOptions.NonDirectoryFile };
  try {
    await protocol.visit(open, steps, control);
  } catch (error) {
    // Unless the CREATE succeeded, the file is not ours. After a rename whose answer was lost, removing the old path
    // does no harm.
    const made = error instanceof StatusError && !BEFORE.test(error.command ?? '');
    if (made || (ours && control.signal?.aborted)) {
      await protocol.remove(path, false).catch(() => undefined);
    }
    throw error;
  }
}
