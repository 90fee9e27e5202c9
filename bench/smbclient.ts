import type { Figure } from './job.js';
import { firstError, type Ran } from './measure.js';
import { PASSWORD, USER } from './private-smbd.js';

/** Values of smbclient's `--client-protection`. */
export type ClientProtection = 'off' | 'sign' | 'encrypt';

/** The command that makes smbclient act on the share at a loopback port. */
export const smbclient = (port: number, protection: ClientProtection, what: string): string[] => [
  'smbclient',
  '//127.0.0.1/share',
  ...['-p', String(port), '-U', `${USER}%${PASSWORD}`, '-m', 'SMB3_11', `--client-protection=${protection}`],
  ...['-c', what],
];

/** The duration of a transfer according to smbclient itself, without start and logon. */
export function ownRate({ output, cpuSeconds }: Ran, amount: number): Figure {
  const rate = /\(([\d.]+) [kK]/.exec(output)?.[1];
  if (rate === undefined) throw new Error(firstError(output));
  return { amount, seconds: amount / (Number(rate) * 1024), cpuSeconds };
}
