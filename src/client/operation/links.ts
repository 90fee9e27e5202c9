import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError, UsageError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileLinkInformation } from '#wire/fscc/file-info/link.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import {
  MountPointReparseData,
  ReparseData,
  ReparseTag,
  SymbolicLinkReparseData,
  SymlinkFlags,
} from '#wire/fscc/fsctl/reparse-data.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { towards } from '../errors.js';
import { packed, unpacked } from '../packing.js';
import { fromWire, toWire } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';
import { exists, linkItself, stat } from './facts.js';

/** What a symbolic link points to; detected if not given. */
export type LinkKind = 'file' | 'dir';

/** Creates a symbolic link. A target without a leading slash is relative to the link's directory. */
export async function symlink(
  protocol: FileProtocol,
  target: string,
  path: string,
  kind: LinkKind | undefined,
  control: Control,
): Promise<void> {
  if (target === '') throw new UsageError('a symbolic link needs a target');
  const wire = toWire(path);
  const directory = (kind ?? (await kindOf(protocol, target, path, control))) === 'dir';
  const link = new SymbolicLinkReparseData();
  link.substituteName = link.printName = target.replaceAll('/', '\\');
  link.flags = SymlinkFlags.Relative;
  const data = Object.assign(new ReparseData(), { reparseTag: ReparseTag.Symlink, data: link });
  const handle = await protocol.open(
    {
      path: wire,
      access: FileAccess.WriteData | FileAccess.WriteAttributes | FileAccess.Delete | FileAccess.Synchronize,
      disposition: CreateDisposition.Create,
      options:
        CreateOptions.OpenReparsePoint | (directory ? CreateOptions.DirectoryFile : CreateOptions.NonDirectoryFile),
    },
    control,
  );
  try {
    await protocol.ioctl(handle, { code: Fsctl.SetReparsePoint, input: packed(data), limit: 0 }, control);
  } catch (error) {
    await protocol.close(handle).catch(() => undefined);
    // Remove the placeholder that could not be made a link.
    await protocol.remove(wire, directory).catch(() => undefined);
    throw withoutLinks(error, path);
  }
  await protocol.close(handle);
}

// Samba reports STATUS_NOT_A_REPARSE_POINT for a link that it cannot create.
function withoutLinks(error: unknown, path: string): unknown {
  if (!(error instanceof StatusError) || error.status !== NtStatus.NotAReparsePoint) return error;
  const hint = 'the server lets nobody make symbolic links';
  return new StatusError(NtStatus.NotSupported, { command: 'IOCTL', path, hint });
}

async function kindOf(protocol: FileProtocol, target: string, path: string, control: Control): Promise<LinkKind> {
  const names = path.split(/[/\\]/).slice(0, -1);
  const place = /^[/\\]/.test(target) ? target : [...names, target].join('/');
  let within: string;
  try {
    within = toWire(place);
  } catch {
    // It leads out of the share, where we cannot look.
    return 'file';
  }
  const there = await exists(protocol, within, control);
  return there && (await stat(protocol, within, control)).isDirectory() ? 'dir' : 'file';
}

/** The target of a symbolic link or junction, as stored, with slashes. */
export async function readlink(protocol: FileProtocol, path: string, control: Control): Promise<string> {
  const wire = toWire(path);
  const step = { verb: 'ioctl', code: Fsctl.GetReparsePoint } as const;
  const { outputs } = await protocol.visit(linkItself(wire, FileAccess.ReadAttributes), [step], control);
  const { data } = unpacked(new ReparseData(), outputs[0] as Uint8Array);
  if (data instanceof SymbolicLinkReparseData) {
    const name = data.substituteName.replaceAll('\\', '/');
    return (data.flags & SymlinkFlags.Relative) === 0 ? data.printName.replaceAll('\\', '/') || name : name;
  }
  if (data instanceof MountPointReparseData) return fromWire(data.printName);
  throw new StatusError(NtStatus.IoReparseTagMismatch, { command: 'IOCTL', path });
}

/** Creates a hard link. */
export async function link(protocol: FileProtocol, existing: string, path: string, control: Control): Promise<void> {
  const info = Object.assign(new FileLinkInformation(), { fileName: toWire(path) });
  const step = { verb: 'set', infoType: InfoType.File, infoClass: FileInfoClass.Link, data: packed(info) } as const;
  try {
    await protocol.visit(linkItself(toWire(existing), FileAccess.WriteAttributes), [step], control);
  } catch (error) {
    throw towards(error, path);
  }
}
