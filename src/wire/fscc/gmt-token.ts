import { msFromFiletime } from '../dtyp/filetime.js';

const TOKEN = /^@GMT-\d{4}\.\d\d\.\d\d-\d\d\.\d\d\.\d\d$/;

/** [MS-SMB] 2.2.1.1.1 Previous Version Tokens: the name of a snapshot, to the second. */
export function gmtToken(time: bigint): string {
  const text = new Date(Math.floor(msFromFiletime(time) / 1000) * 1000).toISOString();
  return `@GMT-${text.slice(0, 10).replaceAll('-', '.')}-${text.slice(11, 19).replaceAll(':', '.')}`;
}

/** Whether a path component is such a token. */
export function isGmtToken(component: string): boolean {
  return TOKEN.test(component);
}

/** The time that a token stands for, in milliseconds since 1970. */
export function timeOfGmtToken(token: string): number {
  const [date = '', time = ''] = [token.slice(5, 15), token.slice(16)];
  return Date.parse(`${date.replaceAll('.', '-')}T${time.replaceAll('.', ':')}Z`);
}
