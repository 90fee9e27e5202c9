import type { Patience } from '#coord/patience.js';
import type { Smb1ServerRequest } from '#engine/smb1/server-request.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { canonicalDosPath } from '#wire/fscc/file-name.js';
import type { Wire } from '#wire/io/layout.js';
import type { ServerCore } from '../core.js';
import type { DiskOpen, Open } from '../state/open.js';
import type { Session } from '../state/session.js';
import type { Tree } from '../state/tree.js';
import type { Smb1Server } from './connection.js';

/** A response that needs more than a body and Success. */
export class Smb1Answer {
  readonly body: Wire;
  readonly status: number;
  /** Releases memory used by the body, once it has been sent. */
  release: (() => void) | undefined;
  /** Further messages of the same response. */
  more: readonly Wire[] | undefined;

  constructor(body: Wire, status: number = NtStatus.Success) {
    this.body = body;
    this.status = status;
  }
}

/** Context of a request: connection, session, tree and open, each looked up through the previous one. */
export class Smb1Context {
  readonly connection: Smb1Server;
  readonly request: Smb1ServerRequest;

  constructor(connection: Smb1Server, request: Smb1ServerRequest) {
    this.connection = connection;
    this.request = request;
  }

  get core(): ServerCore {
    return this.connection.core;
  }

  get unicode(): boolean {
    return this.request.header.isUnicode;
  }

  /** The request's session; SmbBadUid if there is no logon with that UID. */
  get session(): Session {
    const { uid, tid } = this.request.ids;
    return this.connection.sessionOf(uid, tid);
  }

  /** The request's tree connect, even if its share is gone; SmbBadTid if the TID is unknown. */
  get tree(): Tree {
    const tree = this.session.trees.get(this.request.ids.tid);
    if (tree === undefined) throw new StatusError(NtStatus.SmbBadTid);
    return tree;
  }

  /** As `tree`, but only for disk shares. */
  get diskTree(): Tree {
    const { tree } = this;
    if (tree.isPipe) throw new StatusError(NtStatus.InvalidDeviceRequest);
    return tree;
  }

  /** The open of a FID; a file opened earlier in the same AndX chain takes precedence over the FID. */
  open(fid: number): Open {
    const { tree, request } = this;
    const open = tree.session.opens.get(request.ids.fid ?? fid);
    if (open === undefined || open.tree !== tree) throw new StatusError(NtStatus.InvalidHandle);
    return open;
  }

  /** As `open`, but only for files and directories. */
  diskOpen(fid: number): DiskOpen {
    const open = this.open(fid);
    if (open.kind !== 'disk') throw new StatusError(NtStatus.InvalidDeviceRequest);
    return open;
  }

  /** Lets the request wait, without the client being told, until CANCEL or the loss of the connection. */
  get patience(): Patience {
    return { signal: this.request.signal, waits: () => undefined };
  }

  /** Records the PID that opened a file, and makes later commands of the AndX chain refer to it. */
  opened(open: Open): void {
    this.request.ids.fid = open.id;
    this.connection.processes.set(open, this.request.header.pid);
  }

  /** Converts a client's path to its SMB2 form. */
  path(path: string): string {
    return canonicalDosPath(path);
  }
}
