import type { Link } from '../link.js';
import type { Settings } from '../options.js';
import type { Agreement } from '../smb2/negotiate.js';

export type MultiProtocolAnswer =
  | { readonly family: 'smb1' }
  | { readonly family: 'smb2'; readonly credits: number; readonly agreement: Agreement | undefined };

export async function negotiateFromSmb1(_link: Link, _settings: Settings): Promise<MultiProtocolAnswer> {
  throw new Error('later');
}
