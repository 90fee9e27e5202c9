import { FileAccess } from '#wire/dtyp/access-mask.js';
import { msFromFiletime } from '#wire/dtyp/filetime.js';
import { ShareAccess } from '#wire/smb2/command/create.js';
import { LeaseState } from '#wire/smb2/create-context/lease.js';
import type { ServerCore } from './core.js';
import type { DiskOpen } from './state/open.js';
import { opensOf, sessionsOf, treesOf } from './state/overview.js';
import type { ServerStatus } from './status.js';

/** A logged-on session. */
export interface SessionDetails {
  readonly id: string;
  readonly account: string;
  readonly kind: string;
  readonly workstation: string;
  /** The client's address and port. */
  readonly client: string;
  readonly since: Date;
  readonly trees: number;
  readonly opens: number;
}

/** A session's tree connect to a share. */
export interface TreeDetails {
  readonly session: string;
  readonly share: string;
  readonly opens: number;
}

/** An open file or directory. */
export interface OpenDetails {
  readonly session: string;
  readonly share: string;
  /** Path from the share's root, with slashes; for a named stream `file:stream`. */
  readonly path: string;
  readonly directory: boolean;
  /** Granted access, as a subset of `r`, `w`, `d`. */
  readonly access: string;
  /** Share mode, likewise. */
  readonly sharing: string;
  /** What the client may cache, as a subset of `r`, `w`, `h`, and whether by a lease or an oplock. */
  readonly caching: string;
  readonly lease: boolean;
  readonly durable: boolean;
}

/** A byte-range lock. 64-bit numbers are given as text. */
export interface LockDetails {
  readonly path: string;
  readonly offset: string;
  readonly length: string;
  readonly exclusive: boolean;
}

/** Everything a server currently holds, item by item. */
export interface ServerDetails {
  readonly counts: ServerStatus;
  readonly sessions: readonly SessionDetails[];
  readonly trees: readonly TreeDetails[];
  readonly opens: readonly OpenDetails[];
  readonly locks: readonly LockDetails[];
}

/** Takes one pass over everything; changes made during the pass may or may not show. */
export async function detailsOf(core: ServerCore, counts: ServerStatus): Promise<ServerDetails> {
  const locks = await core.coordinator.locks.list();
  return {
    counts,
    sessions: sessionsOf(core).map(({ id, identity, session, client, since }) => ({
      id: String(id),
      account: identity.account,
      kind: identity.kind,
      workstation: identity.workstation,
      client,
      since: new Date(msFromFiletime(since)),
      trees: session.trees.size,
      opens: session.opens.size,
    })),
    trees: treesOf(core).map(({ view, tree }) => ({
      session: String(view.id),
      share: tree.name,
      opens: tree.opens.size,
    })),
    opens: opensOf(core).flatMap(({ view, open }) =>
      open.kind === 'disk' ? [openDetails(String(view.id), open)] : [],
    ),
    locks: locks.map(({ claim, offset, length, exclusive }) => ({
      path: pathOf(claim),
      offset: String(offset),
      length: String(length),
      exclusive,
    })),
  };
}

function openDetails(session: string, open: DiskOpen): OpenDetails {
  const { claim, tree, grantedAccess } = open;
  const state = claim.holder?.state ?? 0;
  return {
    session,
    share: tree.name,
    path: pathOf(claim),
    directory: open.isDirectory,
    access: letters([
      ['r', grantedAccess & (FileAccess.ReadData | FileAccess.Execute)],
      ['w', grantedAccess & (FileAccess.WriteData | FileAccess.AppendData)],
      ['d', grantedAccess & FileAccess.Delete],
    ]),
    sharing: letters([
      ['r', claim.share & ShareAccess.Read],
      ['w', claim.share & ShareAccess.Write],
      ['d', claim.share & ShareAccess.Delete],
    ]),
    caching: letters([
      ['r', state & LeaseState.ReadCaching],
      ['w', state & LeaseState.WriteCaching],
      ['h', state & LeaseState.HandleCaching],
    ]),
    lease: claim.holder?.lease !== undefined,
    durable: open.durable !== undefined,
  };
}

function pathOf({ path, stream }: { readonly path: string; readonly stream: string }): string {
  const plain = path.replaceAll('\\', '/').replace(/^\/+/, '');
  return stream === '' ? plain : `${plain}:${stream}`;
}

function letters(bits: readonly (readonly [letter: string, bit: number])[]): string {
  return bits.map(([letter, bit]) => (bit === 0 ? '' : letter)).join('');
}
