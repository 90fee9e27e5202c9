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

/** What the pipes of a session have in common, as long as there is somebody to ask. */
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

/** Whether somebody serves the pipe. */
export function isPipe(name: string): boolean {
  return pipeInterfaces.has(name.toLowerCase());
}

/** Opens a named pipe on IPC$, by its bare name; ObjectNameNotFound for one that nobody serves. */
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

/** The name in the form of SMB1's NT_CREATE_ANDX, where backslashes may stand before it ([MS-CIFS] 2.2.4.64.1). */
export function ntPipeName(path: string): string {
  return path.replace(/^\\+/, '');
}

/** The name in the form of OPEN_ANDX: behind `\PIPE\`, and ObjectPathSyntaxBad without that. */
export function dosPipeName(path: string): string {
  const found = /^\\*pipe\\+([^\\].*)$/i.exec(path);
  if (found === null) throw new StatusError(NtStatus.ObjectPathSyntaxBad);
  return found[1] as string;
}
