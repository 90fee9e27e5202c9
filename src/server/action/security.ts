import { SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CompletionFilter, FileAction } from '#wire/fscc/notify.js';
import { decodeDescriptor, encodeDescriptor } from '../access/descriptor-bytes.js';
import { storedDescriptor } from '../access/node-rights.js';
import {
  mergeParts,
  partsOf,
  partsToSet,
  requireOwner,
  rightsToQuery,
  rightsToSet,
  selectParts,
} from '../access/set-descriptor.js';
import { describeByMode } from '../access/unstored.js';
import type { ServerCore } from '../core.js';
import { type DiskOpen, writable } from '../state/open.js';
import { Turns } from '../state/turns.js';

/** Serializes changes, so that concurrent updates of different parts both take effect. */
const turns = new Turns();

/** An encoded descriptor; if it does not fit, only its size. */
export interface SecurityAnswer {
  readonly bytes: Uint8Array | undefined;
  readonly required: number;
}

/** The requested parts of an open file's security descriptor ([MS-SMB2] 3.3.5.20.3, [MS-FSA] 2.1.5.14). */
export async function querySecurity(
  core: ServerCore,
  open: DiskOpen,
  information: number,
  room: number,
): Promise<SecurityAnswer> {
  const parts = partsOf(information);
  requireAll(open, rightsToQuery(parts));
  open.tree.require('read');
  // Asking for no parts requires no rights and returns nothing.
  const whole = parts === 0 ? new SecurityDescriptor() : await descriptorOf(core, open);
  const bytes = encodeDescriptor(selectParts(whole, parts));
  return { bytes: bytes.length <= room ? bytes : undefined, required: bytes.length };
}

/** Sets parts of an open file's security descriptor ([MS-SMB2] 3.3.5.21.3, [MS-FSA] 2.1.5.17). */
export async function setSecurity(
  core: ServerCore,
  open: DiskOpen,
  information: number,
  bytes: Uint8Array,
): Promise<void> {
  if (bytes.length > core.limits.securityDescriptor) throw new StatusError(NtStatus.InvalidSecurityDescr);
  const given = decodeDescriptor(bytes);
  const parts = partsToSet(information, given);
  if (parts === 0) return;
  requireAll(open, rightsToSet(parts));
  open.tree.require('write');
  const { descriptors } = writable(open);
  if (descriptors === undefined) throw new StatusError(NtStatus.NotSupported);
  const canonical = open.tree.share.options.canonicalAcls !== false;
  const { volume, file } = open.claim;
  await turns.take(`${volume} ${file}`, async () => {
    const current = await descriptorOf(core, open);
    const merged = mergeParts(current, given, parts, canonical);
    requireOwner(merged.ownerSid, current.ownerSid, await core.tokens.of(open.tree.session.identity));
    core.notifier.expect(open.backend, open.claim.path, 'modified');
    await descriptors.set(open.node, encodeDescriptor(merged));
  });
  core.notifier.publish(open.backend, open.claim.path, FileAction.Modified, CompletionFilter.Security);
}

async function descriptorOf(core: ServerCore, open: DiskOpen): Promise<SecurityDescriptor> {
  const info = await open.backend.stat(open.node);
  const stored = await storedDescriptor({ backend: open.backend, handle: open.node, info });
  return stored ?? describeByMode(info, await core.tokens.of(open.tree.session.identity));
}

function requireAll(open: DiskOpen, rights: number): void {
  if ((rights & ~open.grantedAccess) !== 0) throw new StatusError(NtStatus.AccessDenied);
}
