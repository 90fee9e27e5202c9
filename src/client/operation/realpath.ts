import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileNormalizedNameInformation } from '#wire/fscc/file-info/normalized-name.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { InfoType } from '#wire/smb2/command/info-type.js';
import { errnoCode } from '../errors.js';
import { unpacked } from '../packing.js';
import { componentsOf, pathBelow } from '../paths.js';
import type { Control, FileProtocol } from '../protocol.js';
import { lstat } from './facts.js';
import { readlink } from './links.js';
import { listNames } from './list-directory.js';

/** As on Linux. */
const MAX_LINKS = 40;

/** The path as the server spells it, with links resolved. */
export async function realpath(protocol: FileProtocol, path: string, control: Control): Promise<string> {
  const plain = await withoutLinks(protocol, path, control);
  const query = { verb: 'query', infoType: InfoType.File, infoClass: FileInfoClass.NormalizedName } as const;
  const at = plain.join('\\');
  const open = { path: at, access: FileAccess.ReadAttributes, disposition: CreateDisposition.Open };
  try {
    const { outputs } = await protocol.visit(open, [query], control);
    const { fileName } = unpacked(new FileNormalizedNameInformation(), outputs[0] as Uint8Array);
    return pathBelow(fileName, { command: 'QUERY_INFO', path });
  } catch (error) {
    // Older dialects do not support this query.
    if (errnoCode(error) !== 'ENOTSUP') throw error;
    return spelled(protocol, plain, control);
  }
}

// Some servers follow links themselves without saying so, so each component is checked.
async function withoutLinks(protocol: FileProtocol, path: string, control: Control): Promise<string[]> {
  const done: string[] = [];
  const left = componentsOf(path);
  let links = 0;
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    const at = [...done, name].join('/');
    if (!(await lstat(protocol, at, control)).isSymbolicLink()) {
      done.push(name);
      continue;
    }
    if (++links > MAX_LINKS) throw new StatusError(NtStatus.StoppedOnSymlink, { command: 'realpath', path });
    const target = await readlink(protocol, at, control);
    const whole = target.startsWith('/') ? target : [...done, target].join('/');
    left.unshift(...componentsOf(whole));
    done.length = 0;
  }
  return done;
}

async function spelled(protocol: FileProtocol, names: readonly string[], control: Control): Promise<string> {
  const found: string[] = [];
  for (const name of names) {
    let spelling = name;
    for await (const batch of listNames(protocol, found.join('/'), name, control)) {
      spelling = batch.at(-1) ?? spelling;
    }
    found.push(spelling);
  }
  return found.join('/');
}
