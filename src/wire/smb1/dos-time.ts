/**
 * Times of the older dialects. All are in the server's time zone: `zoneMinutes` is ServerTimeZone of the NEGOTIATE
 * response, in minutes west of UTC.
 */

const MINUTE = 60_000;

/** [MS-CIFS] 2.2.1.4.1 SMB_DATE and 2.2.1.4.2 SMB_TIME: in steps of two seconds, from 1980 to 2107. */
export interface DosDateTime {
  readonly date: number;
  readonly time: number;
}

const FIRST: DosDateTime = { date: 0x0021, time: 0 };
const LAST: DosDateTime = { date: 0xff9f, time: 0xbf7d };

/** Milliseconds since 1970 to SMB_DATE and SMB_TIME, clamped to their range. */
export function dosDateTimeFromMs(ms: number, zoneMinutes = 0): DosDateTime {
  const local = new Date(ms - zoneMinutes * MINUTE);
  const year = local.getUTCFullYear();
  if (Number.isNaN(year)) return { date: 0, time: 0 };
  if (year < 1980) return FIRST;
  if (year > 2107) return LAST;
  return {
    date: ((year - 1980) << 9) | ((local.getUTCMonth() + 1) << 5) | local.getUTCDate(),
    time: (local.getUTCHours() << 11) | (local.getUTCMinutes() << 5) | (local.getUTCSeconds() >> 1),
  };
}

/** SMB_DATE and SMB_TIME to milliseconds since 1970; undefined for zero ("no time") and for invalid values. */
export function msFromDosDateTime(date: number, time: number, zoneMinutes = 0): number | undefined {
  const month = (date >> 5) & 15;
  const day = date & 31;
  const hours = time >> 11;
  const minutes = (time >> 5) & 63;
  const seconds = (time & 31) * 2;
  if (month < 1 || month > 12 || day < 1 || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return Date.UTC(1980 + (date >> 9), month - 1, day, hours, minutes, seconds) + zoneMinutes * MINUTE;
}

/** [MS-CIFS] 2.2.1.4.3 UTIME: milliseconds since 1970 to seconds since 1970 in the server's zone. */
export function utimeFromMs(ms: number, zoneMinutes = 0): number {
  const seconds = Math.floor(ms / 1000) - zoneMinutes * 60;
  return Math.min(Math.max(seconds, 0), 0xffffffff);
}

/** UTIME to milliseconds since 1970; undefined for 0 and all ones, which mean "leave unchanged". */
export function msFromUtime(utime: number, zoneMinutes = 0): number | undefined {
  if (utime === 0 || utime === 0xffffffff) return undefined;
  return (utime + zoneMinutes * 60) * 1000;
}
