import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type CommandCode, commands } from '#wire/smb2/commands.js';
import type { Waiter } from './gathering.js';

/** A frame that will not be sent. */
interface Unsent {
  readonly calls: readonly { readonly command: number; readonly path?: string | undefined }[];
  readonly waiter: Pick<Waiter<never>, 'failed'>;
}

/** Fails all calls of the frame. */
export function refuse({ calls, waiter }: Unsent, error: unknown): void {
  for (let index = 0; index < calls.length; index++) waiter.failed(index, error);
}

/** Error for a frame that costs more credits than there will ever be. */
export function tooDear({ calls }: Unsent): StatusError {
  const [first] = calls;
  const command = first && commands[first.command as CommandCode].name;
  const hint = 'the server grants too few credits for such a request';
  return new StatusError(NtStatus.InsufficientResources, { command, path: first?.path, hint });
}
