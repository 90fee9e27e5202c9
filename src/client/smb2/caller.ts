import type { CallOptions, Smb2Reply } from '#engine/smb2/client-connection.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { FileId } from '#wire/io/file-id.js';
import { CreateRequest, type CreateResponse } from '#wire/smb2/command/create.js';
import { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { SetInfoRequest } from '#wire/smb2/command/set-info.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Command } from '#wire/smb2/header.js';
import { abortable, pause } from '../abort.js';
import { withHint } from '../errors.js';
import { isRepeatableChange } from '../lasting/repeatable.js';
import type { Control } from '../protocol.js';
import type { Breaks } from './breaks.js';
import type { Agreement } from './negotiate.js';
import type { Channel, Smb2Session } from './session.js';
import type { OnFile, TreeCall } from './tree-call.js';

const CREDIT_BYTES = 65536;

/**
 * Commands whose repetitions carry the replay flag, so that the server does not run them ahead of the first attempt
 * ([MS-SMB2] 3.3.5.2.10).
 */
const REPLAYED: readonly number[] = [Command.Create, Command.Write, Command.SetInfo, Command.Ioctl];
/** Commands that are safe to repeat. */
const HARMLESS: readonly number[] = [Command.Read, Command.Write, Command.Flush, Command.QueryInfo];
const MAX_REPLAYS = 20;
const REPLAY_PAUSE_MS = 100;

/** The server is still processing the original request. */
export function isNotAvailable(error: unknown): boolean {
  return error instanceof StatusError && error.status === NtStatus.FileNotAvailable;
}

/** Whether a request can be repeated unchanged; an open only if the server can recognize it by its CreateGuid. */
function mayReplay({ command, body }: TreeCall): boolean {
  if (HARMLESS.includes(command)) return true;
  if (body instanceof SetInfoRequest)
    return isRepeatableChange({ infoType: body.infoType, infoClass: body.fileInfoClass });
  if (body instanceof IoctlRequest) return body.ctlCode !== Fsctl.PipeTransceive;
  const { DurableHandleRequestV2 } = CreateContextTag;
  return body instanceof CreateRequest && body.createContexts.some(({ name }) => name === DurableHandleRequestV2);
}

/** A compound: the open, and requests on the file that it opens. */
function related(open: TreeCall, what: readonly OnFile[], close?: OnFile): TreeCall[] {
  const calls = [open];
  for (const call of what) calls.push(call(FileId.related));
  if (close) calls.push(close(FileId.related));
  return calls;
}

/** Credits for all of them. */
function costOf(calls: readonly TreeCall[]): number {
  let cost = 0;
  for (const { charge = 1 } of calls) cost += charge;
  return cost;
}

/** Sends requests on one tree connect, over the channels of its session. */
export class Caller {
  readonly agreement: Agreement;
  readonly session: Smb2Session;
  /** Dispatches oplock and lease breaks. */
  readonly breaks: Breaks;
  /** `server\share` if the share is in DFS, where all names begin with it ([MS-SMB2] 3.2.4.3). */
  readonly dfs: string | undefined;
  readonly #treeId: number;
  readonly #encrypt: boolean;

  constructor(session: Smb2Session, treeId: number, encrypt: boolean, dfs?: string) {
    this.dfs = dfs;
    this.agreement = session.agreement;
    this.session = session;
    this.breaks = session.breaks;
    this.#treeId = treeId;
    this.#encrypt = encrypt;
  }

  /** [MS-SMB2] 3.1.5.2: one credit per 64 KiB, if the server supports multi-credit requests. */
  charge(bytes: number): number {
    return this.agreement.largeMtu ? Math.max(1, Math.ceil(bytes / CREDIT_BYTES)) : 1;
  }

  /** Limits the buffer size of a response that may also come in smaller parts. */
  answerable(bytes: number): number {
    return Math.min(bytes, this.agreement.maxTransact, this.session.pace.affordable);
  }

  /**
   * Sends a request. `late` receives a response that arrives after an abort, `failed` the error if none arrives.
   * `again`: the session has already been renewed for this request.
   */
  async call(
    call: TreeCall,
    control: Control = {},
    late?: (reply: Smb2Reply) => void,
    failed?: (error: unknown) => void,
    again = false,
  ): Promise<Smb2Reply> {
    const { session } = this;
    const { signal } = control;
    if (session.renewing !== undefined) await abortable(session.renewing, signal);
    const channel = session.pick();
    const { channelSequence, renewals } = session;
    const sent = channel.line.engine.call(call, this.#options(channel, signal, call.replay));
    try {
      return await abortable(sent, signal, late, failed);
    } catch (error) {
      if (this.#lostChannel(error, channel) && mayReplay(call)) return this.#replay(call, signal, late);
      // [MS-SMB2] 3.3.5.2.10: rejected because it was sent before the loss of a channel, but arrived after it.
      const overtaken = isNotAvailable(error) && channelSequence !== session.channelSequence;
      if (overtaken) return this.call(call, control, late, failed, again);
      if (!(await session.mend(error, renewals, again, signal))) throw withHint(error);
      return this.call(call, control, late, failed, true);
    }
  }

  #lostChannel(error: unknown, channel: Channel): boolean {
    return error instanceof ConnectionLost && channel.line.lost !== undefined && this.session.lost === undefined;
  }

  /** Repeats a request that was not answered on a lost channel over another one ([MS-SMB2] 3.2.4.1.4, 3.2.7.1). */
  async #replay(
    call: TreeCall,
    signal: AbortSignal | undefined,
    late: ((reply: Smb2Reply) => void) | undefined,
  ): Promise<Smb2Reply> {
    for (let tries = 0; ; tries++) {
      const channel = this.session.pick();
      const { engine, link } = channel.line;
      const options = this.#options(channel, signal, REPLAYED.includes(call.command));
      const ask = (): Promise<Smb2Reply> => abortable(engine.call(call, options), signal, late);
      try {
        return await this.session.proven(signal, ask);
      } catch (error) {
        // [MS-SMB2] 3.3.5.2.10: the server is still processing the original.
        const busy = isNotAvailable(error);
        if (tries >= MAX_REPLAYS || !(busy || this.#lostChannel(error, channel))) throw withHint(error);
        if (busy) await pause(link.clock, REPLAY_PAUSE_MS, signal);
      }
    }
  }

  /** Like `call`, over the given channel and always signed ([MS-SMB2] 3.2.5.5). */
  signedCall(call: TreeCall, channel: Channel, { signal }: Control = {}): Promise<Smb2Reply> {
    return this.session.proven(signal, () => {
      const options = { ...this.#options(channel, signal), sign: true };
      return abortable(channel.line.engine.call(call, options), signal);
    });
  }

  /**
   * Opens a file, runs requests on it and closes it, in one round trip; one by one if there are too few credits.
   * Returns the responses to the open and the requests, which others may follow.
   */
  async openDoClose(
    open: TreeCall,
    what: readonly OnFile[],
    close: OnFile,
    control: Control = {},
    again = false,
  ): Promise<Smb2Reply[]> {
    const calls = related(open, what, close);
    const { session } = this;
    if (session.renewing !== undefined) await abortable(session.renewing, control.signal);
    const channel = session.pick();
    const { engine } = channel.line;
    const { renewals } = session;
    if (engine.reach < costOf(calls)) return this.#oneByOne(open, what, close, control);
    control.signal?.throwIfAborted();
    // The compound itself is not aborted, because it includes the close.
    const sent = engine.together(calls, this.#options(channel, undefined));
    const { replies, failedAt, error } = await abortable(sent, control.signal);
    if (failedAt === -1) return replies;
    // Once the file was opened, requests may have been executed, so they are not repeated.
    if (failedAt > 0 || !(await session.mend(error, renewals, again, control.signal))) throw withHint(error);
    return this.openDoClose(open, what, close, control, true);
  }

  /**
   * Opens a file and sends the first requests on it in the same compound; only opens it if there are too few credits.
   * The file stays open, unless the call is aborted.
   */
  async openAndAsk(
    open: TreeCall,
    what: readonly OnFile[],
    close: OnFile,
    control: Control = {},
    again = false,
  ): Promise<{ opened: Smb2Reply; answers: readonly Promise<Smb2Reply>[] }> {
    const calls = related(open, what);
    const late = (reply: Smb2Reply): void => this.closeQuietly(close, reply);
    const { session } = this;
    const { signal } = control;
    if (session.renewing !== undefined) await abortable(session.renewing, signal);
    const channel = session.pick();
    const { engine } = channel.line;
    if (engine.reach < costOf(calls)) return { opened: await this.call(open, control, late), answers: [] };
    signal?.throwIfAborted();
    const { renewals } = session;
    const [first, ...rest] = engine.compound(calls, this.#options(channel, undefined));
    // If the open fails, so do these.
    for (const answer of rest) answer.catch(() => undefined);
    try {
      const opened = await abortable(first as Promise<Smb2Reply>, signal, late);
      return { opened, answers: rest.map((answer) => abortable(answer, signal)) };
    } catch (error) {
      if (!(await session.mend(error, renewals, again, signal))) throw withHint(error);
      return this.openAndAsk(open, what, close, control, true);
    }
  }

  async #oneByOne(open: TreeCall, what: readonly OnFile[], close: OnFile, control: Control): Promise<Smb2Reply[]> {
    const opened = await this.call(open, control, (reply) => this.closeQuietly(close, reply));
    const { fileId } = opened.body as CreateResponse;
    const replies = [opened];
    try {
      for (const call of what) replies.push(await this.call(call(fileId), control));
    } catch (error) {
      this.closeQuietly(close, opened);
      throw error;
    }
    await this.call(close(fileId));
    return replies;
  }

  /** Closes the file of an open that was aborted. */
  closeQuietly(close: OnFile, opened: Smb2Reply): void {
    const { fileId } = opened.body as CreateResponse;
    // If it fails, the handle or the connection is gone: either way there is nothing left to close.
    this.call(close(fileId)).catch(() => undefined);
  }

  #options(channel: Channel, signal: AbortSignal | undefined, replay = false): CallOptions {
    const { channelSequence } = this.session;
    return {
      session: channel.security,
      treeId: this.#treeId,
      signal,
      encrypt: this.#encrypt,
      channelSequence,
      replay,
    };
  }
}
