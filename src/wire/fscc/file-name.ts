import { StatusError } from '../erref/errors.js';
import { NtStatus } from '../erref/nt-status.js';
import { upcase } from './upcase.js';

const MAX_COMPONENT = 255;
const MAX_STREAM = 255;

/** Stream types ([MS-FSCC] 2.1.5); '' if the client did not give one. */
export type StreamType = '' | '$DATA' | '$INDEX_ALLOCATION';

/** A client's path, parsed. */
export interface ParsedPath {
  /** Empty for the root. */
  readonly components: string[];
  /** Named stream of the last component; '' for the default stream. */
  readonly stream: string;
  /** `::$DATA` requires a file, `:$I30:$INDEX_ALLOCATION` a directory. */
  readonly streamType: StreamType;
  /** The path ended in a backslash, which requires a directory. */
  readonly trailing: boolean;
}

function isForbidden(unit: number): boolean {
  // "  *  /  :  <  >  ?  \  |  and control characters
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

/** [MS-FSCC] 2.1.5.2 Filename: whether a name is valid for a file or directory. `.` and `..` are not. */
export function isLegalName(name: string, maxLength: number = MAX_COMPONENT): boolean {
  if (name.length === 0 || name.length > maxLength || name === '.' || name === '..') return false;
  for (let i = 0; i < name.length; i++) if (isForbidden(name.charCodeAt(i))) return false;
  return true;
}

/** [MS-FSCC] 2.1.5.3 Streamname: whether a name is valid for a stream. */
function isLegalStreamName(name: string): boolean {
  return name.length <= MAX_STREAM && !/[\\/:\0]/.test(name);
}

function invalid(path: string): StatusError {
  return new StatusError(NtStatus.ObjectNameInvalid, { path });
}

/** Splits `name:stream:$DATA` ([MS-FSCC] 2.1.5) into its parts. */
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

/** Resolves `..` without checking that names exist; leaving the share is OBJECT_PATH_SYNTAX_BAD. */
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
 * Parses a path as SMB2 clients send it, `a\b\c:stream` ([MS-FSCC] 2.1.5.1). One leading and one trailing backslash
 * are allowed; throws if any component is invalid.
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
  // A stream of the root has an empty name before the colon.
  if (name !== '' || components.length > 0 || (stream === '' && streamType === '')) components.push(name);
  for (const component of components) if (!isLegalName(component)) throw invalid(path);
  return { components, stream, streamType, trailing };
}

/** The components of a path where streams are not supported: a named one is OBJECT_NAME_INVALID. */
export function pathComponents(path: string): string[] {
  const { components, stream } = parsePath(path);
  if (stream !== '') throw invalid(path);
  return components;
}

/**
 * Converts an SMB1 client's path to the SMB2 form: slashes become backslashes, empty components and `.` are removed,
 * `..` is resolved. Leaving the share is OBJECT_PATH_SYNTAX_BAD.
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
