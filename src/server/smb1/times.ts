import { filetimeFromMs, msFromFiletime } from '#wire/dtyp/filetime.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import type { NodeFacts } from '#wire/fscc/file-facts.js';
import { FileBasicInformation } from '#wire/fscc/file-info/basic.js';
import { dosDateTimeFromMs, msFromDosDateTime, msFromUtime, utimeFromMs } from '#wire/smb1/dos-time.js';
import { DosTimes } from '#wire/smb1/info/dos-times.js';

/**
 * ServerTimeZone, in minutes west of UTC. Local times are sent in UTC, whatever the machine's zone: UTC has no daylight
 * saving time that old clients would have to be told about.
 */
export const TIME_ZONE = 0;

const DOS_ATTRIBUTES =
  FileAttributes.Readonly |
  FileAttributes.Hidden |
  FileAttributes.System |
  FileAttributes.Directory |
  FileAttributes.Archive;
const LARGEST = 0xffffffff;

/** [MS-CIFS] 2.2.1.2.4 SMB_FILE_ATTRIBUTES: the attributes that fit. */
export function dosAttributes(attributes: number): number {
  return attributes & DOS_ATTRIBUTES;
}

/** A file size limited to 32 bits. */
export function dosSize(size: number): number {
  return Math.min(size, LARGEST);
}

/** Converts a FILETIME to UTIME; 0 means none. */
export function utimeOf(time: bigint): number {
  return time === 0n ? 0 : utimeFromMs(msFromFiletime(time), TIME_ZONE);
}

/** Converts a UTIME to FILETIME; 0 for values that mean "unchanged". */
export function filetimeOfUtime(utime: number): bigint {
  const ms = msFromUtime(utime, TIME_ZONE);
  return ms === undefined ? 0n : filetimeFromMs(ms);
}

/** The three times of a node. */
export function dosTimes(facts: NodeFacts): DosTimes {
  const times = new DosTimes();
  const creation = pair(facts.creationTime);
  const access = pair(facts.lastAccessTime);
  const write = pair(facts.lastWriteTime);
  times.creationDate = creation.date;
  times.creationTime = creation.time;
  times.lastAccessDate = access.date;
  times.lastAccessTime = access.time;
  times.lastWriteDate = write.date;
  times.lastWriteTime = write.time;
  return times;
}

function pair(time: bigint): { readonly date: number; readonly time: number } {
  return time === 0n ? { date: 0, time: 0 } : dosDateTimeFromMs(msFromFiletime(time), TIME_ZONE);
}

/** Converts the three times for setting; zero leaves a time unchanged. */
export function basicFromDosTimes(times: DosTimes): FileBasicInformation {
  const info = new FileBasicInformation();
  info.creationTime = filetime(times.creationDate, times.creationTime);
  info.lastAccessTime = filetime(times.lastAccessDate, times.lastAccessTime);
  info.lastWriteTime = filetime(times.lastWriteDate, times.lastWriteTime);
  return info;
}

function filetime(date: number, time: number): bigint {
  const ms = msFromDosDateTime(date, time, TIME_ZONE);
  return ms === undefined ? 0n : filetimeFromMs(ms);
}
