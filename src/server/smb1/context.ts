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

/** An answer with more to it than a body and Success. */
export class Smb1Answer {
  readonly body: Wire;
  readonly status: number;
  /** Gives back memory that the body refers to, once it has been sent. */
  release: (() => void) | undefined;
  /** Further messages of the same answer. */
  more: readonly Wire[] | undefined;

  constructor(body: Wire, status: number = NtStatus.Success) {
    this.body = body;
    this.status = status;
  }
}

/** Where a request stands: its connection, session, tree and open, each found only through the one before. */
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

  /** The request's session; SmbBadUid when nobody is logged on under that id. */
  get session(): Session {
    const { uid, tid } = this.request.ids;
    return this.connection.sessionOf(uid, tid);
  }

  /** The request's tree connect, whatever became of its share; SmbBadTid when there is none of that id. */
  get tree(): Tree {
    const tree = this.session.trees.get(this.request.ids.tid);
    if (tree === undefined) throw new StatusError(NtStatus.SmbBadTid);
    return tree;
  }

  /** As `tree`, where only the files of a share will do. */
  get diskTree(): Tree {
    const { tree } = this;
    if (tree.isPipe) throw new StatusError(NtStatus.InvalidDeviceRequest);
    return tree;
  }

  /** The open that a FID means here; one that was opened by the same message goes before what the FID says. */
  open(fid: number): Open {
    const { tree, request } = this;
    const open = tree.session.opens.get(request.ids.fid ?? fid);
    if (open === undefined || open.tree !== tree) throw new StatusError(NtStatus.InvalidHandle);
    return open;
  }

  /** As `open`, where only a file or directory will do. */
  diskOpen(fid: number): DiskOpen {
    const open = this.open(fid);
    if (open.kind !== 'disk') throw new StatusError(NtStatus.InvalidDeviceRequest);
    return open;
  }

  /** To wait, without the client hearing of it, until it cancels or is lost. */
  get patience(): Patience {
    return { signal: this.request.signal, waits: () => undefined };
  }

  /** Remembers who opened a file, and that the commands after this one mean it. */
  opened(open: Open): void {
    this.request.ids.fid = open.id;
    this.connection.processes.set(open, this.request.header.pid);
  }

  /** A path of the client in the form of SMB2. */
  path(path: string): string {
    return canonicalDosPath(path);
  }
}
