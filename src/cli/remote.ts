import { connect, parseSmbUrl, type Share, SmbUrl, UsageError } from '#client/index.js';
import { explainError, Failure } from './failure.js';
import { type ClientFlags, connectOptions } from './options.js';
import { askSecret } from './terminal.js';

/** A place on a server: an URL whose password, if it needs one, is known. */
export interface Place {
  readonly url: SmbUrl;
  readonly password: string | undefined;
}

/** Whether an argument is an SMB URL. */
export function isUrl(text: string): boolean {
  return /^(?:smb|cifs):\/\//i.test(text);
}

/** Reads an URL. The password comes from it, from SOMBRERO_PASSWORD or from a prompt. */
export async function placeOf(text: string, flags: ClientFlags, signal?: AbortSignal): Promise<Place> {
  const url = parseSmbUrl(text);
  if (flags.anonymous || (flags.guest && url.password === undefined)) return { url, password: undefined };
  if (url.user === undefined) {
    throw new UsageError(`no user in ${url}: write smb://USER@HOST/SHARE, or say --guest or --anonymous`);
  }
  const known = url.password ?? process.env.SOMBRERO_PASSWORD;
  const password = known ?? (await askSecret(`Password of ${url.user} on ${url.host}: `, signal));
  if (password === undefined) {
    throw new UsageError(
      `no password for ${url}: set SOMBRERO_PASSWORD, or put it into the URL (smb://USER:PASSWORD@…)`,
    );
  }
  return { url, password };
}

/** The URL up to its host, or its share, without a password. */
function rootOf(url: SmbUrl, withShare: boolean): string {
  const { host, port, domain, user } = url;
  return new SmbUrl({ host, port, domain, user, path: '', share: withShare ? url.share : undefined }).toString();
}

/** Where and how to connect to the server of a place. */
export function serverOf(place: Place): { url: string; password?: string } {
  return { url: rootOf(place.url, false), ...(place.password === undefined ? {} : { password: place.password }) };
}

/** What a command does on a share. */
export type Work<T> = (share: Share, path: string, signal: AbortSignal) => Promise<T>;

/** Connects to the share of a place, does the work, leaves. Ctrl-C ends it. */
export async function onShare<T>(text: string, flags: ClientFlags, signal: AbortSignal, work: Work<T>): Promise<T> {
  const place = await placeOf(text, flags, signal);
  if (place.url.share === undefined) throw new UsageError(`${place.url} names no share: write smb://HOST/SHARE/PATH`);
  return about(String(place.url), async () => {
    const options = connectOptions(flags, signal);
    const secret = place.password === undefined ? {} : { password: place.password };
    const share = await connect(rootOf(place.url, true), { ...options, ...secret });
    try {
      return await work(share, place.url.path, signal);
    } finally {
      await share.close();
    }
  });
}

/** Does something and says, when it fails, what it was about. */
export async function about<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const { line, status } = explainError(error, place);
    throw new Failure(line ?? String(error), { cause: error, status });
  }
}
