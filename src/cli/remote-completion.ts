import { listShares, type Share } from '#client/index.js';
import { below } from './entries.js';
import { type ClientFlags, connectOptions } from './options.js';
import { type Ask, onShare, parseUrl, placeOf, serverOf } from './remote.js';

const MOST = 1000;
/** Never asks: standard input is the terminal on which the command line is being typed. */
const nobody: Ask = async () => undefined;

/** Shares of a server, or entries of a directory. Never asks for a password; without one there are no candidates. */
export async function wordsOnServer(current: string, flags: ClientFlags, signal: AbortSignal): Promise<string[]> {
  const head = current.slice(0, current.lastIndexOf('/') + 1);
  const last = current.slice(head.length);
  if (head.length <= 'smb://'.length || !head.includes('://')) return [];
  try {
    const names =
      parseUrl(head).share === undefined ? await shares(head, flags, signal) : await entries(head, last, flags, signal);
    return names
      .filter((name) => name.toLowerCase().startsWith(decoded(last).toLowerCase()))
      .map((name) => head + encoded(name));
  } catch {
    // No server, no password, no such place: offer nothing.
    return [];
  }
}

async function shares(head: string, flags: ClientFlags, signal: AbortSignal): Promise<string[]> {
  const { url, password } = serverOf(await placeOf(head, flags, signal, nobody));
  const secret = password === undefined ? {} : { password };
  const found = await listShares(url, { ...connectOptions(flags, signal), ...secret });
  return found.filter(({ kind }) => kind === 'disk').map(({ name }) => `${name}/`);
}

async function entries(head: string, last: string, flags: ClientFlags, signal: AbortSignal): Promise<string[]> {
  const find = async (share: Share, path: string): Promise<string[]> => {
    const names: string[] = [];
    // Let the server filter by prefix.
    const pattern = `${decoded(last).replace(/[*?<>"]/g, '?')}*`;
    for await (const entry of share.readdir(below(path, '').replace(/\/$/, ''), { pattern, signal })) {
      names.push(entry.isDirectory() ? `${entry.name}/` : entry.name);
      if (names.length === MOST) break;
    }
    return names;
  };
  return onShare(head, flags, signal, find, nobody);
}

/** Percent-encodes what would end a word or mean something in a URL. */
function encoded(name: string): string {
  return name.replace(
    /[%\s'"\\$`!&;()<>|*?[\]{}#~]/g,
    (found) => `%${found.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
