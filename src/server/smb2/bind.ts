import type { Identity } from '#auth/mechanism.js';
import { verifySignature } from '#engine/smb2/compose.js';
import { protect } from '#engine/smb2/session-keys.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { SigningAlgorithm } from '#wire/smb2/negotiate-context/signing-capabilities.js';
import type { Smb2Context } from './context.js';
import { type Channel, type ChannelTerms, isSameUser, type Smb2Session } from './session.js';

/** The channel of a SESSION_SETUP that binds an existing session to this connection ([MS-SMB2] 3.3.5.5). */
export function bindingChannel(context: Smb2Context): Channel {
  const { connection, request, core } = context;
  if (request.sessionId === 0n) throw new StatusError(NtStatus.InvalidParameter);
  const known = connection.channels.get(request.sessionId);
  const session = known?.session ?? core.smb2Sessions.get(request.sessionId);
  if (session === undefined) throw new StatusError(NtStatus.UserSessionDeleted);
  // [MS-SMB2] 3.3.5.2.4: the session is not on this connection yet, so the engine could not verify the signature.
  const proven = request.signed && verifySignature(request.bytes, request.header, session.security, false);
  // A refusal is signed with the session's key only for a client that has proven to know it. Anybody else could choose
  // the message id and make AES-GMAC reuse a nonce.
  if (proven) request.security ??= session.security;
  requireTerms(session.terms, connection);
  if (!request.signed) throw new StatusError(NtStatus.InvalidParameter);
  if (known?.joins && !known.established) return known;
  requireBindable(session, context, proven);
  if (known !== undefined) throw new StatusError(NtStatus.RequestNotAccepted);
  if (connection.channels.size >= core.limits.sessions || session.channels.size >= core.limits.channels) {
    throw new StatusError(NtStatus.InsufficientResources);
  }
  return session.join(connection, connection.transcript.fork());
}

// Checked in the same order as by Windows: AES-GMAC on one side only, dialects, cipher.
function requireTerms(session: ChannelTerms, connection: ChannelTerms): void {
  const { AesGmac } = SigningAlgorithm;
  if (session.signingAlgorithm !== connection.signingAlgorithm) {
    if (session.signingAlgorithm === AesGmac) throw new StatusError(NtStatus.RequestOutOfSequence);
    if (connection.signingAlgorithm === AesGmac) throw new StatusError(NtStatus.NotSupported);
  }
  if (connection.dialect < Dialect.Smb300) throw new StatusError(NtStatus.RequestNotAccepted);
  if (session.dialect !== connection.dialect || session.cipher !== connection.cipher) {
    throw new StatusError(NtStatus.InvalidParameter);
  }
}

function requireBindable({ session }: Smb2Session, { core }: Smb2Context, proven: boolean): void {
  if (session === undefined) throw new StatusError(NtStatus.RequestNotAccepted);
  if (session.identity.kind !== 'user') throw new StatusError(NtStatus.NotSupported);
  const { expiresAt } = session.identity;
  if (expiresAt !== undefined && expiresAt <= core.clock.now()) throw new StatusError(NtStatus.NetworkSessionExpired);
  if (!proven) throw new StatusError(NtStatus.AccessDenied);
}

/** Derives the channel's signing key once the user has authenticated over it ([MS-SMB2] 3.3.5.5.3). */
export function finishBinding({ core, connection }: Smb2Context, channel: Channel, identity: Identity): void {
  const { session, transcript } = channel;
  if (!isSameUser(session.identity, identity)) throw new StatusError(NtStatus.AccessDenied);
  if (identity.sessionKey.length === 0) throw new StatusError(NtStatus.NotSupported);
  const { dialect, signingAlgorithm, cipher } = connection;
  const { id, signingRequired, encryptionRequired } = session.security;
  const { sessionKey } = identity;
  const terms = { id, dialect, signingAlgorithm, cipher, sessionKey, transcript, signingRequired, encryptionRequired };
  const { signer } = protect(terms, 'server', core.random);
  channel.security = { ...session.security, signer };
  channel.established = true;
  connection.authenticated();
}
