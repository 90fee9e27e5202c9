import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import {
  type FileInfo,
  NetrFileEnumRequest,
  NetrFileEnumResponse,
  NetrSessionEnumRequest,
  NetrSessionEnumResponse,
  type SessionInfo,
} from '#wire/rpc/srvsvc/enumerations.js';
import { NetApiStatus, netApiStatusNames } from '#wire/rpc/srvsvc/interface.js';
import { SrvsvcOpnum } from '#wire/rpc/srvsvc/operations.js';
import type { ClientConnection, Control } from '../protocol.js';
import { withServerService } from './share-list.js';

/** A session as listed by the server. */
export interface ListedSession {
  /** Name or address of the client. */
  readonly client: string;
  readonly user: string;
  readonly opens: number;
  readonly seconds: number;
  readonly idleSeconds: number;
  readonly guest: boolean;
}

/** An open file or pipe as listed by the server. */
export interface ListedFile {
  readonly id: number;
  /** As the server reports it: a local path, or one within the share. */
  readonly path: string;
  readonly user: string;
  readonly locks: number;
  readonly access: 'read' | 'write' | 'read-write' | 'none';
}

/** The sessions and open files of a server, which it shows to administrators. */
export interface ServerUse {
  readonly sessions: readonly ListedSession[];
  readonly files: readonly ListedFile[];
}

const MAX_ROUNDS = 1000;
const SESSION_LEVEL = 1;
const FILE_LEVEL = 3;

/** Queries the server service for sessions and open files ([MS-SRVS] 3.1.4.5, 3.1.4.2). */
export function serverUse(connection: ClientConnection, control: Control): Promise<ServerUse> {
  return withServerService(connection, control, async (pipe) => {
    const serverName = `\\\\${connection.host}`;
    const sessions: ListedSession[] = [];
    const ofSessions = Object.assign(new NetrSessionEnumRequest(), { serverName });
    ofSessions.infoStruct.level = SESSION_LEVEL;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const answer = await pipe.call(SrvsvcOpnum.NetrSessionEnum, ofSessions, new NetrSessionEnumResponse(), control);
      sessions.push(...answer.infoStruct.entries.map(listedSession));
      if (!hasMore('NetrSessionEnum', answer.status)) break;
      ofSessions.resumeHandle = answer.resumeHandle;
    }
    const files: ListedFile[] = [];
    const ofFiles = Object.assign(new NetrFileEnumRequest(), { serverName });
    ofFiles.infoStruct.level = FILE_LEVEL;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const answer = await pipe.call(SrvsvcOpnum.NetrFileEnum, ofFiles, new NetrFileEnumResponse(), control);
      files.push(...answer.infoStruct.entries.map(listedFile));
      if (!hasMore('NetrFileEnum', answer.status)) break;
      ofFiles.resumeHandle = answer.resumeHandle;
    }
    return { sessions, files };
  });
}

function hasMore(command: string, status: number): boolean {
  if (status === NetApiStatus.Success) return false;
  if (status === NetApiStatus.ErrorMoreData) return true;
  const denied = status === NetApiStatus.ErrorAccessDenied;
  const hint = denied ? 'administrators may ask for that' : (netApiStatusNames[status] ?? `error ${status}`);
  throw new StatusError(denied ? NtStatus.AccessDenied : NtStatus.Unsuccessful, { command, hint });
}

function listedSession(info: SessionInfo): ListedSession {
  return {
    client: (info.cname ?? '').replace(/^\\\\/, ''),
    user: info.username ?? '',
    opens: info.numOpens,
    seconds: info.time,
    idleSeconds: info.idleTime,
    guest: (info.userFlags & 1) !== 0,
  };
}

/** [MS-SRVS] 2.2.4.7 fi3_permissions. */
const PERMISSION = { read: FileAccess.ReadData, write: FileAccess.WriteData };

function listedFile(info: FileInfo): ListedFile {
  const read = (info.permissions & PERMISSION.read) !== 0;
  const write = (info.permissions & PERMISSION.write) !== 0;
  return {
    id: info.id,
    path: info.pathname ?? '',
    user: info.username ?? '',
    locks: info.numLocks,
    access: read && write ? 'read-write' : write ? 'write' : read ? 'read' : 'none',
  };
}
