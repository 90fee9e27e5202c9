import { UsageError } from '#wire/erref/errors.js';

/** Ports of SMB over TCP and of the NetBIOS session service. */
const DIRECT_PORT = 445;
const NETBIOS_PORT = 139;
const FORM = 'smb://[DOMAIN;]USER[:PASSWORD]@HOST[:PORT]/SHARE/PATH';

/** A parsed SMB URL. The password appears neither in `inspect` nor in JSON. */
export class SmbUrl {
  readonly host: string;
  /** As given; undefined if absent. */
  readonly port: number | undefined;
  readonly domain: string | undefined;
  readonly user: string | undefined;
  /** Undefined if the URL has none. */
  readonly share: string | undefined;
  /** Path within the share: slashes between the components, none at either end. */
  readonly path: string;
  readonly #password: string | undefined;

  constructor(parts: SmbUrlParts) {
    this.host = parts.host;
    this.port = parts.port;
    this.domain = parts.domain;
    this.user = parts.user;
    this.share = parts.share;
    this.path = parts.path;
    this.#password = parts.password;
  }

  get password(): string | undefined {
    return this.#password;
  }

  /** The URL without the password. */
  toString(): string {
    const user = this.user === undefined ? '' : `${encodeURIComponent(this.user)}@`;
    const domain = this.domain === undefined ? '' : `${encodeURIComponent(this.domain)};`;
    const host = this.host.includes(':') ? `[${this.host.replace('%', '%25')}]` : this.host;
    const path = [this.share ?? '', ...this.path.split('/')].filter((part) => part !== '').map(encodeURIComponent);
    return `smb://${domain}${user}${host}${this.port === undefined ? '' : `:${this.port}`}/${path.join('/')}`;
  }
}

export interface SmbUrlParts {
  readonly host: string;
  readonly port?: number | undefined;
  readonly domain?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly share?: string | undefined;
  readonly path: string;
}

/**
 * Parses `smb://[DOMAIN;]USER[:PASSWORD]@HOST[:PORT]/SHARE/PATH`. Percent-encoding is decoded everywhere; `#` and `?`
 * are ordinary characters of a path. A UNC path, `\\HOST[@PORT]\SHARE\PATH`, is taken literally. Throws UsageError,
 * which never contains any part of the credentials.
 */
export function parseSmbUrl(url: string | URL): SmbUrl {
  const text = url instanceof URL ? url.href : url;
  if (typeof text !== 'string') throw new UsageError(`not an SMB URL: it must look like ${FORM}`);
  const unc = /^(?:\\\\|\/\/)([^/\\]+)/.exec(text);
  if (unc) {
    // Windows writes the port of a WebDAV server like this; here it is that of an SMB server.
    const place = (unc[1] as string).replace(/@(?=\d+$)/, ':');
    return new SmbUrl({ ...parsePlace(place, raw), ...parseNames(text.slice(unc[0].length), raw) });
  }
  const scheme = /^(?:smb|cifs):\/\//i.exec(text);
  if (!scheme) throw new UsageError(`not an SMB URL: it must look like ${FORM}`);
  const rest = text.slice(scheme[0].length);
  const slash = rest.indexOf('/');
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const at = authority.lastIndexOf('@');
  if (at === -1 && rest.includes('@') && /:(?!\d*$)/.test(authority)) {
    throw new UsageError('the user or the password of the SMB URL has a slash: write it as %2F');
  }
  const user = at === -1 ? {} : parseUser(authority.slice(0, at));
  return new SmbUrl({
    ...parsePlace(authority.slice(at + 1), decoded),
    ...user,
    ...parseNames(slash === -1 ? '' : rest.slice(slash + 1), decoded),
  });
}

/** The port to use if the URL has none. */
export function defaultPort(netbios: boolean): number {
  return netbios ? NETBIOS_PORT : DIRECT_PORT;
}

type Reader = (text: string, part: string) => string;

function raw(text: string): string {
  return text;
}

function parseNames(text: string, read: Reader): { share: string | undefined; path: string } {
  const names = text.split(/[/\\]/).map((name) => read(name, 'path'));
  const [share, ...path] = names.filter((name) => name !== '');
  if (share !== undefined && /[/\\]|\p{Cc}/u.test(share)) {
    throw new UsageError('the name of the share holds a character that none can have');
  }
  return { share, path: path.join('/') };
}

function parsePlace(text: string, read: Reader): { host: string; port?: number } {
  const found = /^(?:\[([0-9a-fA-F:.]+(?:%[\w.~-]+)?)\]|([^:[\]]*))(?::(\d*))?$/.exec(text);
  // The percent sign before an IPv6 zone should be encoded ([RFC6874]), but often is not.
  const host = found && (found[1]?.replace('%25', '%') ?? read(found[2] as string, 'host'));
  if (text.split(':').length > 2 && !text.includes('[')) {
    throw new UsageError('an IPv6 address stands in brackets: smb://[fe80::1]/SHARE');
  }
  if (!host || /[\s/\\@]/.test(host)) throw new UsageError(`the SMB URL has no valid host: it must look like ${FORM}`);
  const digits = found[3];
  if (digits === undefined || digits === '') return { host };
  const port = Number(digits);
  if (port < 1 || port > 65535) throw new UsageError(`the SMB URL has port ${digits}, which is none`);
  return { host, port };
}

function parseUser(text: string): { domain?: string; user?: string; password?: string } {
  const colon = text.indexOf(':');
  const name = colon === -1 ? text : text.slice(0, colon);
  const semicolon = name.indexOf(';');
  const user = decoded(name.slice(semicolon + 1), 'user');
  return {
    ...(user === '' ? {} : { user }),
    ...(semicolon === -1 ? {} : { domain: decoded(name.slice(0, semicolon), 'domain') }),
    ...(colon === -1 ? {} : { password: decoded(text.slice(colon + 1), 'password') }),
  };
}

function decoded(text: string, part: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UsageError(`the ${part} of the SMB URL has a '%' that begins no percent-encoded byte; write it as %25`);
  }
}
