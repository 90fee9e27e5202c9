import { StatusError } from '../erref/errors.js';
import { NtStatus } from '../erref/nt-status.js';
import { upcase } from './upcase.js';

const MAX_COMPONENT = 255;
const MAX_STREAM = 255;

/** Kinds of streams ([MS-FSCC] 2.1.5): '' where the client did not say. */
export type StreamType = '' | '$DATA' | '$INDEX_ALLOCATION';

/** What a client's path means. */
export interface ParsedPath {
  /** None for the root. */
  readonly components: string[];
  /** Named stream of the last component; '' for the default one. */
  readonly stream: string;
  /** `::$DATA` insists on a file, `:$I30:$INDEX_ALLOCATION` on a directory. */
  readonly streamType: StreamType;
  /** The path ended in a backslash, which insists on a directory. */
  readonly trailing: boolean;
}

function isForbidden(unit: number): boolean {
  // "  *  /  :  <  >  ?  \  |  and what is below the space
  if (unit < 0x20) return true;
  switch (unit) {
    case 0x22:
    case 0x2a:
    case 0x2f:
    case 0x3a:
    case 0x3c:
    case 0x3e:
    case 0x3f:
    case 0x5c:
    case 0x7c:
      return true;
    default:
      return false;
  }
}

/** [MS-FSCC] 2.1.5.2 Filename: whether a file or directory may be called so. `.` and `..` may not. */
export function isLegalName(name: string, maxLength: number = MAX_COMPONENT): boolean {
  if (name.length === 0 || name.length > maxLength || name === '.' || name === '..') return false;
  for (let i = 0; i < name.length; i++) if (isForbidden(name.charCodeAt(i))) return false;
  return true;
}

/** [MS-FSCC] 2.1.5.3 Streamname: whether a stream may be called so. */
function isLegalStreamName(name: string): boolean {
  return name.length <= MAX_STREAM && !/[\\/:\0]/.test(name);
}

function invalid(path: string): StatusError {
  return new StatusError(NtStatus.ObjectNameInvalid, { path });
}

/** `name:stream:$DATA` ([MS-FSCC] 2.1.5) into its parts. */
export function splitStream(component: string): { name: string; stream: string; streamType: StreamType } {
  const [name = '', stream, type, ...more] = component.split(':');
  if (stream === undefined) return { name, stream: '', streamType: '' };
  if (more.length > 0 || !isLegalStreamName(stream)) throw invalid(component);
  if (type === undefined) {
    if (stream === '') throw invalid(component);
    return { name, stream, streamType: '' };
  }
  switch (upcase(type)) {
    case '$DATA':
      return { name, stream, streamType: '$DATA' };
    case '$INDEX_ALLOCATION':
      if (stream !== '' && upcase(stream) !== '$I30') throw invalid(component);
      return { name, stream: '', streamType: '$INDEX_ALLOCATION' };
    case '':
      throw invalid(component);
    default:
      throw new StatusError(NtStatus.InvalidParameter, { path: component });
  }
}

/** `..` goes up, past names that could be there; out of the share it is OBJECT_PATH_SYNTAX_BAD. */
function withoutDots(components: readonly string[], path: string): string[] {
  const kept: string[] = [];
  for (const component of components) {
    if (component !== '..') {
      kept.push(component);
      continue;
    }
    const left = kept.pop();
    if (left === undefined) throw new StatusError(NtStatus.ObjectPathSyntaxBad, { path });
    if (!isLegalName(left)) throw invalid(path);
  }
  return kept;
}

/**
 * A path as SMB2 clients send it, `a\b\c:stream`, into its components ([MS-FSCC] 2.1.5.1). One leading and one
 * trailing backslash are allowed; all else that is no legal name throws.
 */
export function parsePath(path: string): ParsedPath {
  const from = path.startsWith('\\') ? 1 : 0;
  const trailing = path.length > from && path.endsWith('\\');
  const inner = path.slice(from, trailing ? -1 : undefined);
  if (inner === '') {
    if (trailing) throw invalid(path);
    return { components: [], stream: '', streamType: '', trailing };
  }
  const components = withoutDots(inner.split('\\'), path);
  if (components.length === 0) return { components, stream: '', streamType: '', trailing };
  const { name, stream, streamType } = splitStream(components.pop() ?? '');
  // A stream of the root has no name before its colon.
  if (name !== '' || components.length > 0 || (stream === '' && streamType === '')) components.push(name);
  for (const component of components) if (!isLegalName(component)) throw invalid(path);
  return { components, stream, streamType, trailing };
}

/** The components of a path where streams are not had: a named one is OBJECT_NAME_INVALID. */
export function pathComponents(path: string): string[] {
  const { components, stream } = parsePath(path);
  if (stream !== '') throw invalid(path);
  return components;
}

/**
 * A path of an SMB1 client in the form of SMB2: slashes are backslashes, empty components and `.` go away, `..` goes
 * up. Leaving the share is OBJECT_PATH_SYNTAX_BAD.
 */
export function canonicalDosPath(path: string): string {
  const components: string[] = [];
  for (const component of path.replaceAll('/', '\\').split('\\')) {
    if (component === '' || component === '.') continue;
    if (component !== '..') components.push(component);
    else if (components.pop() === undefined) throw new StatusError(NtStatus.ObjectPathSyntaxBad, { path });
  }
  return components.join('\\');
}
