import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ByteString } from '../name-map.js';

/** Samba's attribute names for what POSIX file systems lack. */
const USER = 'user.';
const STREAM = 'user.DosStream.';
const TYPE = ':$DATA';
const EXTENT = 'user.DosStreamExt.';
/** Same length as `STREAM` and `TYPE` together. */
const REFERENCE = 'user.sombrero.stream.';
/** Limit of Linux, including the namespace. */
const LONGEST_NAME = 255;
const LONGEST_EA_NAME = 255;

/** Used by smbd and its companions, so not available as clients' extended attributes. */
const PRIVATE = new Set([
  'user.dosattrib',
  'user.samba_pai',
  'user.samba_streams',
  'user.smbreparse',
  'user.org.netatalk.metadata',
]);
const PRIVATE_PREFIXES = ['user.dosstream', 'user.sombrero.'];

/** Characters that Windows refuses ([MS-FSCC] 2.4.15): control characters, and those with a meaning in paths. */
const BAD_EA_NAME = /[^\x20-\x7e]|["*+,/:;<=>?[\\\]|]/;

export type EaName = 'good' | 'private' | 'bad';

/** Whether a client may use this name for an extended attribute. `reserved`: an attribute that we use ourselves. */
export function checkEaName(name: string, reserved: ByteString = ''): EaName {
  const bad = name === '' || name.length > LONGEST_EA_NAME - USER.length || BAD_EA_NAME.test(name);
  if (bad) return 'bad';
  return isPrivate(USER + name, reserved) ? 'private' : 'good';
}

/** The client's name of an attribute of the medium; undefined if it is not a client's. */
export function eaNameOf(attribute: ByteString, reserved: ByteString = ''): string | undefined {
  if (!attribute.startsWith(USER) || isPrivate(attribute, reserved)) return undefined;
  const name = attribute.slice(USER.length);
  return checkEaName(name, reserved) === 'good' ? name : undefined;
}

export function attributeOfEa(name: string): ByteString {
  return USER + name;
}

/** The name of the stream that an attribute of the medium holds, in wire spelling. */
export function streamNameOf(attribute: ByteString): string | undefined {
  if (!attribute.startsWith(STREAM) || !attribute.endsWith(TYPE)) return undefined;
  const name = attribute.slice(STREAM.length, -TYPE.length);
  return name === '' ? undefined : fromUtf8(name);
}

export function attributeOfStream(name: string): ByteString {
  return STREAM + toUtf8(name) + TYPE;
}

/** Newer smbd: attribute of a further part of a stream that is too large for one, counted from 1. */
export function extentOfStream(name: string, part: number): ByteString {
  return `${EXTENT}${part}.${toUtf8(name)}${TYPE}`;
}

/** Our own attribute, which refers to a stream stored elsewhere. */
export function referenceOfStream(name: string): ByteString {
  return REFERENCE + toUtf8(name);
}

export function streamOfReference(attribute: ByteString): string | undefined {
  return attribute.startsWith(REFERENCE) && attribute !== REFERENCE
    ? fromUtf8(attribute.slice(REFERENCE.length))
    : undefined;
}

/** Throws ObjectNameInvalid if the medium cannot store such a name. */
export function checkStreamName(name: string): void {
  const good = name !== '' && !/[\0/\\:]/.test(name) && attributeOfStream(name).length <= LONGEST_NAME;
  // A lone surrogate would not survive the round trip.
  if (good && fromUtf8(toUtf8(name)) === name) return;
  throw new StatusError(NtStatus.ObjectNameInvalid, { hint: 'stream' });
}

/** Unlike file names, stream names need no mapping of characters that Windows forbids. */
function toUtf8(name: string): ByteString {
  return Buffer.from(name).toString('latin1');
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined if it is not UTF-8, so that no client could name it. */
function fromUtf8(name: ByteString): string | undefined {
  try {
    return strict.decode(Buffer.from(name, 'latin1'));
  } catch {
    return undefined;
  }
}

function isPrivate(attribute: ByteString, reserved: ByteString): boolean {
  const folded = attribute.toLowerCase();
  return (
    folded === reserved.toLowerCase() ||
    PRIVATE.has(folded) ||
    PRIVATE_PREFIXES.some((prefix) => folded.startsWith(prefix))
  );
}
