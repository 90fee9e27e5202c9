import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { NegotiateRequest, NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { Cipher, EncryptionCapabilities } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { NegotiateContext, NegotiateContextType } from '#wire/smb2/negotiate-context/negotiate-context.js';
import {
  HashAlgorithm,
  PreauthIntegrityCapabilities,
} from '#wire/smb2/negotiate-context/preauth-integrity-capabilities.js';
import { SigningAlgorithm, SigningCapabilities } from '#wire/smb2/negotiate-context/signing-capabilities.js';
import type { Smb2Server } from './connection.js';

const SALT_BYTES = 32;

/** In order of preference: fastest on common hardware first, as all of them are secure. */
const CIPHERS: readonly number[] = [Cipher.Aes128Gcm, Cipher.Aes128Ccm, Cipher.Aes256Gcm, Cipher.Aes256Ccm];
const SIGNING: readonly number[] = [SigningAlgorithm.AesGmac, SigningAlgorithm.AesCmac, SigningAlgorithm.HmacSha256];

/** Decodes the client's negotiate contexts at 3.1.1 and builds the supported responses ([MS-SMB2] 3.3.5.4). */
export function answerNegotiateContexts(
  connection: Smb2Server,
  request: NegotiateRequest,
  response: NegotiateResponse,
): void {
  const { core } = connection;
  const preauth = only(request, PreauthIntegrityCapabilities);
  if (!preauth) throw new StatusError(NtStatus.InvalidParameter);
  if (!preauth.hashAlgorithms.includes(HashAlgorithm.Sha512)) {
    throw new StatusError(NtStatus.SmbNoPreauthIntegrityHashOverlap);
  }
  const hash = new PreauthIntegrityCapabilities();
  hash.hashAlgorithms = [HashAlgorithm.Sha512];
  hash.salt = core.random(SALT_BYTES);
  const contexts = [NegotiateContext.of(NegotiateContextType.PreauthIntegrityCapabilities, hash)];
  const encryption = only(request, EncryptionCapabilities);
  if (encryption && core.options.encryption !== 'off') {
    connection.cipher = first(CIPHERS, encryption.ciphers);
    const answer = new EncryptionCapabilities();
    answer.ciphers = [connection.cipher];
    contexts.push(NegotiateContext.of(NegotiateContextType.EncryptionCapabilities, answer));
  }
  const signing = only(request, SigningCapabilities);
  if (signing) {
    const common = SIGNING.find((algorithm) => signing.signingAlgorithms.includes(algorithm));
    if (signing.signingAlgorithms.length === 0) throw new StatusError(NtStatus.InvalidParameter);
    if (common !== undefined) {
      connection.signingAlgorithm = common;
      const answer = new SigningCapabilities();
      answer.signingAlgorithms = [common];
      contexts.push(NegotiateContext.of(NegotiateContextType.SigningCapabilities, answer));
    }
  }
  response.negotiateContexts = contexts;
}

/** The only context of a type; InvalidParameter if there are several. */
function only<T>(request: NegotiateRequest, kind: new () => T): T | undefined {
  const found = request.negotiateContexts
    .map(({ data }) => data)
    .filter((data): data is T & typeof data => data instanceof kind);
  if (found.length > 1) throw new StatusError(NtStatus.InvalidParameter);
  return found[0];
}

function first(ours: readonly number[], theirs: readonly number[]): number {
  return ours.find((code) => theirs.includes(code)) ?? 0;
}
