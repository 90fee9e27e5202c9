/** `\\HOST`, as Windows writes places. */
const UNC = /^\\\\[^\\/]/;

/** Whether an argument is an SMB URL, or a UNC path. */
export function isUrl(text: string): boolean {
  return /^(?:smb|cifs):\/\//i.test(text) || UNC.test(text);
}
