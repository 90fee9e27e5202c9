import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import { Malformed } from '#wire/io/malformed.js';
import { type CommandCode, commands } from '#wire/smb2/commands.js';
import { Command, Smb2Header } from '#wire/smb2/header.js';
import { isUnderpaid } from './batch.js';
import { isSigned, verifySignature } from './compose.js';
import type { SessionSecurity } from './security.js';
import type { Smb2ServerRequest } from './server-request.js';
import type { Incoming } from './split.js';

const decoder = new Decoder();

/**
 * Checks that precede any command's own handling: returns the status to refuse the request with, or Success with the
 * body decoded. `malformed` is told why a body could not be decoded.
 */
export function admission(
  message: Incoming,
  request: Smb2ServerRequest,
  dialect: number,
  malformed: (request: Smb2ServerRequest, error: Malformed) => void,
): number {
  const { header, bytes } = message;
  const protection = protectionStatus(message, request);
  if (protection !== NtStatus.Success) return protection;
  if (request.orphan || header.isResponse || header.isAsync) return NtStatus.InvalidParameter;
  if (isUnderpaid(message, dialect)) return NtStatus.InvalidParameter;
  const codec = commands[header.command as CommandCode];
  if (!codec) return NtStatus.InvalidParameter;
  const body = codec.request();
  try {
    decoder.dialect = dialect;
    new Smb2Header().layout(decoder.reset(bytes));
    body.layout(decoder);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    malformed(request, error);
    return NtStatus.InvalidParameter;
  }
  request.body = body;
  return NtStatus.Success;
}

// [MS-SMB2] 3.3.5.2.4 and 3.3.5.2.9: signed or encrypted as the session requires.
function protectionStatus(message: Incoming, request: Smb2ServerRequest): number {
  const { security, encrypted } = request;
  const { command } = message.header;
  if (encrypted) return NtStatus.Success;
  if (!security) return strangerStatus(request, command);
  if (security.encryptionRequired && command !== Command.SessionSetup) return NtStatus.AccessDenied;
  if (command === Command.Negotiate || isSignedAsDemanded(message, security)) return NtStatus.Success;
  return NtStatus.AccessDenied;
}

// Signed for a session that this connection does not have. SESSION_SETUP may be about to bind to it.
function strangerStatus({ signed, orphan, previous, sessionId }: Smb2ServerRequest, command: number): number {
  const joins = command === Command.SessionSetup && sessionId !== 0n;
  if (!signed || orphan || joins) return NtStatus.Success;
  if (previous !== undefined) return NtStatus.InvalidParameter;
  return command === Command.Negotiate ? NtStatus.InvalidParameter : NtStatus.UserSessionDeleted;
}

/** Whether an unencrypted message has a valid signature or needs none. */
export function isSignedAsDemanded({ header, bytes }: Incoming, security: SessionSecurity): boolean {
  if (!isSigned(header)) return !security.signingRequired;
  return !security.signer || verifySignature(bytes, header, security, false);
}
