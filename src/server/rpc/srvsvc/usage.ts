import { FileAccess } from '#wire/dtyp/access-mask.js';
import { msFromFiletime } from '#wire/dtyp/filetime.js';
import {
  ConnectionInfo,
  FileInfo,
  NetrConnectionEnumRequest,
  NetrConnectionEnumResponse,
  NetrFileEnumRequest,
  NetrFileEnumResponse,
  NetrSessionEnumRequest,
  NetrSessionEnumResponse,
  SessionInfo,
} from '#wire/rpc/srvsvc/enumerations.js';
import { NetApiStatus } from '#wire/rpc/srvsvc/interface.js';
import { ShareType } from '#wire/rpc/srvsvc/share-info.js';
import {
  NetrFileCloseRequest,
  NetrFileGetInfoRequest,
  NetrFileGetInfoResponse,
  NetrSessionDelRequest,
  NetrStatusResponse,
} from '#wire/rpc/srvsvc/single.js';
import { close } from '../../action/close.js';
import type { ServerCore } from '../../core.js';
import type { Open } from '../../state/open.js';
import { opensOf, sessionsOf, treesOf } from '../../state/overview.js';
import type { RegisteredSession } from '../../state/session-table.js';
import { forAdministrators } from '../callers.js';
import { on, type RpcOperation } from '../interface.js';

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
/** A missing or empty filter matches everything. */
const fits = (filter: string | null, value: string): boolean => !filter || same(filter.replace(/^\\\\/, ''), value);

function secondsSince(core: ServerCore, since: bigint): number {
  return Math.max(0, Math.floor((core.clock.now() - msFromFiletime(since)) / 1000));
}

function sessionInfo(core: ServerCore, { identity, session, client, since }: RegisteredSession): SessionInfo {
  return Object.assign(new SessionInfo(), {
    cname: client,
    username: identity.account,
    numOpens: session.opens.size,
    time: secondsSince(core, since),
    userFlags: identity.kind === 'user' ? 0 : 1,
    clientType: '',
    transport: '',
  });
}

/** [MS-SRVS] 3.1.4.5: logged-on sessions. */
export const enumSessions: RpcOperation = on(
  NetrSessionEnumRequest,
  NetrSessionEnumResponse,
  (request, response, call) =>
    forAdministrators(call, () => {
      response.infoStruct.level = request.infoStruct.level;
      if (!request.infoStruct.known) return NetApiStatus.ErrorInvalidLevel;
      const found = sessionsOf(call.core)
        .filter(({ identity, client }) => fits(request.userName, identity.account) && fits(request.clientName, client))
        .map((view) => sessionInfo(call.core, view));
      response.infoStruct.entries = found;
      response.totalEntries = found.length;
      return NetApiStatus.Success;
    }),
);

/** [MS-SRVS] 3.1.4.6: ends sessions. */
export const deleteSession: RpcOperation = on(NetrSessionDelRequest, NetrStatusResponse, (request, _response, call) =>
  forAdministrators(call, async () => {
    if (!request.userName && !request.clientName) return NetApiStatus.ErrorInvalidParameter;
    const found = sessionsOf(call.core).filter(
      ({ identity, client }) => fits(request.userName, identity.account) && fits(request.clientName, client),
    );
    await Promise.all(found.map((view) => view.end()));
    return found.length === 0 ? NetApiStatus.NerrClientNameNotFound : NetApiStatus.Success;
  }),
);

