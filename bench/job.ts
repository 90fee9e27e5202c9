import type { ConnectOptions } from '#client/index.js';
import type { SubjectName } from './subjects.js';

/** Bytes of a small file, entries of the directory that is listed. */
export const SMALL = 4096;
export const LISTED = 2000;
/** Small files lie in folders: to make one, smbd looks through all that are in its directory. */
export const PER_FOLDER = 100;

/** With the 20 that @marsaud/smb2 has by itself, it waits for a server far away; more than these make it no faster. */
export const PACKETS = 128;

/** Where a small file lies in its tree. */
export const smallPath = (index: number): string => `${Math.floor(index / PER_FOLDER)}/f${index}`;

/** A large file by its size, which is there to be read. */
export const largePath = (size: number): string => `large-${size}`;

/** Streams, then the fastest there is, into memory and out of it, or between files. */
export type LargeWork = 'read-stream' | 'write-stream' | 'read-large' | 'write-large' | 'download' | 'upload';

/** What a process of bench/worker.ts is told to do. */
export interface Job {
  readonly subject: SubjectName;
  readonly port: number;
  /** Where the packages are installed, and files of this machine lie. */
  readonly folder: string;
  readonly options?: ConnectOptions;
  readonly work: LargeWork | 'read-small' | 'write-small' | 'list';
  /** Bytes of the large file that is read or written, number of small ones, turns of the list. */
  readonly count: number;
  /** Operations under way at a time. */
  readonly lanes: number;
}

export interface Figure {
  /** Bytes, files or entries. */
  readonly amount: number;
  readonly seconds: number;
  /** Processor time of the client, its children included where there are any. */
  readonly cpuSeconds: number;
}
