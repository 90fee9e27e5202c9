import type { Acl } from '#wire/dtyp/acl.js';
import { SecurityDescriptor } from '#wire/dtyp/security-descriptor.js';
import type { Sid } from '#wire/dtyp/sid.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Decoder } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import { Malformed } from '#wire/io/malformed.js';

const HEADER = 20;
/** AclSize has 16 bits. */
const LARGEST_ACL = 0xffff;
const decoder = new Decoder();
const encoder = new Encoder();

/** Decodes a descriptor sent by a client or stored on a medium ([MS-DTYP] 2.4.6); refuses malformed ones. */
export function decodeDescriptor(bytes: Uint8Array): SecurityDescriptor {
  if (bytes.length === 0) throw new StatusError(NtStatus.InvalidParameter);
  if (bytes.length < HEADER) throw new StatusError(NtStatus.InvalidSecurityDescr);
  if (bytes[0] !== 1) throw new StatusError(NtStatus.UnknownRevision);
  const descriptor = new SecurityDescriptor();
  try {
    descriptor.layout(decoder.reset(bytes));
  } catch (error) {
    if (error instanceof Malformed) throw new StatusError(NtStatus.InvalidSecurityDescr, { hint: error.message });
    throw error;
  }
  checkSid(descriptor.ownerSid);
  checkSid(descriptor.groupSid);
  checkAcl(descriptor.dacl);
  checkAcl(descriptor.sacl);
  return descriptor;
}

function checkSid(sid: Sid | null): void {
  if (sid !== null && sid.revision !== 1) throw new StatusError(NtStatus.InvalidSid);
}

function checkAcl(acl: Acl | null): void {
  if (acl === null) return;
  if (acl.aclRevision < 2 || acl.aclRevision > 4) throw new StatusError(NtStatus.InvalidAcl);
  for (const { sid } of acl.aces) checkSid(sid);
}

/** Encodes a descriptor in self-relative form; InvalidAcl if an ACL exceeds the size limit. */
export function encodeDescriptor(descriptor: SecurityDescriptor): Uint8Array {
  for (const acl of [descriptor.dacl, descriptor.sacl]) {
    if (acl !== null && acl.size > LARGEST_ACL) throw new StatusError(NtStatus.InvalidAcl);
  }
  return encoder.encode(descriptor).slice();
}
