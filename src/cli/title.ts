const SECRET = /^((?:smb|cifs):\/*[^/]*?):[^/]*@/i;
/** A URL without its beginning: no command takes it, but for a moment it is there. */
const BARE = /^((?:\/\/|\\\\)?[^-/\\:@\s][^/\\:@\s]*):[^/\\]*@/;
const USER = /^([^:%]+)[:%].+$/s;

/** A command line as others may see it: without passwords. Undefined when it has none. */
export function publicTitle(args: readonly string[]): string | undefined {
  const shown = args.map((arg, index) => {
    const previous = args[index - 1];
    if (SECRET.test(arg)) return arg.replace(SECRET, '$1@');
    if (previous === '--user') return arg.replace(USER, '$1');
    if (previous === '--password') return '…';
    if (arg.startsWith('--password=')) return '--password';
    if (previous === '--share-password') return arg.replace(/=.*$/, '');
    if (arg.startsWith('--user=')) return `--user=${arg.slice(7).replace(USER, '$1')}`;
    if (arg.startsWith('--share-password=')) return '--share-password';
    return arg.replace(BARE, '$1@');
  });
  return shown.some((arg, index) => arg !== args[index]) ? ['sombrero', ...shown].join(' ') : undefined;
}
