import type { ConnectOptions } from '#client/index.js';
import type { SubjectName } from './subjects.js';

/** Bytes of a small file, and entries of the directory that is listed. */
export const SMALL = 4096;
export const LISTED = 2000;
/** Small files are spread over folders: to create one, smbd searches its whole directory. */
export const PER_FOLDER = 100;

/** With its default of 20, @marsaud/smb2 waits for a distant server; more than this makes it no faster. */
export const PACKETS = 128;

/** Path of a small file in its tree. */
export const smallPath = (index: number): string => `${Math.floor(index / PER_FOLDER)}/f${index}`;

/** Path of the large file of a size, for reading. */
export const largePath = (size: number): string => `large-${size}`;

/** As streams; by the fastest call, in memory; or between files. */
export type LargeWork = 'read-stream' | 'write-stream' | 'read-large' | 'write-large' | 'download' | 'upload';

/** A job for a process of bench/worker.ts. */
export interface Job {
  readonly subject: SubjectName;
  readonly port: number;
  /** Where the packages are installed and local files are. */
  readonly folder: string;
  readonly options?: ConnectOptions;
  readonly work: LargeWork | 'read-small' | 'write-small' | 'list';
  /** Size of the large file in bytes, number of small files, or number of listings. */
  readonly count: number;
  /** Operations in flight at a time. */
  readonly lanes: number;
}

export interface Figure {
  /** In bytes, files or entries. */
  readonly amount: number;
  readonly seconds: number;
  /** Processor time of the client and its child processes. */
  readonly cpuSeconds: number;
}
