/** The longest path component ([MS-FSCC] 2.1.5). Matching of patterns relies on this limit. */
const MAX_NAME = 255;

/**
 * Why a listed name is invalid: it would lead outside the directory that was listed. Honest servers have no such names
 * ([MS-FSCC] 2.1.5 forbids them), so it may be an attack.
 */
export function hostileName(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'that is no name of a file';
  if (/[/\\\0]/.test(name)) return 'a name with a separator in it leads to another place';
  if (name.length > MAX_NAME) return `a name has no more than ${MAX_NAME} characters`;
  return undefined;
}

/** `directory/name`, or the name alone at the top. */
export function below(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
