import { msFromFiletime } from '#wire/dtyp/filetime.js';
import { GlobalCap, type NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import type { Offered } from './ask.js';
import { type Finding, finding } from './finding.js';

/** Kerberos fails with a larger skew, and new files appear to come from the future. */
const MAX_SKEW_MS = 300_000;

/** What the NEGOTIATE response says about the server itself. */
export function serverFindings({ response, credits, at }: Offered): Finding[] {
  return [...sizeFindings(response), creditFinding(credits), ...abilityFindings(response), clockFinding(response, at)];
}

function sizeFindings({ maxReadSize, maxWriteSize, maxTransactSize }: NegotiateResponse): Finding[] {
  const smallest = Math.min(maxReadSize, maxWriteSize);
  const means =
    smallest >= 1024 * 1024
      ? 'large requests, as fast transfers need them'
      : 'small requests only: transfers over long distances will be slow';
  const text = `read ${size(maxReadSize)}, write ${size(maxWriteSize)}, other ${size(maxTransactSize)}`;
  return [finding('sizes', 'largest requests', text, smallest >= 1024 * 1024 ? 'good' : 'neutral', means)];
}

function size(bytes: number): string {
  return bytes >= 1024 * 1024 && bytes % (1024 * 1024) === 0 ? `${bytes / 1024 / 1024} MiB` : `${bytes / 1024} KiB`;
}

function creditFinding(credits: number): Finding {
  const means = 'requests that a client may have under way before it has logged on; servers grant more as it goes on';
  return finding('credits', 'first credits', credits, 'neutral', means);
}

const ABILITIES: readonly (readonly [bit: number, id: string, title: string, yes: string, no: string])[] = [
  [GlobalCap.Dfs, 'dfs', 'DFS', 'its shares may lead to other servers', 'its shares lead nowhere else'],
  [
    GlobalCap.MultiChannel,
    'multichannel',
    'multichannel',
    'one session may use several connections',
    'one connection for each session',
  ],
  [GlobalCap.Leasing, 'leases', 'leases', 'clients may cache what they read and write', 'clients cache less'],
  [
    GlobalCap.DirectoryLeasing,
    'directory-leases',
    'directory leases',
    'clients may cache listings',
    'clients list anew each time',
  ],
  [
    GlobalCap.PersistentHandles,
    'persistent-handles',
    'persistent handles',
    'open files may survive a restart of the server',
    'open files do not survive a restart of the server',
  ],
];

function abilityFindings({ capabilities }: NegotiateResponse): Finding[] {
  return ABILITIES.map(([bit, id, title, yes, no]) => {
    const on = (capabilities & bit) !== 0;
    return finding(id, title, on, 'neutral', on ? yes : no);
  });
}

function clockFinding({ systemTime }: NegotiateResponse, now: number): Finding {
  if (systemTime === 0n) return finding('clock', 'clock', undefined, 'neutral', 'the server does not tell its time');
  const skew = Math.round(msFromFiletime(systemTime) - now);
  const seconds = Math.round(skew / 1000);
  const off = Math.abs(skew) > MAX_SKEW_MS;
  const text = Math.abs(seconds) < 2 ? 'right' : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`;
  const means = off
    ? 'the clocks differ by more than five minutes: logons with Kerberos fail, and times of files mislead'
    : 'the clocks agree well enough';
  return finding('clock', 'clock', text, off ? 'bad' : 'good', means);
}
