import type { NameTable } from '../io/names.js';

/** [MS-SMB2] 2.2.3 Dialects. */
export const Dialect = {
  Smb202: 0x0202,
  Smb210: 0x0210,
  Smb300: 0x0300,
  Smb302: 0x0302,
  Smb311: 0x0311,
  /** SMB 2.1 or later, in the answer to an SMB1 NEGOTIATE that offers "SMB 2.???". */
  Wildcard: 0x02ff,
} as const;

/** Common names of the dialects. */
export const dialectNames: NameTable = {
  [Dialect.Smb202]: '2.0.2',
  [Dialect.Smb210]: '2.1',
  [Dialect.Smb300]: '3.0',
  [Dialect.Smb302]: '3.0.2',
  [Dialect.Smb311]: '3.1.1',
  [Dialect.Wildcard]: '2.???',
};
