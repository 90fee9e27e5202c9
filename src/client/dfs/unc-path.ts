/** A parsed UNC path. */
export interface UncPath {
  readonly server: string;
  /** Undefined if not given. */
  readonly port: number | undefined;
  readonly share: string;
  /** Path within the share, in wire form. */
  readonly path: string;
}

/** Parses `\server\share\path`, with one or two leading backslashes. Undefined if it has no share. */
export function parseUnc(text: string): UncPath | undefined {
  const [place, share, ...path] = text.split('\\').filter((name) => name !== '');
  if (place === undefined || share === undefined) return undefined;
  // Server names contain no colon. Samba passes on whatever its links contain, including a port.
  const colon = /^([^:]+):(\d{1,5})$/.exec(place);
  const server = colon?.[1] ?? place;
  return { server, port: colon ? Number(colon[2]) : undefined, share, path: path.join('\\') };
}

/** The form used in referral requests and responses: one leading backslash. */
export function uncText({ server, share, path }: Omit<UncPath, 'port'>): string {
  return `\\${server}\\${share}${path === '' ? '' : `\\${path}`}`;
}

/** The case-folded form by which names of servers, shares and files are compared. */
export function folded(text: string): string {
  return text.toLowerCase();
}

export function sameName(first: string, second: string): boolean {
  return folded(first) === folded(second);
}

/** Joins two paths in wire form. */
export function joinWire(first: string, second: string): string {
  return first === '' || second === '' ? first + second : `${first}\\${second}`;
}
