import { hostileName } from '#trees/names.js';

const encoder = new TextEncoder();
/** UTF-8 bytes per UTF-16 unit, at most. */
const MOST = 3;

/** Whether a name has more than `bytes` bytes in UTF-8. */
export function isLonger(name: string, bytes: number): boolean {
  return name.length * MOST > bytes && encoder.encode(name).length > bytes;
}

const RESERVED = /^(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|$)/i;
const MAX_SHARE_NAME = 255;
const MAX_POSIX_NAME = 255;

/** Why Windows, and therefore a share, cannot hold a file of this name ([MS-FSCC] 2.1.5). */
export function windowsFault(name: string): string | undefined {
  const odd = hostileName(name);
  if (odd !== undefined) return odd;
  for (const character of name) {
    if (character < ' ') return 'Windows names hold no control characters';
    if ('"*:<>?|'.includes(character)) return `Windows names hold no ${character}`;
  }
  if (/[. ]$/.test(name)) return 'Windows drops a dot or blank at the end of a name';
  if (name.length > MAX_SHARE_NAME) return `Windows names have ${MAX_SHARE_NAME} characters at most`;
  return undefined;
}

/** Why this machine cannot hold a file of this name. */
export function localFault(name: string, platform: NodeJS.Platform): string | undefined {
  const odd = hostileName(name);
  if (odd !== undefined) return odd;
  if (platform === 'win32') {
    if (RESERVED.test(name)) return 'Windows keeps that name for a device';
    return windowsFault(name);
  }
  if (isLonger(name, MAX_POSIX_NAME)) return `names have ${MAX_POSIX_NAME} bytes at most here`;
  return undefined;
}
