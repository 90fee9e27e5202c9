/** The beginning of a UNC path: `\\HOST`. */
const UNC = /^\\\\[^\\/]/;

/** Whether an argument is an SMB URL or a UNC path. */
export function isUrl(text: string): boolean {
  return /^(?:smb|cifs):\/\//i.test(text) || UNC.test(text);
}

/** The message for something that is not an SMB URL. A password in it is not shown. */
export function noUrl(text: string): string {
  const place = text.replace(/:[^/:][^/]*@/, '@');
  const form = place.startsWith('//') ? `smb:${place}` : 'smb://USER@HOST/SHARE/PATH';
  return `not an SMB URL: ${place}; write it as ${form}`;
}
