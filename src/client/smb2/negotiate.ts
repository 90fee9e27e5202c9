import type { Smb2ClientConnection } from '#engine/smb2/client-connection.js';
import type { Transcript } from '#engine/smb2/session-keys.js';
import type { Random } from '#engine/transport.js';
import { readGuid } from '#wire/dtyp/guid.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { GlobalCap, NegotiateRequest, type NegotiateResponse, SecurityMode } from '#wire/smb2/command/negotiate.js';
import { Dialect, dialectNames } from '#wire/smb2/dialect.js';
import { Command } from '#wire/smb2/header.js';
import { Cipher, EncryptionCapabilities } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { NegotiateContext, NegotiateContextType } from '#wire/smb2/negotiate-context/negotiate-context.js';
import { NetnameNegotiateContextId } from '#wire/smb2/negotiate-context/netname-negotiate-context-id.js';
import {
  HashAlgorithm,
  PreauthIntegrityCapabilities,
} from '#wire/smb2/negotiate-context/preauth-integrity-capabilities.js';
import { SigningAlgorithm, SigningCapabilities } from '#wire/smb2/negotiate-context/signing-capabilities.js';
import { NT1, type Settings } from '../options.js';

const SALT_SIZE = 32;
const SINGLE_CREDIT = 65536;

/** The result of NEGOTIATE. */
export interface Agreement {
  readonly dialect: number;
  readonly signingAlgorithm: number;
  /** 0 if none. */
  readonly cipher: number;
  readonly serverRequiresSigning: boolean;
  readonly serverGuid: string;
  readonly maxTransact: number;
  readonly maxRead: number;
  readonly maxWrite: number;
  readonly securityBuffer: Uint8Array;
  /** The server supports multi-credit requests. */
  readonly largeMtu: boolean;
  /** Kept for VALIDATE_NEGOTIATE_INFO. */
  readonly request: NegotiateRequest;
  readonly response: NegotiateResponse;
}

/** The NEGOTIATE request for the settings ([MS-SMB2] 3.2.4.2.2.2). */
export function negotiateRequest(settings: Settings, random: Random): NegotiateRequest {
  const request = new NegotiateRequest();
  request.dialects = settings.dialects.filter((dialect) => dialect !== NT1);
  const modern = request.dialects.some((dialect) => dialect >= Dialect.Smb300);
  request.securityMode = settings.signing === 'required' ? SecurityMode.SigningRequired : SecurityMode.SigningEnabled;
  request.capabilities = GlobalCap.LargeMtu | GlobalCap.Leasing;
  if (modern) request.capabilities |= GlobalCap.PersistentHandles;
  if (modern && settings.channels > 1) request.capabilities |= GlobalCap.MultiChannel;
  if (modern && settings.encryption !== 'off') request.capabilities |= GlobalCap.Encryption;
  request.clientGuid = settings.clientGuid ?? readGuid(random(16));
  if (request.dialects.includes(Dialect.Smb311)) request.negotiateContexts = contexts(settings, random);
  return request;
}

function contexts(settings: Settings, random: Random): NegotiateContext[] {
  const preauth = new PreauthIntegrityCapabilities();
  preauth.hashAlgorithms = [HashAlgorithm.Sha512];
  preauth.salt = random(SALT_SIZE);
  const signing = new SigningCapabilities();
  signing.signingAlgorithms = [...settings.signingAlgorithms];
  const netname = new NetnameNegotiateContextId();
  netname.netName = settings.host;
  const list = [NegotiateContext.of(NegotiateContextType.PreauthIntegrityCapabilities, preauth)];
  if (settings.encryption !== 'off') {
    const encryption = new EncryptionCapabilities();
    encryption.ciphers = [...settings.ciphers];
    list.push(NegotiateContext.of(NegotiateContextType.EncryptionCapabilities, encryption));
  }
  list.push(NegotiateContext.of(NegotiateContextType.SigningCapabilities, signing));
  list.push(NegotiateContext.of(NegotiateContextType.NetnameNegotiateContextId, netname));
  return list;
}

