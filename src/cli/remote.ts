import { connect, parseSmbUrl, type Share, SmbUrl, UsageError } from '#client/index.js';
import { Crew, type ShareTree, shareTree } from '#transfer/index.js';
import { readCredentials } from './credentials.js';
import { explainError, Failure } from './failure.js';
import { isUrl, noUrl } from './is-url.js';
import { type ClientFlags, connectOptions } from './options.js';
import { askSecret } from './terminal.js';

/** A place on a server: a URL, and its password if one is needed. */
export interface Place {
  readonly url: SmbUrl;
  readonly password: string | undefined;
}

/** Parses `smb://HOST/SHARE/PATH` or `\\HOST\SHARE\PATH`. */
export function parseUrl(text: string): SmbUrl {
  if (!isUrl(text)) throw new UsageError(noUrl(text));
  return parseSmbUrl(text);
}

/** Adds the user from flags, files or the environment to a URL. */
function withUser(url: SmbUrl, user: string | undefined, domain: string | undefined): SmbUrl {
  if (url.user !== undefined || user === undefined) return url;
  const at = user.indexOf('\\');
  const { host, port, password, share, path } = url;
  return new SmbUrl({
    host,
    port,
    password,
    share,
    path,
    domain: url.domain ?? (at === -1 ? domain : user.slice(0, at)),
    user: user.slice(at + 1),
  });
}

/**
 * Splits `NAME:PASSWORD` (as for 'serve') or `NAME%PASSWORD` (as for smbclient), so that no message shows it as a name.
 */
function splitUser(user: string | undefined): { name?: string; secret?: string } {
  const found = /^([^:%]+)[:%](.*)$/s.exec(user ?? '');
  if (found) return { name: found[1] as string, secret: found[2] as string };
  return user === undefined ? {} : { name: user };
}

/** Asks for a secret; undefined if nobody can be asked. */
export type Ask = (question: string) => Promise<string | undefined>;

/** Passwords that were typed: each is asked for once, however many URLs need it. */
const typed = new Map<string, Promise<string | undefined>>();

function typedSecret({ host, port, domain, user }: SmbUrl, ask: Ask): Promise<string | undefined> {
  const who = JSON.stringify([host.toLowerCase(), port, domain, user]);
  const answer = typed.get(who) ?? ask(`Password of ${user} on ${host}: `);
  typed.set(who, answer);
  return answer;
}

/** Parses a URL. What is missing comes from --user, --credentials, the environment, or a prompt. */
export async function placeOf(
  text: string,
  flags: ClientFlags,
  signal?: AbortSignal,
  ask: Ask = (question) => askSecret(question, signal),
): Promise<Place> {
  const file = flags.credentials === undefined ? {} : await readCredentials(flags.credentials);
  const named = parseUrl(text);
  if (flags.anonymous || (flags.guest && named.password === undefined)) return { url: named, password: undefined };
  const { name, secret } = splitUser(flags.user);
  const url = withUser(named, name ?? file.user ?? process.env.SOMBRERO_USER, file.domain);
  if (url.user === undefined) {
    throw new UsageError(`no user in ${url}: write smb://USER@HOST/SHARE, or use --user, --guest or --anonymous`);
  }
  const known = url.password ?? secret ?? file.password ?? process.env.SOMBRERO_PASSWORD;
  const password = known ?? (await typedSecret(url, ask));
  if (password === undefined) {
    throw new UsageError(
      `no password for ${url}: set SOMBRERO_PASSWORD, use --credentials FILE, or put it into the URL (smb://USER:PASSWORD@…)`,
    );
  }
  return { url, password };
}

/** The URL up to its host or share, without the password. */
function rootOf(url: SmbUrl, withShare: boolean): string {
  const { host, port, domain, user } = url;
  return new SmbUrl({ host, port, domain, user, path: '', share: withShare ? url.share : undefined }).toString();
}

/** The URL and password to connect to the server of a place. */
export function serverOf(place: Place): { url: string; password?: string } {
  return { url: rootOf(place.url, false), ...(place.password === undefined ? {} : { password: place.password }) };
}

/** What a command does with a share. */
export type Work<T> = (share: Share, path: string, signal: AbortSignal) => Promise<T>;

/** The crew for small files on each connected share. */
const crews = new WeakMap<Share, Crew>();

interface OpenSharesOptions {
  readonly ask?: Ask | undefined;
  /** Shares of one server and user use one session, so that the server can copy between them by itself. */
  readonly together?: boolean;
}

/** The shares that a command uses: each is connected to once, however many URLs name it. */
export class OpenShares {
  readonly #flags: ClientFlags;
  readonly #signal: AbortSignal;
  readonly #ask: Ask | undefined;
  readonly #together: boolean;
  readonly #shares = new Map<string, Share>();

  constructor(flags: ClientFlags, signal: AbortSignal, { ask, together = false }: OpenSharesOptions = {}) {
    this.#flags = flags;
    this.#signal = signal;
    this.#ask = ask;
    this.#together = together;
  }

  /** Does something at the place that a URL names. */
  async on<T>(text: string, work: Work<T>): Promise<T> {
    const place = await placeOf(text, this.#flags, this.#signal, this.#ask);
    if (place.url.share === undefined) throw new UsageError(`${place.url} names no share: write smb://HOST/SHARE/PATH`);
    return about(String(place.url), async () => work(await this.#shareOf(place), place.url.path, this.#signal));
  }

  async #shareOf({ url, password }: Place): Promise<Share> {
    const root = rootOf(url, true);
    const key = JSON.stringify([root, password]);
    const known = this.#shares.get(key);
    if (known) return known;
    const secret = password === undefined ? {} : { password };
    const options = { ...connectOptions(this.#flags, this.#signal), ...secret };
    const share = await connect(root, { ...options, shared: this.#together });
    // The crew needs connections of its own.
    crews.set(share, new Crew(share, () => connect(root, { ...options, shared: false })));
    this.#shares.set(key, share);
    return share;
  }

  async close(): Promise<void> {
    const leave = async (share: Share): Promise<void> => {
      await crews.get(share)?.close();
      await share.close();
    };
    await Promise.all(Array.from(this.#shares.values(), leave));
  }
}

/** Connects to the share of a URL, does the work, disconnects. Ctrl-C ends it. */
export async function onShare<T>(
  text: string,
  flags: ClientFlags,
  signal: AbortSignal,
  work: Work<T>,
  ask?: Ask,
): Promise<T> {
  const shares = new OpenShares(flags, signal, { ask });
  try {
    return await shares.on(text, work);
  } finally {
    await shares.close();
  }
}

/** A directory of a share as one side of a transfer. Messages show its URL. */
export function treeOf(share: Share, directory: string, text: string): ShareTree {
  const root = rootOf(parseUrl(text), true);
  return shareTree(share, directory, directory === '' ? root : `${root}/${directory}`, crews.get(share));
}

/** Does something; if it fails, the message says for which place. */
export async function about<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { line, status } = explainError(error, place);
    throw new Failure(line, { cause: error, status });
  }
}

/** Whether two URLs name one share, used by one user. */
export function sameShare(a: SmbUrl, b: SmbUrl): boolean {
  const same = (x: string | undefined, y: string | undefined): boolean => x?.toLowerCase() === y?.toLowerCase();
  return (
    same(a.host, b.host) &&
    a.port === b.port &&
    same(a.share, b.share) &&
    same(a.user, b.user) &&
    same(a.domain, b.domain)
  );
}
