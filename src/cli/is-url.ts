/** `\\HOST`, as Windows writes places. */
export const UNC: RegExp = /^\\\\[^\\/]/;

/** Whether an argument is an SMB URL, or a UNC path. */
export function isUrl(text: string): boolean {
  return /^(?:smb|cifs):\/\//i.test(text) || UNC.test(text);
}
