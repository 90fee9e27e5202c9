/** A component of a path has no more characters ([MS-FSCC] 2.1.5); what looks for patterns in names relies on it. */
const MAX_NAME = 255;

/**
 * Why a name that came out of a list is none: it would lead to another place than the directory that was listed. No
 * server has such names; whoever sends one wants something ([MS-FSCC] 2.1.5 bans them).
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
