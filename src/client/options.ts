import type { Guid } from '#wire/dtyp/guid.js';
import { UsageError } from '#wire/erref/errors.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Cipher } from '#wire/smb2/negotiate-context/encryption-capabilities.js';
import { SigningAlgorithm } from '#wire/smb2/negotiate-context/signing-capabilities.js';
import type { ReconnectPolicy } from './lasting/backoff.js';
import { defaultPort, parseSmbUrl } from './url.js';

/** Dialects by their common names. */
export type DialectName = 'NT1' | '2.0.2' | '2.1' | '3.0' | '3.0.2' | '3.1.1';
export type SigningPolicy = 'off' | 'enabled' | 'required';
export type EncryptionPolicy = 'off' | 'enabled' | 'required';
export type SigningAlgorithmName = 'AES-GMAC' | 'AES-CMAC' | 'HMAC-SHA256';
/** NTLM wrapped in SPNEGO, as today's servers expect, or on its own. */
export type LogonMechanism = 'SPNEGO' | 'NTLMSSP';
export type CipherName = 'AES-128-GCM' | 'AES-128-CCM' | 'AES-256-GCM' | 'AES-256-CCM';

/** How often, and for how long, to try to reconnect. */
export interface ReconnectOptions {
  readonly timeoutMs?: number | undefined;
  readonly initialDelayMs?: number | undefined;
  readonly maxDelayMs?: number | undefined;
}

/** How to connect. Everything has a safe default. */
export interface ConnectOptions {
  /** These override the URL. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly domain?: string | undefined;
  /** Which dialects to negotiate; 2.0.2 to 3.1.1 by default. NT1 is SMB1: for old devices only. */
  readonly dialects?: { readonly min?: DialectName | undefined; readonly max?: DialectName | undefined } | undefined;
  /**
   * 'required' by default: unsigned messages are accepted only if encrypted. 'enabled' signs if the server requires it.
   */
  readonly signing?: SigningPolicy | undefined;
  /** 'enabled' by default: encrypts if the server or the share requires it. */
  readonly encryption?: EncryptionPolicy | undefined;
  /** What to offer in 3.1.1, most preferred first. */
  readonly signingAlgorithms?: readonly SigningAlgorithmName[] | undefined;
  /** What to offer, most preferred first; 3.0 and 3.0.2 support AES-128-CCM only. */
  readonly ciphers?: readonly CipherName[] | undefined;
  /** Begins with a NetBIOS session request ([RFC1002]), on port 139 unless the URL has another. */
  readonly netbios?: boolean | undefined;
  /** The server's NetBIOS name; `*SMBSERVER` by default. */
  readonly calledName?: string | undefined;
  /** How long to wait for a silent server that owes an answer, and for connecting. 30 s by default. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * What to do when the connection is lost: it is re-established and calls continue as far as possible, until
   * `timeoutMs` has passed without success (by default the connection's own `timeoutMs`). The first delay is 100 ms;
   * later ones grow up to 5 s. With `false`, nothing is re-established.
   */
  readonly reconnect?: ReconnectOptions | false | undefined;
  /**
   * Number of connections in one session, if the server supports multichannel (3.0 and later). They use its fastest
   * interfaces and share the load. A lost channel is re-established while the others carry on. 1 by default.
   */
  readonly channels?: number | undefined;
  /** Shares one connection within this process among all that use the same server and settings; true by default. */
  readonly shared?: boolean | undefined;
  /** Accepts a guest logon, which leaves messages unprotected. */
  readonly guest?: boolean | undefined;
  /** Logs on without an account. */
  readonly anonymous?: boolean | undefined;
  /**
   * Follows DFS to other shares and servers, logging on with the same account; true by default. All targets of one
   * referral share one `timeoutMs`.
   */
  readonly dfs?: boolean | undefined;
  /**
   * Follows symbolic links that the server leaves to its clients, as long as they stay within the share; true by
   * default.
   */
  readonly symlinks?: boolean | undefined;
  /** How to wrap NTLM; by default, as the server suggests. */
  readonly mechanism?: LogonMechanism | undefined;
  /** For servers that support nothing newer. */
  readonly smb1?: {
    /** SPNEGO in the session setup, which all servers since Windows 2000 support; true by default. */
    readonly extendedSecurity?: boolean | undefined;
    /** Uses NTLMv1 in SMB1, which can be broken within hours. */
    readonly ntlmv1?: boolean | undefined;
  };
}

