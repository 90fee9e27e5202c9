import { FileGeneric } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import {
  ShareCap,
  ShareFlags,
  ShareType,
  type TreeConnectRequest,
  TreeConnectResponse,
} from '#wire/smb2/command/tree-connect.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { maximalAccess } from '../access/decide.js';
import { shareNameOf } from '../action/share-name.js';
import type { ShareOptions } from '../state/share.js';
import { Smb2Answer, type Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.7. */
export function treeConnect(request: TreeConnectRequest, context: Smb2Context): Smb2Answer {
  const { core, session, connection, channel } = context;
  requireProof(context);
  const name = shareNameOf(request.path);
  const response = new TreeConnectResponse();
  if (name.toLowerCase() === 'ipc$') {
    const tree = session.connectTree(core.shares, undefined);
    context.request.treeId = tree.id;
    response.shareType = ShareType.Pipe;
    response.shareFlags = ShareFlags.NoCaching;
    response.maximalAccess = FileGeneric.All;
    return new Smb2Answer(response);
  }
  const share = core.shares.get(name);
  if (share === undefined) throw new StatusError(NtStatus.BadNetworkName);
  const right = share.rightOf(session.identity);
  if (right === 'none') throw new StatusError(NtStatus.AccessDenied);
  const encrypted = share.options.encryption === 'required';
  if (encrypted && (connection.dialect < Dialect.Smb300 || !channel.security.sealer)) {
    throw new StatusError(NtStatus.AccessDenied);
  }
  const tree = session.connectTree(core.shares, share);
  context.request.treeId = tree.id;
  response.shareType = ShareType.Disk;
  response.shareFlags = shareFlags(share.options);
  // [MS-SMB2] 3.3.5.7
  const available = share.options.continuouslyAvailable === true && connection.dialect >= Dialect.Smb300;
  response.capabilities = available ? ShareCap.ContinuousAvailability : 0;
  response.maximalAccess = maximalAccess(right);
  return new Smb2Answer(response);
}

function shareFlags({ encryption, hideUnreadable }: ShareOptions): number {
  return (
    ShareFlags.ManualCaching |
    (encryption === 'required' ? ShareFlags.EncryptData : 0) |
    (hideUnreadable ? ShareFlags.AccessBasedDirectoryEnum : 0)
  );
}

// [MS-SMB2] 3.3.5.7: at 3.1.1, a user's TREE_CONNECT must be signed or encrypted, or the connection is terminated.
function requireProof({ connection, request, channel }: Smb2Context): void {
  if (connection.dialect !== Dialect.Smb311 || !channel.security.signer || request.signed || request.encrypted) return;
  connection.fail(new StatusError(NtStatus.AccessDenied, { command: 'TREE_CONNECT', hint: 'not signed' }));
  throw new StatusError(NtStatus.AccessDenied);
}
