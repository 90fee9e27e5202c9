/** The longest name on nearly all file systems: in characters on Windows, in bytes on Unix. */
const LONGEST = 255;

/** [MS-FSCC] 2.1.5, and names that Windows programs cannot open. */
const FAULTS: readonly (readonly [RegExp, string])[] = [
  [/\p{Cs}/u, 'half of a surrogate pair is no character'],
  [/\p{Cc}/u, 'names cannot hold control characters'],
  [/[<>"|?*]/, 'names cannot hold < > " | ? *'],
  [/:.*:.*:|^:|:$/, 'after the name of a file, a colon begins the name of a stream'],
  [/[. ]$/, 'names cannot end in a dot or a space'],
];

/** Whether a component of the path is longer than any server accepts, in characters or bytes. */
export function isTooLong(path: string = ''): boolean {
  return path.split('/').some((name) => name.length > LONGEST || new TextEncoder().encode(name).length > LONGEST);
}

/** Why a server may reject the names in a path; undefined if they look fine. */
export function oddName(path: string = ''): string | undefined {
  if (/^[A-Za-z]:/.test(path)) return 'paths begin at the root of the share, not with a drive';
  for (const name of path.split('/')) {
    const fault = FAULTS.find(([odd]) => odd.test(name));
    if (fault) return fault[1];
    if (name.length > LONGEST) return `a name has ${name.length} characters; ${LONGEST} are the most`;
    const bytes = new TextEncoder().encode(name).length;
    if (bytes > LONGEST) return `a name has ${bytes} bytes in UTF-8; servers on Unix take ${LONGEST} at most`;
  }
  return undefined;
}