/** The account to log on with. Its password appears neither in `inspect` nor in JSON. */
export class Account {
  readonly user: string;
  readonly domain: string;
  readonly anonymous: boolean;
  readonly #password: string;

  constructor(user: string, password: string, domain: string, anonymous = false) {
    this.user = user;
    this.domain = domain;
    this.anonymous = anonymous;
    this.#password = password;
  }

  get password(): string {
    return this.#password;
  }
}

/** NT1 as a dialect revision, below all of SMB2. */
export const NT1 = 0x0100;

const DIALECTS: Readonly<Record<DialectName, number>> = {
  NT1,
  '2.0.2': Dialect.Smb202,
  '2.1': Dialect.Smb210,
  '3.0': Dialect.Smb300,
  '3.0.2': Dialect.Smb302,
  '3.1.1': Dialect.Smb311,
};

const SIGNING_ALGORITHMS: Readonly<Record<SigningAlgorithmName, number>> = {
  'AES-GMAC': SigningAlgorithm.AesGmac,
  'AES-CMAC': SigningAlgorithm.AesCmac,
  'HMAC-SHA256': SigningAlgorithm.HmacSha256,
};

const CIPHERS: Readonly<Record<CipherName, number>> = {
  'AES-128-GCM': Cipher.Aes128Gcm,
  'AES-256-GCM': Cipher.Aes256Gcm,
  'AES-128-CCM': Cipher.Aes128Ccm,
  'AES-256-CCM': Cipher.Aes256Ccm,
};

const DEFAULT_TIMEOUT_MS = 30_000;
/** More than Windows ever uses. */
const MAX_CHANNELS = 32;

/** Options with all defaults filled in. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly share: string | undefined;
  readonly path: string;
  readonly account: Account;
  /** Dialect revisions to offer, in ascending order; `NT1` may be the first. */
  readonly dialects: readonly number[];
  readonly signing: SigningPolicy;
  readonly encryption: EncryptionPolicy;
  readonly signingAlgorithms: readonly number[];
  readonly ciphers: readonly number[];
  readonly netbios: boolean;
  readonly calledName: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Undefined: no reconnecting. */
  readonly reconnect: ReconnectPolicy | undefined;
  readonly channels: number;
  readonly shared: boolean;
  /** Identifies this client to servers across connections; by default, each connection gets a new one. */
  readonly clientGuid?: Guid | undefined;
  readonly guest: boolean;
  readonly dfs: boolean;
  readonly symlinks: boolean;
  /** Connect to this address instead of resolving `host`. */
  readonly address: string | undefined;
  readonly mechanism: LogonMechanism | undefined;
  readonly extendedSecurity: boolean;
  /** When to use NTLMv1; `always` is for testing whether a server accepts it. */
  readonly ntlmv1: 'never' | 'smb1' | 'always';
}

/** Parses the URL, fills in defaults and rejects invalid options. */
export function settingsFrom(url: string | URL, options: ConnectOptions = {}): Settings {
  const place = parseSmbUrl(url);
  const netbios = options.netbios ?? false;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  if (!(timeoutMs > 0)) throw new UsageError(`timeoutMs must be a positive number, not ${timeoutMs}`);
  return {
    host: place.host,
    port: place.port ?? defaultPort(netbios),
    share: place.share,
    path: place.path,
    account: accountFrom(place, options),
    dialects: dialectsFrom(options.dialects ?? {}),
    signing: oneOf('signing', options.signing ?? 'required'),
    encryption: oneOf('encryption', options.encryption ?? 'enabled'),
    signingAlgorithms: codes('signing algorithm', SIGNING_ALGORITHMS, options.signingAlgorithms),
    ciphers: codes('cipher', CIPHERS, options.ciphers),
    netbios,
    calledName: options.calledName,
    timeoutMs,
    signal: options.signal,
    reconnect: reconnectFrom(options.reconnect ?? {}, timeoutMs),
    channels: channelsFrom(options.channels ?? 1),
    shared: options.shared ?? true,
    guest: options.guest ?? false,
    dfs: options.dfs ?? true,
    symlinks: options.symlinks ?? true,
    address: undefined,
    mechanism: mechanismFrom(options.mechanism),
    extendedSecurity: options.smb1?.extendedSecurity ?? true,
    ntlmv1: options.smb1?.ntlmv1 ? 'smb1' : 'never',
  };
}

