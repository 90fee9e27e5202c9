import type { Backend } from '#fs/backend.js';
import type { Ea } from '#fs/capabilities.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EaFlags } from '#wire/fscc/file-info/full-ea.js';
import { EMPTY } from '#wire/io/decoder.js';
import { CreateOptions } from '#wire/smb2/command/create.js';
import { requireFits } from '../eas.js';
import type { CreateFacts } from './facts.js';

/** Refuses extended attributes that cannot be given, before anything is made ([MS-FSA] 2.1.5.1). */
export function checkEas({ eas, options }: CreateFacts, backend: Backend): void {
  if (eas === undefined) return;
  if (backend.eas === undefined) throw new StatusError(NtStatus.EasNotSupported);
  if ((options & CreateOptions.NoEaKnowledge) !== 0) throw new StatusError(NtStatus.AccessDenied);
  requireFits([], eas);
}

/** AccessDenied for whoever knows nothing of extended attributes if the file has one that must be understood. */
export async function requireEaKnowledge({ options }: CreateFacts, backend: Backend, node: unknown): Promise<void> {
  if ((options & CreateOptions.NoEaKnowledge) === 0 || backend.eas === undefined) return;
  const eas = await backend.eas.list(node);
  if (eas.some(({ flags }) => (flags & EaFlags.NeedEa) !== 0)) throw new StatusError(NtStatus.AccessDenied);
}

/** Gives what was overwritten the extended attributes of the request, and takes those away that it had. */
export async function replaceEas({ eas = [] }: CreateFacts, backend: Backend, node: unknown): Promise<void> {
  if (backend.eas === undefined) return;
  const old = (await backend.eas.list(node)).map(({ name }): Ea => ({ name, flags: 0, value: EMPTY }));
  if (old.length + eas.length > 0) await backend.eas.set(node, [...old, ...eas]);
}
