import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';
import { DONE, type FsctlAnswer, type FsctlHandler, onFile } from './fsctl.js';

/** Misbehaviour of a connection that a test can request. */
export interface Torture {
  /** Padding between the fixed part of a READ response and its data, in bytes. */
  readPadding: number;
  /** Behaves as if the client acknowledged nothing: a break is sent over another channel and ends this one. */
  deaf: boolean;
}

/** A connection that behaves normally. */
export const noTorture = (): Torture => ({ readPadding: 0, deaf: false });

const PADDING = 8;
const FILL = 8;

/**
 * Private control codes of Samba's test suite that force server behaviour which a client cannot provoke. Only served
 * with `ServerOptions.torture`.
 */
export const tortureHandlers: Readonly<Record<number, FsctlHandler>> = {
  /** FSCTL_SMBTORTURE_FORCE_UNACKED_TIMEOUT */
  2206498819: onConnection(({ torture }) => {
    torture.deaf = true;
    return DONE;
  }),
  /** FSCTL_SMBTORTURE_IOCTL_RESPONSE_BODY_PADDING8 */
  2206498835: onConnection((_connection, request) => {
    return { output: new Uint8Array(request.maxOutputResponse).fill(FILL), padding: PADDING };
  }),
  /** FSCTL_SMBTORTURE_GLOBAL_READ_RESPONSE_BODY_PADDING8 */
  2206498851: onConnection(({ torture }) => {
    torture.readPadding = PADDING;
    return DONE;
  }),
  /** FSCTL_SMBTORTURE_FSP_ASYNC_SLEEP: sleeps for the number of milliseconds in the one input byte. */
  2206498883: onFile(sleep),
};

function onConnection(
  handler: (connection: Smb2Context['connection'], request: IoctlRequest) => FsctlAnswer,
): FsctlHandler {
  return (request, { connection }) => {
    if (request.input.length !== 0) throw new StatusError(NtStatus.InvalidParameter);
    return handler(connection, request);
  };
}

async function sleep(_open: DiskOpen, request: IoctlRequest, context: Smb2Context): Promise<FsctlAnswer> {
  const [ms] = request.input;
  if (request.input.length !== 1 || ms === undefined) throw new StatusError(NtStatus.InvalidParameter);
  const { signal } = context.request;
  await new Promise<void>((resolve) => {
    const cancel = context.core.clock.after(ms, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });
  if (signal.aborted) throw new StatusError(NtStatus.Cancelled);
  return DONE;
}
