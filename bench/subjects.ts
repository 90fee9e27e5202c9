/** Five packages behind one interface. Each call is used as documented, without workarounds. */
import type { ConnectOptions } from '#client/index.js';
import { statusName } from '#wire/erref/nt-status.js';
import { PASSWORD, USER } from './private-smbd.js';
import { awo } from './subject/awo.js';
import { marsaud } from './subject/marsaud.js';
import { samba } from './subject/samba.js';
import { sombrero } from './subject/sombrero.js';
import type { Place, Subject } from './subject/subject.js';

export const SUBJECTS = ['sombrero', '@marsaud/smb2', '@awo00/smb2', 'v9u-smb2', 'samba-client'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** Flags that Node needs to run a package: these need MD4 from OpenSSL's legacy provider. */
export const NODE_FLAGS: Readonly<Partial<Record<SubjectName, readonly string[]>>> = {
  '@marsaud/smb2': ['--openssl-legacy-provider'],
  'v9u-smb2': ['--openssl-legacy-provider'],
};

export const place = (port: number, folder: string, options: ConnectOptions = {}, packets?: number): Place => ({
  port,
  user: USER,
  password: PASSWORD,
  options,
  packets,
  folder,
});

/** Loads a package and connects with it. */
export function open(name: SubjectName, where: Place): Promise<Subject> {
  switch (name) {
    case 'sombrero':
      return sombrero(where);
    case '@awo00/smb2':
      return awo(where);
    case 'samba-client':
      return samba(where);
    case '@marsaud/smb2':
    case 'v9u-smb2':
      return marsaud(name, where);
  }
}

/** The reason for an error: its NT status, if it contains one. `@awo00/smb2` throws whole responses. */
export function reasonOf(error: unknown): string {
  const { header } = (error ?? {}) as { header?: { status?: number } };
  if (header?.status !== undefined) return statusName(header.status);
  const text = error instanceof Error ? error.message : String(error);
  const status = /\b(?:NT_)?STATUS_\w+/.exec(text)?.[0].replace(/^NT_/, '');
  return status ?? (text.split('\n')[0] ?? '').trim().slice(0, 160);
}
