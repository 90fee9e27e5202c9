import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';

const LOCK = '.lock';
const CONTENT = /^(\d{1,10}) (\S{0,100})\n$/;
/** Of a process that has ended and whose parent has not asked for that yet. */
const ENDED = /^[ZX]$/;
/** Of /proc/PID/stat, behind the name: when the process began, in ticks since the machine did. */
const STATE = 0;
const START = 19;

/**
 * Says that this process uses a directory, and returns how to say that it does not any more; SharingViolation if another
 * process, or somebody else in this one, uses it. Each has a file of its own, so of two that come at once at most one gets
 * it; that of a process that is not there any more is removed.
 */
export async function lockDirectory(path: string): Promise<() => Promise<void>> {
  const own = `${process.pid}-${randomBytes(8).toString('hex')}${LOCK}`;
  const unlock = (): Promise<void> => rm(join(path, own), { force: true });
  await writeFile(join(path, own), `${process.pid} ${(await runOf(process.pid)) ?? ''}\n`, { flag: 'wx', mode: 0o600 });
  try {
    for (const name of await readdir(path)) {
      if (!name.endsWith(LOCK) || name === own) continue;
      const pid = await holderOf(join(path, name));
      if (pid === undefined) await rm(join(path, name), { force: true });
      else throw new StatusError(NtStatus.SharingViolation, { hint: inUse(path, pid) });
    }
  } catch (error) {
    await unlock();
    throw error;
  }
  return unlock;
}

const inUse = (path: string, pid: number): string =>
  `the state directory ${path} is in use by ${pid === process.pid ? 'this process' : `process ${pid}`}`;

/** The process that a lock file is of; undefined if that is gone. */
async function holderOf(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'latin1').catch(() => '');
  const [, pid, run] = CONTENT.exec(text) ?? [];
  if (pid === undefined) return undefined;
  const now = await runOf(Number(pid));
  return now !== undefined && (now === '' || run === '' || now === run) ? Number(pid) : undefined;
}

/** Tells a process from others that had its number before; '' where the system does not say. Undefined: there is none. */
async function runOf(pid: number): Promise<string | undefined> {
  if (!isThere(pid)) return undefined;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (ENDED.test(fields[STATE] ?? '')) return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
    return `${boot.trim()}:${fields[START] ?? ''}`;
  } catch {
    return '';
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
