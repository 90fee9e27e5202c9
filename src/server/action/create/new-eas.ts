import type { Backend } from '#fs/backend.js';
import type { Ea } from '#fs/capabilities.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EaFlags } from '#wire/fscc/file-info/full-ea.js';
import { EMPTY } from '#wire/io/decoder.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import { requireFits } from '../eas.js';
import type { CreateFacts } from './facts.js';

/** Refuses extended attributes that cannot be set, before anything is created ([MS-FSA] 2.1.5.1). */
export function checkEas({ eas, options }: CreateFacts, backend: Backend): void {
  if (eas === undefined) return;
  if (backend.eas === undefined) throw new StatusError(NtStatus.EasNotSupported);
  if ((options & CreateOptions.NoEaKnowledge) !== 0) throw new StatusError(NtStatus.AccessDenied);
  requireFits([], eas);
}

/** AccessDenied for a client without EA knowledge (FILE_NO_EA_KNOWLEDGE) if the file has an EA flagged FILE_NEED_EA. */
export async function requireEaKnowledge({ options }: CreateFacts, backend: Backend, node: unknown): Promise<void> {
  if ((options & CreateOptions.NoEaKnowledge) === 0 || backend.eas === undefined) return;
  const eas = await backend.eas.list(node);
  if (eas.some(({ flags }) => (flags & EaFlags.NeedEa) !== 0)) throw new StatusError(NtStatus.AccessDenied);
}

/** Replaces the extended attributes of an overwritten file by those of the request. */
export async function replaceEas({ eas = [] }: CreateFacts, backend: Backend, node: unknown): Promise<void> {
  if (backend.eas === undefined) return;
  const old = (await backend.eas.list(node)).map(({ name }): Ea => ({ name, flags: 0, value: EMPTY }));
  if (old.length + eas.length > 0) await backend.eas.set(node, [...old, ...eas]);
}
