import { Caching } from '#coord/caching.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { OplockLevel } from '#wire/smb2/command/create.js';
import {
  LeaseBreak,
  OplockBreak,
  type OplockBreakRequest,
  OplockBreakResponse,
} from '#wire/smb2/command/oplock-break.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { acknowledge, acknowledgeLease, tellFurther } from '../action/caching.js';
import { levelOfState, stateOfLevel } from './caching.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.22. */
export function oplockBreak(
  { body }: OplockBreakRequest,
  context: Smb2Context,
): Promise<OplockBreakResponse | undefined> {
  return body instanceof OplockBreak ? ofOplock(body, context) : ofLease(body, context);
}

/** [MS-SMB2] 3.3.5.22.1. A client that claims to keep more than level II keeps nothing. */
async function ofOplock({ fileId, oplockLevel }: OplockBreak, context: Smb2Context): Promise<OplockBreakResponse> {
  const open = context.diskOpen(fileId);
  const { core } = context;
  if (oplockLevel === OplockLevel.Lease) {
    await acknowledge(core, open, Caching.None);
    throw new StatusError(NtStatus.InvalidParameter);
  }
  const { state } = await acknowledge(core, open, stateOfLevel(oplockLevel) ?? Caching.RWH);
  const response = new OplockBreakResponse();
  response.body = Object.assign(new OplockBreak(), { oplockLevel: levelOfState(state), fileId });
  return response;
}

/** [MS-SMB2] 3.3.5.22.2. */
async function ofLease({ leaseKey, leaseState }: LeaseBreak, context: Smb2Context): Promise<undefined> {
  const { connection, core, request } = context;
  if (connection.dialect < Dialect.Smb210) throw new StatusError(NtStatus.InvalidParameter);
  const { state, further } = await acknowledgeLease(core, connection.clientGuid, leaseKey, leaseState);
  const response = new OplockBreakResponse();
  response.body = Object.assign(new LeaseBreak(), { leaseKey, leaseState: state });
  request.respond(NtStatus.Success, response);
  if (further) await tellFurther(core, connection.clientGuid, leaseKey);
  return undefined;
}
