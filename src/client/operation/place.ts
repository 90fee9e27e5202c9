import type { File } from '../file.js';
import type { OpenOptions } from '../open-options.js';
import type { Control, FileProtocol } from '../protocol.js';
import type { Turns } from '../turns.js';

/** What an operation works on: one share. */
export interface Place {
  readonly protocol: FileProtocol;
  /** Opens a file; the caller closes it. */
  open(path: string, options: OpenOptions, control: Control): Promise<File>;
  /** Queues concurrent appends to one file. */
  readonly appending: Turns;
}

/** Opens a file, runs `work` on it, and closes it. */
export async function using<T>(
  place: Place,
  path: string,
  options: OpenOptions,
  control: Control,
  work: (file: File) => Promise<T>,
): Promise<T> {
  const file = await place.open(path, options, control);
  let result: T;
  try {
    result = await work(file);
  } catch (error) {
    // The original error matters more than whether the close succeeds.
    await file.close().catch(() => undefined);
    throw error;
  }
  await file.close();
  return result;
}