/** Negotiates SMB2; both messages are added to the transcript. */
export async function negotiateSmb2(
  engine: Smb2ClientConnection,
  settings: Settings,
  transcript: Transcript,
  random: Random,
): Promise<Agreement> {
  const request = negotiateRequest(settings, random);
  const { signal } = settings;
  const reply = await engine.call({ command: Command.Negotiate, body: request }, { signal, observe: transcript.add });
  transcript.add(reply.bytes);
  return agreementOf(settings, request, reply.body as NegotiateResponse);
}

/** Checks the server's choice against what was offered ([MS-SMB2] 3.2.5.2). */
export function agreementOf(settings: Settings, request: NegotiateRequest, response: NegotiateResponse): Agreement {
  const dialect = response.dialectRevision;
  if (!request.dialects.includes(dialect)) {
    const name = dialectNames[dialect] ?? `0x${dialect.toString(16)}`;
    throw new ConnectionLost(`the server chose dialect ${name}, which was not offered`, { retryable: false });
  }
  const chosen = dialect === Dialect.Smb311 ? chosenAt311(settings, response) : chosenBelow(settings, response);
  const requires = (response.securityMode & SecurityMode.SigningRequired) !== 0;
  checkPolicy(settings, chosen.cipher, requires, dialect);
  const largeMtu = dialect > Dialect.Smb202 && (response.capabilities & GlobalCap.LargeMtu) !== 0;
  const capped = (size: number): number => Math.max(1, largeMtu ? size : Math.min(size, SINGLE_CREDIT));
  return {
    dialect,
    ...chosen,
    serverRequiresSigning: requires,
    serverGuid: response.serverGuid,
    maxTransact: capped(response.maxTransactSize),
    maxRead: capped(response.maxReadSize),
    maxWrite: capped(response.maxWriteSize),
    securityBuffer: response.securityBuffer.slice(),
    largeMtu,
    request,
    response,
  };
}

function chosenAt311(settings: Settings, response: NegotiateResponse): { signingAlgorithm: number; cipher: number } {
  let preauth: PreauthIntegrityCapabilities | undefined;
  let signingAlgorithm: number = SigningAlgorithm.AesCmac;
  let cipher = 0;
  for (const { data } of response.negotiateContexts) {
    if (data instanceof PreauthIntegrityCapabilities) preauth = data;
    if (data instanceof EncryptionCapabilities) cipher = only('cipher', data.ciphers, [0, ...settings.ciphers]);
    if (data instanceof SigningCapabilities) {
      signingAlgorithm = only('signing algorithm', data.signingAlgorithms, settings.signingAlgorithms);
    }
  }
  if (preauth?.hashAlgorithms.length !== 1 || preauth.hashAlgorithms[0] !== HashAlgorithm.Sha512) {
    throw new ConnectionLost('the server agreed to no preauthentication hash', { retryable: false });
  }
  return { signingAlgorithm, cipher: settings.encryption === 'off' ? 0 : cipher };
}

function only(what: string, values: readonly number[], offered: readonly number[]): number {
  const [value] = values;
  if (value === undefined || values.length !== 1 || !offered.includes(value)) {
    throw new ConnectionLost(`the server chose a ${what} that was not offered`, { retryable: false });
  }
  return value;
}

function chosenBelow(settings: Settings, response: NegotiateResponse): { signingAlgorithm: number; cipher: number } {
  const able = response.dialectRevision >= Dialect.Smb300 && (response.capabilities & GlobalCap.Encryption) !== 0;
  const wanted = settings.encryption !== 'off' && settings.ciphers.includes(Cipher.Aes128Ccm);
  return { signingAlgorithm: SigningAlgorithm.AesCmac, cipher: able && wanted ? Cipher.Aes128Ccm : 0 };
}

function checkPolicy(settings: Settings, cipher: number, serverRequiresSigning: boolean, dialect: number): void {
  if (settings.encryption === 'required' && cipher === 0) {
    const name = dialectNames[dialect];
    const hint = `encryption is required here, and the server offers none at dialect ${name}`;
    throw new StatusError(NtStatus.AccessDenied, { command: 'NEGOTIATE', hint });
  }
  if (settings.signing === 'off' && serverRequiresSigning) {
    const hint = "the server requires signing, and signing is 'off' here";
    throw new StatusError(NtStatus.AccessDenied, { command: 'NEGOTIATE', hint });
  }
}