function accountFrom(
  place: { user: string | undefined; password: string | undefined; domain: string | undefined },
  options: ConnectOptions,
): Account {
  if (options.anonymous) return new Account('', '', '', true);
  const named = options.user ?? place.user ?? (options.guest ? 'Guest' : undefined);
  // The Windows form: DOMAIN\USER.
  const cut = named?.indexOf('\\') ?? -1;
  const domain = options.domain ?? place.domain ?? named?.slice(0, Math.max(0, cut)) ?? '';
  const user = named?.slice(cut + 1);
  if (user === undefined || user === '') {
    throw new UsageError(
      'no user: put one into the URL (smb://USER@HOST/SHARE) or the options, or ask for guest or anonymous',
    );
  }
  const password = options.password ?? place.password ?? (options.guest ? '' : undefined);
  if (password === undefined) throw new UsageError(`no password for ${user}: pass it in the options or in the URL`);
  return new Account(user, password, domain);
}

function dialectsFrom({ min = '2.0.2', max = '3.1.1' }: NonNullable<ConnectOptions['dialects']>): number[] {
  const all = Object.values(DIALECTS);
  const [low, high] = [min, max].map((name) => {
    const revision = DIALECTS[name];
    if (revision === undefined) {
      throw new UsageError(`no dialect '${name}'; there are ${Object.keys(DIALECTS).join(', ')}`);
    }
    return revision;
  }) as [number, number];
  if (low > high) throw new UsageError(`dialects from ${min} to ${max} are none`);
  return all.filter((revision) => revision >= low && revision <= high);
}

function channelsFrom(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_CHANNELS) return count;
  throw new UsageError(`channels must be a number from 1 to ${MAX_CHANNELS}, not ${count}`);
}

function reconnectFrom(options: ReconnectOptions | false, timeout: number): ReconnectPolicy | undefined {
  if (options === false) return undefined;
  const { timeoutMs = timeout, initialDelayMs = 100, maxDelayMs = 5000 } = options;
  const policy = { timeoutMs, initialDelayMs, maxDelayMs };
  for (const [name, ms] of Object.entries(policy)) {
    if (!(ms > 0)) throw new UsageError(`reconnect.${name} must be a positive number, not ${ms}`);
  }
  return policy;
}

function mechanismFrom(name: LogonMechanism | undefined): LogonMechanism | undefined {
  if (name === undefined || name === 'SPNEGO' || name === 'NTLMSSP') return name;
  throw new UsageError(`mechanism is '${String(name)}'; it must be SPNEGO or NTLMSSP`);
}

function oneOf<P extends SigningPolicy | EncryptionPolicy>(what: string, policy: P): P {
  if (policy !== 'off' && policy !== 'enabled' && policy !== 'required') {
    throw new UsageError(`${what} is '${String(policy)}'; it must be off, enabled or required`);
  }
  return policy;
}

function codes<N extends string>(
  what: string,
  table: Readonly<Record<N, number>>,
  names: readonly N[] | undefined,
): number[] {
  if (names === undefined) return Object.values(table);
  if (names.length === 0) throw new UsageError(`at least one ${what} must be offered`);
  return names.map((name) => {
    const code = table[name];
    if (code === undefined) throw new UsageError(`no ${what} '${name}'; there are ${Object.keys(table).join(', ')}`);
    return code;
  });
}
