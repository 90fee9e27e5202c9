import { ConnectionLost } from '#wire/erref/errors.js';
import type { TransferOptions } from '../call-options.js';
import type { File } from '../file.js';
import type { OpenOptions } from '../open-options.js';
import { toWire } from '../paths.js';
import type { Control } from '../protocol.js';
import { exactTimes, factsOf, isSameFile, isSameNode, itself, setFacts, whatIs } from './facts.js';
import { type Place, using } from './place.js';

/** How to copy one file. */
export interface CopyOptions extends TransferOptions {
  /** Fails if the target exists. */
  readonly exclusive?: boolean | undefined;
  /** The copy gets the times of the original. */
  readonly preserveTimestamps?: boolean | undefined;
}

/** Copies a file within the share: on the server if possible, otherwise through this machine. */
export async function copy(
  place: Place,
  from: string,
  to: string,
  options: CopyOptions,
  control: Control,
): Promise<void> {
  const create = options.exclusive ? 'exclusive' : 'truncate';
  const transfer = { ...control, onProgress: options.onProgress };
  const times = await using(place, from, { access: 'read' }, control, async (source) => {
    const [stat, there] = await Promise.all([
      source.stat(control),
      options.exclusive ? undefined : whatIs(place.protocol, to, control),
    ]);
    if (there && isSameNode(from, stat, to, there)) throw itself('COPY', from);
    // Overwriting a file deletes its streams ([MS-FSA] 2.1.5.1.2.1), and the source may be one of them.
    const within = there !== undefined && isSameFile(from, stat, to, there);
    const how = { access: 'read-write', create: within ? 'if-missing' : create } as const;
    const missing = there === undefined && !options.exclusive;
    await making(place, to, { ...how, missing }, control, async (target) => {
      if (within) await target.truncate(0, control);
      await target.copyFrom(source, transfer);
    });
    return stat;
  });
  if (options.preserveTimestamps) await setFacts(place.protocol, to, factsOf(exactTimes(times)), control);
}

/**
 * Fills a new file, and removes it again on failure, like `fs`: an incomplete copy must not remain. `missing`: the file
 * did not exist before.
 */
async function making(
  place: Place,
  path: string,
  { missing, ...how }: OpenOptions & { readonly missing: boolean },
  control: Control,
  fill: (file: File) => Promise<void>,
): Promise<void> {
  let made = false;
  try {
    await using(place, path, how, control, (file) => {
      made = file.created;
      return fill(file);
    });
  } catch (error) {
    // An aborted open may have created the file, too.
    made ||= missing && control.signal?.aborted === true;
    // Without the signal, which may be what ended the copy; the original error is the one to report.
    if (made && !(error instanceof ConnectionLost)) {
      await place.protocol.remove(toWire(path), false).catch(() => undefined);
    }
    throw error;
  }
}
