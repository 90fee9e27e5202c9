/** `\\HOST`, as Windows writes places. */
const UNC = /^\\\\[^\\/]/;

/** Whether an argument is an SMB URL, or a UNC path. */
export function isUrl(text: string): boolean {
  return /^(?:smb|cifs):\/\//i.test(text) || UNC.test(text);
}

/** What to say of what is none. A password that is in it all the same is not shown. */
export function noUrl(text: string): string {
  const place = text.replace(/:[^/:][^/]*@/, '@');
  const form = place.startsWith('//') ? `smb:${place}` : 'smb://USER@HOST/SHARE/PATH';
  return `not an SMB URL: ${place}; write it as ${form}`;
}
