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

/** Requests that say of themselves that they were made before, so that they do not overtake that ([MS-SMB2] 3.3.5.2.10). */
const REPLAYED: readonly number[] = [Command.Create, Command.Write, Command.SetInfo, Command.Ioctl];
/** Those that do no harm twice. */
const HARMLESS: readonly number[] = [Command.Read, Command.Write, Command.Flush, Command.QueryInfo];
const MAX_REPLAYS = 20;
const REPLAY_PAUSE_MS = 100;

/** The server is busy with what was asked for before. */
export function isNotAvailable(error: unknown): boolean {
  return error instanceof StatusError && error.status === NtStatus.FileNotAvailable;
}

/** Whether a request may be made again as it was: an open only where the server knows it again by its CreateGuid. */
function mayReplay({ command, body }: TreeCall): boolean {
  if (HARMLESS.includes(command)) return true;
  if (body instanceof SetInfoRequest)
    return isRepeatableChange({ infoType: body.infoType, infoClass: body.fileInfoClass });
  if (body instanceof IoctlRequest) return body.ctlCode !== Fsctl.PipeTransceive;
  const { DurableHandleRequestV2 } = CreateContextTag;
  return body instanceof CreateRequest && body.createContexts.some(({ name }) => name === DurableHandleRequestV2);
}

/** The open, and what means the file that it opens. */
function related(open: TreeCall, what: readonly OnFile[], close?: OnFile): TreeCall[] {
  const calls = [open];
  for (const call of what) calls.push(call(FileId.related));
  if (close) calls.push(close(FileId.related));
  return calls;
}

/** Credits that they take together. */
function costOf(calls: readonly TreeCall[]): number {
  let cost = 0;
  for (const { charge = 1 } of calls) cost += charge;
  return cost;
}

/** Makes requests on one tree connect, over the channels of its session. */
export class Caller {
  readonly agreement: Agreement;
  readonly session: Smb2Session;
  /** Who is told when caching ends. */
  readonly breaks: Breaks;
  /** `server\share` where the share lies in DFS: all names begin with it then ([MS-SMB2] 3.2.4.3). */
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

  /** [MS-SMB2] 3.1.5.2: one credit for each 64 KiB, where the server knows of such things. */
  charge(bytes: number): number {
    return this.agreement.largeMtu ? Math.max(1, Math.ceil(bytes / CREDIT_BYTES)) : 1;
  }

  /** How long an answer may be that has no need to be longer. */
  answerable(bytes: number): number {
    return Math.min(bytes, this.agreement.maxTransact, this.session.pace.affordable);
  }

  /**
   * Makes one request. `late` gets an answer that comes after the signal was aborted, `failed` why none comes. `again`: the
   * session has been renewed for it.
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
      // [MS-SMB2] 3.3.5.2.10: refused, because it was sent before a channel was lost and came after.
      const overtaken = isNotAvailable(error) && channelSequence !== session.channelSequence;
      if (overtaken) return this.call(call, control, late, failed, again);
      if (!(await session.mend(error, renewals, again, signal))) throw withHint(error);
      return this.call(call, control, late, failed, true);
    }
  }

  #lostChannel(error: unknown, channel: Channel): boolean {
    return error instanceof ConnectionLost && channel.line.lost !== undefined && this.session.lost === undefined;
  }

  /** Asks again over another channel what was not answered on one that was lost ([MS-SMB2] 3.2.4.1.4, 3.2.7.1). */
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
        // [MS-SMB2] 3.3.5.2.10: the server still works on the first one.
        const busy = isNotAvailable(error);
        if (tries >= MAX_REPLAYS || !(busy || this.#lostChannel(error, channel))) throw withHint(error);
        if (busy) await pause(link.clock, REPLAY_PAUSE_MS, signal);
      }
    }
  }

  /** As `call`, over one channel and signed in any case ([MS-SMB2] 3.2.5.5). */
  signedCall(call: TreeCall, channel: Channel, { signal }: Control = {}): Promise<Smb2Reply> {
    return this.session.proven(signal, () => {
      const options = { ...this.#options(channel, signal), sign: true };
      return abortable(channel.line.engine.call(call, options), signal);
    });
  }

  /**
   * Opens, does what there is to do, and closes, all in one round trip; one after the other on servers that are stingy
   * with credits. Returns the answers to the open and to what there was to do, and maybe others behind.
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
    // Not to be interrupted: the close is part of it.
    const sent = engine.together(calls, this.#options(channel, undefined));
    const { replies, failedAt, error } = await abortable(sent, control.signal);
    if (failedAt === -1) return replies;
    // Where something was opened by then, it may be done already.
    if (failedAt > 0 || !(await session.mend(error, renewals, again, control.signal))) throw withHint(error);
    return this.openDoClose(open, what, close, control, true);
  }

  /**
   * Opens, and asks for the first things in the same frame; where the credits do not suffice for that, only opens. What
   * was opened stays open; if nobody waits for it any more, it is closed.
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
    // They fail as the open does.
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

  /** Closes what an open that nobody waits for any more has opened. */
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
