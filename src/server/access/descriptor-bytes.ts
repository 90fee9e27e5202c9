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

/** Reads a descriptor that a client sent or a medium kept ([MS-DTYP] 2.4.6); what is none is refused. */
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

/** Its self-relative bytes; InvalidAcl if an ACL has grown larger than one can be. */
export function encodeDescriptor(descriptor: SecurityDescriptor): Uint8Array {
  for (const acl of [descriptor.dacl, descriptor.sacl]) {
    if (acl !== null && acl.size > LARGEST_ACL) throw new StatusError(NtStatus.InvalidAcl);
  }
  return encoder.encode(descriptor).slice();
}
