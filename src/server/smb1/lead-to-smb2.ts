import { compose } from '#engine/smb2/compose.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { HeaderFlags, Smb2Header } from '#wire/smb2/header.js';
import type { ServerCore } from '../core.js';
import { NT1 } from '../options.js';
import { Smb2Server } from '../smb2/connection.js';
import { negotiateResponse } from '../smb2/negotiate.js';
import type { Smb1Server } from './connection.js';

const ANY_SMB2 = 'SMB 2.???';
const SMB202 = 'SMB 2.002';

/** The SMB2 revision to answer an SMB1 NEGOTIATE with; undefined if none was offered ([MS-SMB2] 3.3.5.3.1). */
export function smb2Revision(core: ServerCore, dialects: readonly string[]): number | undefined {
  const { minDialect, maxDialect } = core;
  if (dialects.includes(ANY_SMB2) && maxDialect >= Dialect.Smb210) return Dialect.Wildcard;
  const old = minDialect <= Dialect.Smb202 && maxDialect > NT1;
  return old && dialects.includes(SMB202) ? Dialect.Smb202 : undefined;
}

/** Answers an SMB1 NEGOTIATE in SMB2 and switches the connection to it ([MS-SMB2] 3.3.5.3.1, 3.3.5.3.2). */
export function leadToSmb2({ core, port, events }: Smb1Server, revision: number): void {
  const server = new Smb2Server(core, port, events);
  server.engine.enterByMultiProtocol();
  const header = new Smb2Header();
  header.flags = HeaderFlags.ServerToRedir;
  header.credits = 1;
  const body = negotiateResponse(server, revision);
  if (revision !== Dialect.Wildcard) {
    // VALIDATE_NEGOTIATE_INFO compares against this; all other values are zero.
    server.clientDialects = [revision];
    server.agree(revision);
  }
  core.encoder.dialect = revision;
  port.send(compose(core.encoder, [{ header, body, signWith: undefined }], true));
  events.replace(server);
}
