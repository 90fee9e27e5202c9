import { FileGeneric } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { grantAccess } from '../access/decide.js';
import type { ServerCore } from '../core.js';
import type { PipeOpen } from '../state/open.js';
import type { Tree } from '../state/tree.js';
import { Pipe } from './pipe.js';
import { RpcConnection } from './rpc-connection.js';
import { srvsvc } from './srvsvc.js';

/** Opens a named pipe on IPC$; ObjectNameNotFound for one that nobody serves. */
export function openPipe(core: ServerCore, tree: Tree, name: string, desiredAccess: number): PipeOpen {
  const { session } = tree;
  const wanted = name.replace(/^\\?(pipe\\)?/i, '').toLowerCase();
  if (wanted !== 'srvsvc') throw new StatusError(NtStatus.ObjectNameNotFound);
  const open: PipeOpen = {
    kind: 'pipe',
    id: session.nextOpenId(),
    tree,
    grantedAccess: grantAccess(desiredAccess, FileGeneric.All),
    closed: false,
    pipe: new Pipe(wanted, new RpcConnection(srvsvc(core, session.identity))),
  };
  session.add(open);
  return open;
}
