/** `sombrero/wire`: converts bytes to named fields and back. No I/O and no `node:` imports, so it runs in a browser. */
export type {
  DissectedMessage,
  Dissection,
  DissectOptions,
  HeaderFacts,
  JsonField,
} from './dissect.js';
export { dissect, dissectMessages, findField, findFields, hexOf, toJson } from './dissect.js';
export { filetimeFromMs, filetimeFromNs, filetimeText, msFromFiletime, nsFromFiletime } from './dtyp/filetime.js';
export type { Guid } from './dtyp/guid.js';
export { ConnectionLost, SmbError, StatusError, UsageError } from './erref/errors.js';
export { isError, NtStatus, statusName } from './erref/nt-status.js';
export { FileAttributes, fileAttributeNames } from './fscc/attributes.js';
export type { Field, FieldValue } from './io/dissector.js';
export { FileId } from './io/file-id.js';
export { Malformed } from './io/malformed.js';
export type { NameTable } from './io/names.js';
export { flagText } from './io/names.js';
export { Dialect, dialectNames } from './smb2/dialect.js';
