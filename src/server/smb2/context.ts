import type { Smb2ServerRequest } from '#engine/smb2/server-request.js';
import { StatusError } from '#wire/erref/errors.js';
import { isError, NtStatus } from '#wire/erref/nt-status.js';
import { FileId } from '#wire/io/file-id.js';
import type { Wire } from '#wire/io/layout.js';
import { ErrorContext, ErrorResponse } from '#wire/smb2/command/error.js';
import { Dialect } from '#wire/smb2/dialect.js';
import { Command, HeaderFlags } from '#wire/smb2/header.js';
import type { ServerCore } from '../core.js';
import type { ChannelSequence } from '../state/channel-sequence.js';
import type { DiskOpen, Open } from '../state/open.js';
import type { Session } from '../state/session.js';
import type { Tree } from '../state/tree.js';
import type { Smb2Server } from './connection.js';
import type { Channel } from './session.js';

/** A response that needs more than a body and Success. */
export class Smb2Answer {
  readonly body: Wire;
  readonly status: number;
  /** Releases memory used by the body, once it has been sent. */
  readonly release: (() => void) | undefined;

  constructor(body: Wire, status: number = NtStatus.Success, release?: () => void) {
    this.body = body;
    this.status = status;
    this.release = release;
  }
}

const CREDIT_BYTES = 65_536;

/** Commands that must not be executed out of order. */
const CHANGES: readonly number[] = [Command.Write, Command.SetInfo, Command.Ioctl];

/** Context of a request: connection, session, tree and open, each looked up through the previous one. */
export class Smb2Context {
  readonly connection: Smb2Server;
  readonly request: Smb2ServerRequest;
  /** Where the request is counted as outstanding. */
  #counted: ChannelSequence | undefined;

  constructor(connection: Smb2Server, request: Smb2ServerRequest) {
    this.connection = connection;
    this.request = request;
  }

  get core(): ServerCore {
    return this.connection.core;
  }

  /** The channel of the request's session on this connection; UserSessionDeleted if there is no such logon. */
  get channel(): Channel {
    const found = this.connection.channels.get(this.request.sessionId);
    if (found?.established) return found;
    // [MS-SMB2] 3.3.5.2.7.2, and smbd: INVALID_PARAMETER for a related request without a session, even behind a LOGOFF.
    throw new StatusError(this.request.previous ? NtStatus.InvalidParameter : NtStatus.UserSessionDeleted);
  }

  /** The request's session, if the command is allowed on it now. */
  get session(): Session {
    const { header, previous } = this.request;
    return this.channel.session.requireUsable(header.command, this.core.clock, previous);
  }

  /** The request's tree connect, even if its share is gone; NetworkNameDeleted if the id is unknown. */
  get anyTree(): Tree {
    const tree = this.session.trees.get(this.request.treeId);
    if (tree === undefined) throw new StatusError(NtStatus.NetworkNameDeleted);
    return tree;
  }

  /** As `anyTree`, but checks that the share exists and that the request is encrypted if required. */
  get tree(): Tree {
    const tree = this.anyTree;
    if (!tree.isPipe && tree.share.options.encryption === 'required' && !this.request.encrypted) {
      throw new StatusError(NtStatus.AccessDenied);
    }
    return tree;
  }

  /** The open that a FileId refers to; FileClosed if there is none ([MS-SMB2] 3.3.5.2.7.2 for related requests). */
  open(fileId: FileId): Open {
    const { tree, request } = this;
    const meant = fileId.isRelated && request.previous ? request.fileId : fileId;
    if (meant === undefined) {
      const failed = request.previous?.status ?? NtStatus.Success;
      throw new StatusError(isError(failed) ? failed : NtStatus.InvalidParameter);
    }
    const open = tree.session.opens.get(meant.v0);
    if (open === undefined || open.tree !== tree || !fileIdOf(open).equals(meant)) {
      throw new StatusError(NtStatus.FileClosed);
    }
    request.fileId = meant;
    if (open.channelSequence !== undefined && this.#counted === undefined) this.#count(open.channelSequence);
    // [MS-SMB2] 3.3.5.12 and others: using an open ends replay of its CREATE, except for persistent opens.
    if (open.kind === 'disk' && open.durable?.tenacity !== 'persistent') open.endReplays?.();
    return open;
  }

  /** [MS-SMB2] 3.3.5.2.10: FileNotAvailable for a change that arrives after requests of a newer sequence. */
  #count(sequence: ChannelSequence): void {
    const { header } = this.request;
    if (sequence.begin(header.channelSequence, (header.flags & HeaderFlags.ReplayOperation) !== 0)) {
      this.#counted = sequence;
    } else if (CHANGES.includes(header.command)) {
      throw new StatusError(NtStatus.FileNotAvailable);
    }
  }

  /** The request has been completed, successfully or not. */
  done(): void {
    this.#counted?.done(this.request.header.channelSequence);
  }

  /** As `open`, but only for files and directories. */
  diskOpen(fileId: FileId): DiskOpen {
    const open = this.open(fileId);
    if (open.kind !== 'disk') throw new StatusError(NtStatus.InvalidDeviceRequest);
    return open;
  }

  /** An error response with data, in the form the dialect requires ([MS-SMB2] 2.2.2). */
  errorWith(data: Wire): ErrorResponse {
    if (this.connection.dialect !== Dialect.Smb311) return Object.assign(new ErrorResponse(), { errorData: data });
    const errorContext = Object.assign(new ErrorContext(), { data });
    return Object.assign(new ErrorResponse(), { errorContexts: [errorContext] });
  }

  /** InvalidParameter unless the credit charge covers the payload size ([MS-SMB2] 3.3.5.2.5). */
  requireCharge(bytes: number, most: number = this.connection.maxTransact): void {
    if (bytes > most) throw new StatusError(NtStatus.InvalidParameter);
    if (this.connection.dialect < Dialect.Smb210) return;
    const paid = Math.max(this.request.header.creditCharge, 1) * CREDIT_BYTES;
    if (bytes > paid) throw new StatusError(NtStatus.InvalidParameter);
  }
}

/** The FileId by which a client refers to an open. */
export function fileIdOf(open: Open): FileId {
  if (open.kind === 'pipe') return new FileId(open.id, 0, open.id, open.tree.id);
  const { low, high } = open.persistentId;
  return new FileId(low, high, open.id, open.tree.id);
}
