const SECRET = /^((?:smb|cifs):\/*[^/]*?):[^/]*@/i;
/** A URL without its scheme: no command accepts it, but it is visible for a moment. */
const BARE = /^((?:\/\/|\\\\)?[^-/\\:@\s][^/\\:@\s]*):[^/\\]*@/;
const USER = /^([^:%]+)[:%].+$/s;

/** The command line without passwords, for others to see. Undefined if it contains none. */
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
