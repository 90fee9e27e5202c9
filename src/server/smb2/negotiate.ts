import { serverHint } from '#auth/spnego-server.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { GlobalCap, type NegotiateRequest, NegotiateResponse, SecurityMode } from '#wire/smb2/command/negotiate.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Cipher } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { SigningAlgorithm } from '#wire/smb2/negotiate-context/signing-capabilities.js';
import type { Smb2Server } from './connection.js';
import type { Smb2Context } from './context.js';
import { answerNegotiateContexts } from './negotiate-contexts.js';

const NEWEST_FIRST = [Dialect.Smb311, Dialect.Smb302, Dialect.Smb300, Dialect.Smb210, Dialect.Smb202] as const;

/** [MS-SMB2] 3.3.5.4. */
export function negotiate(request: NegotiateRequest, context: Smb2Context): undefined {
  const { connection } = context;
  if (connection.negotiated) {
    connection.fail(new StatusError(NtStatus.InvalidParameter, { command: 'NEGOTIATE', hint: 'a second time' }));
    throw new StatusError(NtStatus.InvalidParameter);
  }
  if (request.dialects.length === 0) throw new StatusError(NtStatus.InvalidParameter);
  const dialect = choose(connection, request.dialects);
  if (dialect === undefined) throw new StatusError(NtStatus.NotSupported);
  connection.clientGuid = request.clientGuid;
  connection.clientCapabilities = request.capabilities;
  connection.clientSecurityMode = request.securityMode;
  connection.clientDialects = request.dialects;
  // A failed attempt may have set it.
  connection.cipher = 0;
  connection.signingAlgorithm = dialect >= Dialect.Smb300 ? SigningAlgorithm.AesCmac : SigningAlgorithm.HmacSha256;
  const response = negotiateResponse(connection, dialect);
  if (dialect === Dialect.Smb311) {
    answerNegotiateContexts(connection, request, response);
    connection.transcript.add(context.request.bytes);
  } else if (dialect >= Dialect.Smb300 && (response.capabilities & GlobalCap.Encryption) !== 0) {
    connection.cipher = Cipher.Aes128Ccm;
  }
  connection.agree(dialect);
  context.request.respond(NtStatus.Success, response, {
    observe: (bytes) => {
      if (dialect === Dialect.Smb311) connection.transcript.add(bytes);
    },
  });
  return undefined;
}

function choose({ core }: Smb2Server, offered: readonly number[]): number | undefined {
  return NEWEST_FIRST.find((d) => d >= core.minDialect && d <= core.maxDialect && offered.includes(d));
}

/**
 * The response for a dialect, or for the wildcard revision, which is followed by a second NEGOTIATE
 * ([MS-SMB2] 3.3.5.3.2).
 */
export function negotiateResponse(connection: Smb2Server, dialect: number): NegotiateResponse {
  const { core } = connection;
  const { signing, encryption } = core.options;
  // The RFC 1002 session service is limited to 128 KiB per message.
  const largeMtu = dialect >= Dialect.Smb210 && dialect !== Dialect.Wildcard && connection.port.framing === 'direct';
  const canEncrypt = (dialect === Dialect.Smb300 || dialect === Dialect.Smb302) && encryption !== 'off';
  const clientEncrypts = (connection.clientCapabilities & GlobalCap.Encryption) !== 0;
  const is3 = dialect >= Dialect.Smb300 && dialect !== Dialect.Wildcard;
  const multiChannel = is3 && connection.port.framing === 'direct' ? GlobalCap.MultiChannel : 0;
  const directoryLeasing = is3 ? GlobalCap.DirectoryLeasing & connection.clientCapabilities : 0;
  const persistent = is3 && core.persistents.store ? GlobalCap.PersistentHandles : 0;
  const response = new NegotiateResponse();
  response.securityMode = SecurityMode.SigningEnabled | (signing === 'enabled' ? 0 : SecurityMode.SigningRequired);
  response.dialectRevision = dialect;
  response.serverGuid = core.guid;
  response.capabilities =
    (largeMtu ? GlobalCap.LargeMtu : 0) |
    (dialect >= Dialect.Smb210 && dialect !== Dialect.Wildcard ? GlobalCap.Leasing : 0) |
    ((multiChannel | persistent) & connection.clientCapabilities) |
    directoryLeasing |
    (canEncrypt && clientEncrypts ? GlobalCap.Encryption : 0);
  // Without multi-credit requests, 64 KiB is the maximum.
  const payable = (bytes: number): number => (largeMtu ? bytes : Math.min(bytes, 65_536));
  response.maxTransactSize = connection.maxTransact = payable(core.limits.transaction);
  response.maxReadSize = response.maxWriteSize = connection.maxTransfer = payable(core.limits.transfer);
  response.systemTime = filetimeFromMs(core.clock.now());
  response.securityBuffer = serverHint();
  connection.capabilities = response.capabilities;
  connection.securityMode = response.securityMode;
  return response;
}
