import { serverHint } from '#auth/spnego-server.js';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { ConnectionLost } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import {
  Capabilities,
  type NegotiateRequest,
  NegotiateResponse,
  NO_DIALECT,
  SecurityMode,
} from '#wire/smb1/command/negotiate.js';
import { Smb1Flags2 } from '#wire/smb1/header.js';
import { NT1 } from '../options.js';
import type { Smb1Server } from './connection.js';
import type { Smb1Context } from './context.js';
import { leadToSmb2, smb2Revision } from './lead-to-smb2.js';
import { MAX_BUFFER, MAX_MPX } from './sizes.js';
import { TIME_ZONE } from './times.js';

const NT_LM = 'NT LM 0.12';
const CHALLENGE = 8;
const MAX_RAW = 65_536;

const CAPABILITIES =
  Capabilities.Unicode |
  Capabilities.LargeFiles |
  Capabilities.NtSmbs |
  Capabilities.RpcRemoteApis |
  Capabilities.Status32 |
  Capabilities.NtFind |
  Capabilities.InfolevelPassthru |
  Capabilities.LargeReadx |
  Capabilities.LargeWritex;

/** [MS-CIFS] 3.3.5.42, [MS-SMB] 2.2.4.5. */
export function negotiate(request: NegotiateRequest, context: Smb1Context): NegotiateResponse | undefined {
  const { connection, core } = context;
  if (connection.negotiated) {
    context.request.respond(NtStatus.InvalidSmb);
    connection.fail(new ConnectionLost('NEGOTIATE for a second time', { retryable: false }));
    return undefined;
  }
  const revision = smb2Revision(core, request.dialects);
  if (revision !== undefined) {
    context.request.drop();
    leadToSmb2(connection, revision);
    return undefined;
  }
  const index = core.minDialect === NT1 ? request.dialects.lastIndexOf(NT_LM) : -1;
  if (index === -1) return refuse(context);
  return accept(context, index);
}

// This response has the format of the oldest dialect ([MS-CIFS] 2.2.4.52.2).
function refuse({ connection, request }: Smb1Context): undefined {
  const response = new NegotiateResponse();
  response.wordCount = 1;
  response.dialectIndex = NO_DIALECT;
  request.respond(NtStatus.Success, response);
  connection.fail(new ConnectionLost('the client speaks no dialect that is served', { retryable: false }));
  return undefined;
}

function accept({ connection, core, request }: Smb1Context, index: number): NegotiateResponse {
  const asked = (request.header.flags2 & Smb1Flags2.ExtendedSecurity) !== 0;
  const allowed = core.options.smb1?.extendedSecurity !== false && !connection.shareLevel;
  connection.negotiated = true;
  connection.extendedSecurity = asked && allowed;
  if (!connection.extendedSecurity) connection.engine.flags2Mask &= ~Smb1Flags2.ExtendedSecurity;
  const response = new NegotiateResponse();
  response.dialectIndex = index;
  response.securityMode = securityMode(connection);
  response.maxMpxCount = MAX_MPX;
  response.maxNumberVcs = 1;
  response.maxBufferSize = MAX_BUFFER;
  response.maxRawSize = MAX_RAW;
  response.capabilities = CAPABILITIES;
  response.systemTime = filetimeFromMs(core.clock.now());
  response.serverTimeZone = TIME_ZONE;
  if (connection.extendedSecurity) {
    response.capabilities = (response.capabilities | Capabilities.ExtendedSecurity) >>> 0;
    response.serverGuid = core.guid;
    response.securityBlob = serverHint();
  } else {
    connection.challenge = core.random(CHALLENGE);
    response.challenge = connection.challenge;
    response.domainName = core.domain;
    response.serverName = core.name;
  }
  connection.capabilities = response.capabilities;
  return response;
}

function securityMode({ shareLevel, core }: Smb1Server): number {
  // There is no signing key under share-level security.
  if (shareLevel) return SecurityMode.EncryptPasswords;
  const required = core.options.signing !== 'enabled';
  return (
    SecurityMode.UserSecurity |
    SecurityMode.EncryptPasswords |
    SecurityMode.SecuritySignaturesEnabled |
    (required ? SecurityMode.SecuritySignaturesRequired : 0)
  );
}
