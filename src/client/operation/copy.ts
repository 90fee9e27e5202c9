import type { TransferOptions } from '../call-options.js';
import type { Control } from '../protocol.js';
import { factsOf, isSameNode, itself, setFacts, whatIs } from './facts.js';
import { type Place, using } from './place.js';

/** How to copy one file. */
export interface CopyOptions extends TransferOptions {
  /** A file that is there already is an error. */
  readonly exclusive?: boolean | undefined;
  /** The copy has the times of the original. */
  readonly preserveTimestamps?: boolean | undefined;
}

/** Copies a file within the share: on the server where it can, else through this machine. */
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
    await using(place, to, { access: 'read-write', create }, control, (target) => target.copyFrom(source, transfer));
    return stat;
  });
  if (options.preserveTimestamps) await setFacts(place.protocol, to, factsOf(times), control);
}
