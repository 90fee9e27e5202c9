import type { Identity } from '#auth/mechanism.js';
import { verifySharePassword } from '#auth/smb1-logon.js';
import { FileGeneric } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EMPTY } from '#wire/io/decoder.js';
import {
  OptionalSupport,
  Service,
  type TreeConnectAndXRequest,
  TreeConnectAndXResponse,
  TreeConnectFlags,
} from '#wire/smb1/command/tree-connect-andx.js';
import { maximalAccess } from '../access/decide.js';
import { closeTree } from '../action/close.js';
import { shareNameOf } from '../action/share-name.js';
import { Session } from '../state/session.js';
import type { Share } from '../state/share.js';
import type { Tree } from '../state/tree.js';
import type { Smb1Context } from './context.js';

const EXTENDED_WORDS = 7;

/** [MS-CIFS] 3.3.5.45, [MS-SMB] 2.2.4.7. */
export async function treeConnectAndX(
  request: TreeConnectAndXRequest,
  context: Smb1Context,
): Promise<TreeConnectAndXResponse> {
  const { core, connection } = context;
  if (!connection.shareLevel) void context.session;
  const share = shareOf(request, context);
  const session = sessionFor(request, context, share);
  if (share && share.rightOf(session.identity) === 'none') throw new StatusError(NtStatus.AccessDenied);
  if (share?.options.encryption === 'required') throw new StatusError(NtStatus.AccessDenied);
  if ((request.flags & TreeConnectFlags.DisconnectTid) !== 0) await disconnect(context);
  const tree = session.connectTree(core.shares, share);
  if (connection.shareLevel) {
    connection.shareSessions.set(tree.id, session);
    connection.authenticated();
  }
  context.request.ids.tid = tree.id;
  return response(request, tree, share);
}

/** The requested share; undefined for IPC$. The requested service must match. */
function shareOf({ path, service }: TreeConnectAndXRequest, { core }: Smb1Context): Share | undefined {
  // Old clients may omit the server name.
  const name = path.includes('\\') ? shareNameOf(path) : path;
  const isPipe = name.toLowerCase() === 'ipc$';
  const share = isPipe ? undefined : core.shares.get(name);
  if (!isPipe && share === undefined) throw new StatusError(NtStatus.BadNetworkName);
  const fits = service === Service.Any || service === (isPipe ? Service.NamedPipe : Service.Disk);
  if (!fits) throw new StatusError(NtStatus.BadDeviceType);
  return share;
}

/** The session to connect with. Under share-level security, a user if the share has a password, otherwise a guest. */
function sessionFor({ password }: TreeConnectAndXRequest, context: Smb1Context, share: Share | undefined): Session {
  const { connection, core } = context;
  if (!connection.shareLevel) return context.session;
  if (connection.shareSessions.size >= core.limits.treeConnects) throw new StatusError(NtStatus.InsufficientResources);
  const expected = share?.options.password;
  if (expected !== undefined && !verifySharePassword({ expected, given: password, challenge: connection.challenge })) {
    throw new StatusError(NtStatus.WrongPassword);
  }
  const kind = expected === undefined ? 'guest' : 'user';
  const identity: Identity = { account: '', domain: '', kind, sessionKey: EMPTY, workstation: '' };
  return new Session(`share ${share?.name ?? 'IPC$'}`, identity, core.limits, connection.numbers);
}

async function disconnect({ connection, core, request }: Smb1Context): Promise<void> {
  const { uid, tid } = request.ids;
  const had = connection.findSession(uid, tid)?.trees.get(tid);
  if (had === undefined) return;
  await closeTree(core, had);
  await connection.disconnected(had);
}

function response({ flags }: TreeConnectAndXRequest, tree: Tree, share: Share | undefined): TreeConnectAndXResponse {
  const answer = new TreeConnectAndXResponse();
  answer.service = share ? Service.Disk : Service.NamedPipe;
  answer.nativeFileSystem = share?.backend.volume.fileSystem ?? '';
  answer.optionalSupport = OptionalSupport.SupportSearchBits;
  if ((flags & TreeConnectFlags.ExtendedResponse) !== 0) {
    answer.wordCount = EXTENDED_WORDS;
    answer.maximalShareAccessRights = share ? maximalAccess(tree.right) : FileGeneric.All;
    answer.guestMaximalShareAccessRights = guestAccess(share);
  }
  return answer;
}

/** A guest's access ([MS-SMB] 2.2.4.7.2 GuestMaximalShareAccessRights). */
export function guestAccess(share: Share | undefined): number {
  const guest: Identity = { account: '', domain: '', kind: 'guest', sessionKey: EMPTY, workstation: '' };
  return share ? maximalAccess(share.rightOf(guest)) : 0;
}
