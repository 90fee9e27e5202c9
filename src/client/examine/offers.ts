import type { NegotiateRequest, NegotiateResponse } from '#wire/smb2/command/negotiate.js';
import { GlobalCap, SecurityMode } from '#wire/smb2/command/negotiate.js';
import { Dialect, dialectNames } from '#wire/smb2/dialect.js';
import {
  CompressionAlgorithm,
  CompressionCapabilities,
  compressionAlgorithmNames,
} from '#wire/smb2/negotiate-context/compression-capabilities.js';
import { Cipher, cipherNames, EncryptionCapabilities } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { NegotiateContext, NegotiateContextType } from '#wire/smb2/negotiate-context/negotiate-context.js';
import { SigningAlgorithm, SigningCapabilities } from '#wire/smb2/negotiate-context/signing-capabilities.js';
import type { Environment } from '../connection.js';
import type { Settings } from '../options.js';
import { type Offered, offer, offersSmb1 } from './ask.js';
import { type Finding, finding } from './finding.js';

const DIALECTS = [Dialect.Smb202, Dialect.Smb210, Dialect.Smb300, Dialect.Smb302, Dialect.Smb311];
const CIPHERS = [Cipher.Aes128Gcm, Cipher.Aes128Ccm, Cipher.Aes256Gcm, Cipher.Aes256Ccm];
const SIGNING: readonly (readonly [number, string])[] = [
  [SigningAlgorithm.AesGmac, 'AES-GMAC'],
  [SigningAlgorithm.AesCmac, 'AES-CMAC'],
  [SigningAlgorithm.HmacSha256, 'HMAC-SHA256'],
];

/** What a server answers to NEGOTIATE, before any logon. */
export interface Offers {
  readonly findings: readonly Finding[];
  /** The response with the newest SMB2 dialect that the server accepts. */
  readonly best: Offered | undefined;
}

/** Offers each dialect on its own, and at 3.1.1 each algorithm on its own. */
export async function examineOffers(settings: Settings, environment: Environment): Promise<Offers> {
  const smb1 = await offersSmb1(settings, environment);
  const findings: Finding[] = [smb1Finding(smb1)];
  let best: Offered | undefined;
  for (const dialect of DIALECTS) {
    const taken = await offer({ ...settings, dialects: [dialect] }, environment, askForAll);
    best = taken ?? best;
    findings.push(dialectFinding(dialect, taken !== undefined));
  }
  if (best) findings.push(signingFinding(best.response));
  if (best?.response.dialectRevision === Dialect.Smb311) findings.push(...(await algorithms(settings, environment)));
  return { findings, best };
}

/** Servers report these only to clients that ask for them ([MS-SMB2] 3.3.5.4). */
function askForAll(request: NegotiateRequest): void {
  const isModern = request.dialects.some((dialect) => dialect >= Dialect.Smb300);
  if (isModern) request.capabilities |= GlobalCap.MultiChannel | GlobalCap.DirectoryLeasing;
}

function smb1Finding(on: boolean): Finding {
  const means = on
    ? 'the server still speaks SMB1, which nothing protects well: turn it off unless an old device needs it'
    : 'SMB1 is off, as it should be';
  return finding('dialect.NT1', 'SMB1 (NT LM 0.12)', on, on ? 'bad' : 'good', means);
}

const WORTH: Readonly<Record<number, string>> = {
  [Dialect.Smb202]: 'the first of SMB2: requests of 64 KiB at most, no encryption',
  [Dialect.Smb210]: 'large requests and leases, no encryption',
  [Dialect.Smb300]: 'encryption, several connections for one session, handles that survive',
  [Dialect.Smb302]: '3.0 with small additions',
  [Dialect.Smb311]: 'the newest: nobody on the way can change what is agreed',
};

function dialectFinding(dialect: number, on: boolean): Finding {
  const name = dialectNames[dialect] as string;
  const missed = dialect === Dialect.Smb311 && !on;
  const means = on ? (WORTH[dialect] as string) : `not offered: ${WORTH[dialect]}`;
  const verdict = missed ? 'bad' : dialect === Dialect.Smb311 ? 'good' : 'neutral';
  return finding(`dialect.${name}`, `SMB ${name}`, on, verdict, means);
}

function signingFinding({ securityMode }: NegotiateResponse): Finding {
  const required = (securityMode & SecurityMode.SigningRequired) !== 0;
  const means = required
    ? 'the server refuses whoever does not sign: nobody can slip in between'
    : 'the server signs for whoever wants it, as this client does by default; others it lets in unsigned';
  return finding('signing', 'signing', required ? 'required' : 'enabled', required ? 'good' : 'neutral', means);
}

async function algorithms(settings: Settings, environment: Environment): Promise<Finding[]> {
  const at311 = { ...settings, dialects: [Dialect.Smb311] };
  const ciphers: string[] = [];
  for (const cipher of CIPHERS) {
    const taken = await offer({ ...at311, ciphers: [cipher] }, environment);
    if (data(taken, EncryptionCapabilities)?.ciphers.includes(cipher)) ciphers.push(cipherNames[cipher] as string);
  }
  const signing: string[] = [];
  for (const [algorithm, name] of SIGNING) {
    const taken = await offer({ ...at311, signingAlgorithms: [algorithm] }, environment);
    if (data(taken, SigningCapabilities)?.signingAlgorithms.includes(algorithm)) signing.push(name);
  }
  return [cipherFinding(ciphers), algorithmFinding(signing), compressionFinding(await compression(at311, environment))];
}

function data<T>(taken: Offered | undefined, type: new () => T): T | undefined {
  return taken?.response.negotiateContexts
    .map((context) => context.data)
    .find((data): data is T & typeof data => data instanceof type);
}

function cipherFinding(ciphers: readonly string[]): Finding {
  const means =
    ciphers.length > 0
      ? `it can encrypt; this client would take ${ciphers[0]}`
      : 'it cannot encrypt: what goes over the network can be read by others on the way';
  return finding('ciphers', 'encryption', ciphers, ciphers.length > 0 ? 'good' : 'bad', means);
}

function algorithmFinding(algorithms: readonly string[]): Finding {
  const means =
    algorithms.length > 0
      ? `ways to sign at 3.1.1${algorithms.includes('AES-GMAC') ? ', the fast one among them' : ', all of them slower than AES-GMAC'}`
      : 'it does not negotiate how to sign, and signs with AES-CMAC';
  return finding('signing-algorithms', 'signing algorithms', algorithms, 'neutral', means);
}

async function compression(settings: Settings, environment: Environment): Promise<string[]> {
  const { None: _, ...all } = CompressionAlgorithm;
  const capabilities = new CompressionCapabilities();
  capabilities.compressionAlgorithms = Object.values(all);
  const taken = await offer(settings, environment, (request) => {
    request.negotiateContexts.push(NegotiateContext.of(NegotiateContextType.CompressionCapabilities, capabilities));
  });
  const codes = data(taken, CompressionCapabilities)?.compressionAlgorithms ?? [];
  return codes.filter((code) => code !== 0).map((code) => compressionAlgorithmNames[code] ?? String(code));
}

function compressionFinding(names: readonly string[]): Finding {
  const means = names.length > 0 ? 'it could compress; this client does not' : 'it does not compress';
  return finding('compression', 'compression', names, 'neutral', means);
}
