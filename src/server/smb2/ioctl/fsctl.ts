import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder, EMPTY } from '#wire/io/decoder.js';
import type { Wire } from '#wire/io/layout.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import type { DiskOpen } from '../../state/open.js';
import type { Smb2Context } from '../context.js';

const decoder = new Decoder();

/** What a control code answers. */
export interface FsctlAnswer {
  readonly output: Uint8Array;
  /** Success when absent. An error with output goes out as an IOCTL response ([MS-SMB2] 3.3.4.4). */
  readonly status?: number;
  /** Bytes between the fixed part of the response and the output; none but for tests. */
  readonly padding?: number;
}

/** Answers one control code. Throws to refuse; more output than the client has room for is BUFFER_TOO_SMALL. */
export type FsctlHandler = (request: IoctlRequest, context: Smb2Context) => FsctlAnswer | Promise<FsctlAnswer>;

/** The answer of a code that has nothing to tell but that it is done. */
export const DONE: FsctlAnswer = { output: EMPTY };

/** Reads the input buffer. */
export function inputOf<T extends Wire>(request: IoctlRequest, input: T): T {
  input.layout(decoder.reset(request.input));
  return input;
}

/** A code about a file or directory; on a pipe INVALID_DEVICE_REQUEST. A close waits for its answer. */
export function onFile(
  handler: (open: DiskOpen, request: IoctlRequest, context: Smb2Context) => FsctlAnswer | Promise<FsctlAnswer>,
): FsctlHandler {
  return (request, context) => {
    const open = context.diskOpen(request.fileId);
    const outcome = handler(open, request, context);
    return outcome instanceof Promise ? open.work.hold(outcome) : outcome;
  };
}

/** A code about no file: its FileId must be all ones ([MS-SMB2] 3.3.5.15). */
export function onNoFile(handler: FsctlHandler): FsctlHandler {
  return (request, context) => {
    void context.tree;
    if (!request.fileId.isRelated) throw new StatusError(NtStatus.InvalidParameter);
    return handler(request, context);
  };
}

/** A code that is known and never served. */
export function refused(status: number): () => never {
  return () => {
    throw new StatusError(status);
  };
}
