/** A pattern with `*` and `?` as a test for names, case ignored. */
export function globTest(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[\\^$+.()|[\]{}]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  const expression = new RegExp(`^${source}$`, 'iu');
  return (name) => expression.test(name);
}
