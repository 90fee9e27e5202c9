import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ByteString } from '../name-map.js';

/** Samba's names for what has no place in a POSIX file system. */
const USER = 'user.';
const STREAM = 'user.DosStream.';
const TYPE = ':$DATA';
const EXTENT = 'user.DosStreamExt.';
/** As long as `STREAM` and `TYPE`. */
const REFERENCE = 'user.sombrero.stream.';
/** Linux's limit, the namespace included. */
const LONGEST_NAME = 255;
const LONGEST_EA_NAME = 255;

/** Of smbd itself, and of what sits on top of it: no client's extended attribute. */
const PRIVATE = new Set([
  'user.dosattrib',
  'user.samba_pai',
  'user.samba_streams',
  'user.smbreparse',
  'user.org.netatalk.metadata',
]);
const PRIVATE_PREFIXES = ['user.dosstream', 'user.sombrero.'];

/** Names that Windows refuses ([MS-FSCC] 2.4.15): control characters, and those that mean something in a path. */
const BAD_EA_NAME = /[^\x20-\x7e]|["*+,/:;<=>?[\\\]|]/;

export type EaName = 'good' | 'private' | 'bad';

/** Whether a client may have an extended attribute of this name. `reserved`: an attribute that we use ourselves. */
export function checkEaName(name: string, reserved: ByteString = ''): EaName {
  const bad = name === '' || name.length > LONGEST_EA_NAME - USER.length || BAD_EA_NAME.test(name);
  if (bad) return 'bad';
  return isPrivate(USER + name, reserved) ? 'private' : 'good';
}

/** The extended attribute that an attribute of the medium is; undefined if it is none. */
export function eaNameOf(attribute: ByteString, reserved: ByteString = ''): string | undefined {
  if (!attribute.startsWith(USER) || isPrivate(attribute, reserved)) return undefined;
  const name = attribute.slice(USER.length);
  return checkEaName(name, reserved) === 'good' ? name : undefined;
}

export function attributeOfEa(name: string): ByteString {
  return USER + name;
}

/** The stream that an attribute of the medium is, as the wire spells it. */
export function streamNameOf(attribute: ByteString): string | undefined {
  if (!attribute.startsWith(STREAM) || !attribute.endsWith(TYPE)) return undefined;
  const name = attribute.slice(STREAM.length, -TYPE.length);
  return name === '' ? undefined : fromUtf8(name);
}

export function attributeOfStream(name: string): ByteString {
  return STREAM + toUtf8(name) + TYPE;
}

/** Of newer smbd: the further parts of a stream that one attribute does not hold, counted from 1. */
export function extentOfStream(name: string, part: number): ByteString {
  return `${EXTENT}${part}.${toUtf8(name)}${TYPE}`;
}

/** Ours: says where a stream is that the medium cannot hold. */
export function referenceOfStream(name: string): ByteString {
  return REFERENCE + toUtf8(name);
}

export function streamOfReference(attribute: ByteString): string | undefined {
  return attribute.startsWith(REFERENCE) && attribute !== REFERENCE
    ? fromUtf8(attribute.slice(REFERENCE.length))
    : undefined;
}

/** ObjectNameInvalid if the medium cannot have such a name. */
export function checkStreamName(name: string): void {
  const good = name !== '' && !/[\0/\\:]/.test(name) && attributeOfStream(name).length <= LONGEST_NAME;
  // Half a surrogate pair would come back as something else.
  if (good && fromUtf8(toUtf8(name)) === name) return;
  throw new StatusError(NtStatus.ObjectNameInvalid, { hint: 'stream' });
}

/** Names of streams are no names of files: what Windows forbids in those needs no other spelling here. */
function toUtf8(name: string): ByteString {
  return Buffer.from(name).toString('latin1');
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined if it is none: then nobody can name it. */
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
