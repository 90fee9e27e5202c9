import { FileGeneric } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { grantAccess } from '../access/decide.js';
import type { ServerCore } from '../core.js';
import { Refusals } from '../refusals.js';
import type { PipeOpen } from '../state/open.js';
import type { Session } from '../state/session.js';
import type { Tree } from '../state/tree.js';
import { AssociationGroups } from './groups.js';
import { pipeInterfaces } from './interfaces.js';
import { Pipe } from './pipe.js';
import { RpcConnection } from './rpc-connection.js';

/** State shared by the pipes of a session, while any of them is open. */
interface Common {
  readonly groups: AssociationGroups;
  readonly refusals: Refusals;
}

const common = new WeakMap<Session, Common>();

function commonOf({ random, clock, limits }: ServerCore, session: Session): Common {
  const known = common.get(session);
  if (known !== undefined) return known;
  const made = { groups: new AssociationGroups(random), refusals: new Refusals(clock, limits.refusedLogons) };
  common.set(session, made);
  return made;
}

/** Whether a pipe of this name exists. */
export function isPipe(name: string): boolean {
  return pipeInterfaces.has(name.toLowerCase());
}

/** Opens a named pipe on IPC$ by its bare name; ObjectNameNotFound if it does not exist. */
export function openPipe(core: ServerCore, tree: Tree, name: string, desiredAccess: number): PipeOpen {
  const { session } = tree;
  const pipe = name.toLowerCase();
  const interfaces = pipeInterfaces.get(pipe);
  if (interfaces === undefined) throw new StatusError(NtStatus.ObjectNameNotFound);
  if (session.pipes >= core.limits.pipes) throw new StatusError(NtStatus.InsufficientResources);
  const { identity } = session;
  const endpoint = { core, pipe, interfaces, identity, ...commonOf(core, session) };
  const open: PipeOpen = {
    kind: 'pipe',
    id: session.nextOpenId(),
    tree,
    grantedAccess: grantAccess(desiredAccess, FileGeneric.All),
    closed: false,
    channelSequence: undefined,
    pipe: new Pipe(pipe, new RpcConnection(endpoint)),
  };
  session.add(open);
  return open;
}

/** Pipe name as in SMB1's NT_CREATE_ANDX, with optional leading backslashes ([MS-CIFS] 2.2.4.64.1). */
export function ntPipeName(path: string): string {
  return path.replace(/^\\+/, '');
}

/** Pipe name as in OPEN_ANDX, with the required prefix `\PIPE\`; ObjectPathSyntaxBad without it. */
export function dosPipeName(path: string): string {
  const found = /^\\*pipe\\+([^\\].*)$/i.exec(path);
  if (found === null) throw new StatusError(NtStatus.ObjectPathSyntaxBad);
  return found[1] as string;
}
