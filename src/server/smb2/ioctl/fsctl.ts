import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder, EMPTY } from '#wire/io/decoder.js';
import type { Wire } from '#wire/io/layout.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';

const decoder = new Decoder();

/** The answer to a control code. */
export interface FsctlAnswer {
  readonly output: Uint8Array;
  /** Success when absent. An error with output is sent as an IOCTL response ([MS-SMB2] 3.3.4.4). */
  readonly status?: number;
  /** Padding between the fixed part of the response and the output; only used in tests. */
  readonly padding?: number;
}

/**
 * Handles one control code. Throws to refuse; if the output exceeds the client's limit, the request fails with
 * BUFFER_TOO_SMALL.
 */
export type FsctlHandler = (request: IoctlRequest, context: Smb2Context) => FsctlAnswer | Promise<FsctlAnswer>;

/** The answer of a control code without output. */
export const DONE: FsctlAnswer = { output: EMPTY };

/** Decodes the input buffer. */
export function inputOf<T extends Wire>(request: IoctlRequest, input: T): T {
  input.layout(decoder.reset(request.input));
  return input;
}

/** A control code for files and directories; INVALID_DEVICE_REQUEST on a pipe. Closing the file waits for it. */
export function onFile(
  handler: (open: DiskOpen, request: IoctlRequest, context: Smb2Context) => FsctlAnswer | Promise<FsctlAnswer>,
): FsctlHandler {
  return (request, context) => {
    const open = context.diskOpen(request.fileId);
    const outcome = handler(open, request, context);
    return outcome instanceof Promise ? open.work.hold(outcome) : outcome;
  };
}

/** A control code that takes no file: its FileId must be all ones ([MS-SMB2] 3.3.5.15). */
export function onNoFile(handler: FsctlHandler): FsctlHandler {
  return (request, context) => {
    void context.tree;
    if (!request.fileId.isRelated) throw new StatusError(NtStatus.InvalidParameter);
    return handler(request, context);
  };
}

/** A known control code that is always refused. */
export function refused(status: number): () => never {
  return () => {
    throw new StatusError(status);
  };
}
