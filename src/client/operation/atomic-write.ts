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

/** Up to the CREATE nothing is made; a connection that came back may be refused, too. */
const BEFORE = /^$|^(NT_)?CREATE|^NEGOTIATE|^SESSION_SETUP|^TREE_CONNECT/;

/**
 * Writes a small file and sets its times in one round trip. Where nothing is there yet, it is made in its place: the
 * requests of one message are worked off together, and what fails takes the file with it. Else it is made beside and
 * renamed: at each moment the place holds what was there before, or all of the new. Where that is
 * several requests (SMB1), all is made beside.
 */
export async function writeAtomically(protocol: FileProtocol, write: AtomicWrite, control: Control): Promise<void> {
  if (protocol.stepwise || write.data.length > protocol.maxWrite) return writeBeside(protocol, write, control);
  try {
    await writeNew(protocol, toWire(write.path), contentsOf(protocol, write), control);
  } catch (error) {
    // Of the CREATE itself: a rename is far more work for a server than finding that out. It may be our own file, too,
    // of a first attempt whose answer was lost: then it is written once more.
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

/** `ours`: nobody else gives that name to anything. */
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
    // What the CREATE did not make is not ours. Where it did, the file may have its place already, under another name.
    const made = error instanceof StatusError && !BEFORE.test(error.command ?? '');
    if (made || (ours && control.signal?.aborted)) {
      await protocol.remove(path, false).catch(() => undefined);
    }
    throw error;
  }
}
