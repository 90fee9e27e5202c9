import { Sid } from '../../dtyp/sid.js';
import type { Layout } from '../../io/layout.js';

/** [POSIX-SMB2] SMB2_CREATE_POSIX_CONTEXT request: open with POSIX semantics. */
export class CreatePosixRequest {
  /** Permission bits of a new file, `0o644`. */
  mode = 0;

  layout(io: Layout): void {
    this.mode = io.u32('Mode', this.mode);
  }
}

/** [POSIX-SMB2] SMB2_CREATE_POSIX_CONTEXT response. */
export class CreatePosixResponse {
  numberOfLinks = 0;
  reparseTag = 0;
  mode = 0;
  ownerSid: Sid = new Sid();
  groupSid: Sid = new Sid();

  layout(io: Layout): void {
    this.numberOfLinks = io.u32('NumberOfLinks', this.numberOfLinks);
    this.reparseTag = io.u32('ReparseTag', this.reparseTag);
    this.mode = io.u32('Mode', this.mode);
    this.ownerSid = io.struct('OwnerSid', this.ownerSid);
    this.groupSid = io.struct('GroupSid', this.groupSid);
  }
}
