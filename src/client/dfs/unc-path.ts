/** A place by its full name. */
export interface UncPath {
  readonly server: string;
  /** Undefined where nobody said. */
  readonly port: number | undefined;
  readonly share: string;
  /** Below the share, in wire form. */
  readonly path: string;
}

/** Reads `\server\share\path`, with one backslash or two in front. Undefined where it names no share. */
export function parseUnc(text: string): UncPath | undefined {
  const [place, share, ...path] = text.split('\\').filter((name) => name !== '');
  if (place === undefined || share === undefined) return undefined;
  // No name has a colon in it. Samba passes on whatever stands in its links.
  const colon = /^([^:]+):(\d{1,5})$/.exec(place);
  const server = colon?.[1] ?? place;
  return { server, port: colon ? Number(colon[2]) : undefined, share, path: path.join('\\') };
}

/** As requests for referrals and their answers have it: one backslash in front. */
export function uncText({ server, share, path }: Omit<UncPath, 'port'>): string {
  return `\\${server}\\${share}${path === '' ? '' : `\\${path}`}`;
}

/** How names of servers, shares and files are compared. */
export function folded(text: string): string {
  return text.toLowerCase();
}

export function sameName(first: string, second: string): boolean {
  return folded(first) === folded(second);
}

/** The path with another one in the place of its beginning. */
export function joinWire(first: string, second: string): string {
  return first === '' || second === '' ? first + second : `${first}\\${second}`;
}
