import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type SymbolicLinkError, SymlinkFlags } from '#wire/smb2/error-data/symbolic-link.js';
import { folded, joinWire, parseUnc } from './unc-path.js';

/**
 * The path to try instead when a server reports a symbolic link ([MS-SMB2] 2.2.2.2.1.1). Links that leave the share are
 * not followed: a link is no reason to trust another place.
 */
export function followSymlink(
  path: string,
  error: SymbolicLinkError,
  { server, share }: { server: string; share: string },
): string {
  const unparsed = error.unparsedPathLength / 2;
  if (!Number.isInteger(unparsed) || unparsed > path.length) throw away(path, error.substituteName);
  const rest = path.slice(path.length - unparsed).replace(/^\\+/, '');
  const link = path.slice(0, path.length - unparsed).replace(/\\+$/, '');
  const target = error.substituteName.replaceAll('/', '\\');
  if ((error.flags & SymlinkFlags.Relative) !== 0) {
    const parent = link.includes('\\') ? link.slice(0, link.lastIndexOf('\\')) : '';
    // A leading backslash means the root of the volume, which for us is the root of the share.
    const from = target.startsWith('\\') ? '' : parent;
    return joinWire(within(path, joinWire(from, target.replace(/^\\+/, '')), target), rest);
  }
  const unc = /^\\(?:\\|\?\?\\UNC\\)(.*)$/i.exec(target)?.[1];
  const place = unc === undefined ? undefined : parseUnc(unc);
  if (!place || folded(place.server) !== folded(server) || folded(place.share) !== folded(share)) {
    throw away(path, target);
  }
  return joinWire(within(path, place.path, target), rest);
}

function within(asked: string, path: string, target: string): string {
  const names: string[] = [];
  for (const name of path.split('\\')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) throw away(asked, target);
  }
  return names.join('\\');
}

function away(path: string, target: string): StatusError {
  const hint = `a symbolic link on the way leads out of the share, to ${target}`;
  return new StatusError(NtStatus.StoppedOnSymlink, { command: 'CREATE', path, hint });
}