/** [MS-SRVS] 3.1.4.1: the connections to a share, or those of a client. */
export const enumConnections: RpcOperation = on(
  NetrConnectionEnumRequest,
  NetrConnectionEnumResponse,
  (request, response, call) =>
    forAdministrators(call, () => {
      const { qualifier } = request;
      response.infoStruct.level = request.infoStruct.level;
      if (!request.infoStruct.known) return NetApiStatus.ErrorInvalidLevel;
      if (!qualifier) return NetApiStatus.ErrorInvalidParameter;
      const byClient = qualifier.startsWith('\\\\');
      const found = treesOf(call.core)
        .filter(({ view, tree }) => (byClient ? fits(qualifier, view.client) : same(qualifier, tree.name)))
        .map(({ view, tree }) =>
          Object.assign(new ConnectionInfo(), {
            id: tree.id,
            type: tree.isPipe ? ShareType.Ipc : ShareType.Disktree,
            numOpens: tree.opens.size,
            numUsers: 1,
            time: secondsSince(call.core, view.since),
            username: view.identity.account,
            netname: byClient ? tree.name : view.client,
          }),
        );
      response.infoStruct.entries = found;
      response.totalEntries = found.length;
      return NetApiStatus.Success;
    }),
);

/** Server-wide ids of opens; ids within sessions are not unique. */
const fileIds = new WeakMap<Open, number>();
let lastFileId = 0;

function fileIdOf(open: Open): number {
  const known = fileIds.get(open);
  if (known !== undefined) return known;
  lastFileId = lastFileId >= 0x7fffffff ? 1 : lastFileId + 1;
  fileIds.set(open, lastFileId);
  return lastFileId;
}

/** [MS-SRVS] 2.2.4.7 PERM_FILE_READ, _WRITE and _CREATE. */
function permissions(granted: number): number {
  const read = (granted & FileAccess.ReadData) !== 0 ? 1 : 0;
  const write = (granted & FileAccess.WriteData) !== 0 ? 2 : 0;
  return read | write | ((granted & FileAccess.AppendData) !== 0 ? 4 : 0);
}

function pathOf(open: Open): string {
  if (open.kind === 'pipe') return `\\PIPE\\${open.pipe.name}`;
  return `${open.tree.name}\\${open.claim.path.replaceAll('/', '\\')}`;
}

function fileInfo(view: RegisteredSession, open: Open): FileInfo {
  return Object.assign(new FileInfo(), {
    id: fileIdOf(open),
    permissions: permissions(open.grantedAccess),
    pathname: pathOf(open),
    username: view.identity.account,
  });
}

/** [MS-SRVS] 3.1.4.2: open files. */
export const enumFiles: RpcOperation = on(NetrFileEnumRequest, NetrFileEnumResponse, (request, response, call) =>
  forAdministrators(call, () => {
    response.infoStruct.level = request.infoStruct.level;
    if (!request.infoStruct.known) return NetApiStatus.ErrorInvalidLevel;
    const base = (request.basePath ?? '').toLowerCase();
    const found = opensOf(call.core)
      .filter(({ view }) => fits(request.userName, view.identity.account))
      .map(({ view, open }) => fileInfo(view, open))
      .filter(({ pathname }) => pathname?.toLowerCase().startsWith(base));
    response.infoStruct.entries = found;
    response.totalEntries = found.length;
    return NetApiStatus.Success;
  }),
);

/** [MS-SRVS] 3.1.4.3: one open file. */
export const getFileInfo: RpcOperation = on(
  NetrFileGetInfoRequest,
  NetrFileGetInfoResponse,
  (request, response, call) =>
    forAdministrators(call, () => {
      response.level = request.level;
      if (request.level !== 2 && request.level !== 3) return NetApiStatus.ErrorInvalidLevel;
      const found = opensOf(call.core).find(({ open }) => fileIdOf(open) === request.fileId);
      if (found === undefined) return NetApiStatus.NerrFileIdNotFound;
      response.info = fileInfo(found.view, found.open);
      return NetApiStatus.Success;
    }),
);

/** [MS-SRVS] 3.1.4.4: closes an open file. */
export const closeFile: RpcOperation = on(NetrFileCloseRequest, NetrStatusResponse, (request, _response, call) =>
  forAdministrators(call, async () => {
    const found = opensOf(call.core).find(({ open }) => fileIdOf(open) === request.fileId);
    if (found === undefined) return NetApiStatus.NerrFileIdNotFound;
    await close(call.core, found.open);
    return NetApiStatus.Success;
  }),
);
