import type { Clock, Random } from '#engine/transport.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { type Guid, readGuid } from '#wire/dtyp/guid.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { pause } from '../abort.js';
import type { Control, FileProtocol, Handle, OpenRequest } from '../protocol.js';
import { isNotAvailable } from '../smb2/caller.js';
import {
  durableRequest,
  goesOn,
  isPersistent,
  mayLast,
  plainRequest,
  reclaimRequest,
  takeUpRequest,
} from '../smb2/durable.js';
import type { Foothold, Standing } from './foothold.js';
import type { LastingHandle, Terms } from './lasting-handle.js';
import type { LeaseKeys } from './lease-keys.js';
import { isLoss } from './loss.js';

export interface HandleSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly leases: LeaseKeys;
  /** How long a server shall keep an open whose connection was lost. */
  readonly holdMs: number;
}

/** An open that is on its way: a persistent one is known by this when it is asked for again. */
export interface Wish {
  createGuid: Guid;
  /** One that was taken for it. */
  leaseKey: Guid | undefined;
  /** Whether the server may have heard of it. */
  asked: boolean;
  /** What came of it, and was lost again before it could be used. */
  had?: Handle;
}

const MAX_WAITS = 20;
const WAIT_MS = 100;

/** Somebody has it open: maybe ourselves. */
function isInTheWay(error: unknown): boolean {
  return error instanceof StatusError && error.status === NtStatus.SharingViolation;
}

/** Makes the opens of a share so that they can be had again, and has them again. */
export class Opener {
  readonly #foothold: Foothold;
  readonly #settings: HandleSettings;

  constructor(foothold: Foothold, settings: HandleSettings) {
    this.#foothold = foothold;
    this.#settings = settings;
  }

  wish(): Wish {
    return { createGuid: readGuid(this.#settings.random(16)), leaseKey: undefined, asked: false };
  }

  /**
   * Opens. Where it is lost, a persistent open may be asked for again with the same wish, and is done once; any other
   * one is another one then. Give up a wish that comes to nothing.
   */
  async open(
    on: Standing,
    request: OpenRequest,
    wish: Wish,
    control?: Control,
  ): Promise<{ terms: Terms; inner: Handle }> {
    const { info } = on.client;
    const persistent = on.continuous;
    if (!mayLast(request, info, persistent)) return this.#plain(on, request, wish, control);
    if (!persistent) this.#renew(wish, request);
    const own = request.lease === undefined && request.oplock === undefined;
    const { leases, holdMs } = this.#settings;
    const name = this.#fileOf(request);
    wish.leaseKey ??= leases.take(name);
    const { createGuid, leaseKey } = wish;
    const durable = durableRequest(request, info, { timeoutMs: holdMs, createGuid, leaseKey, persistent });
    const unanswered = (error: unknown): void => {
      if (!isLoss(error)) return;
      const letGo = persistent ? this.#reclaim(durable, createGuid) : this.#sweep(request);
      letGo.catch(() => undefined);
    };
    const replay = wish.asked;
    wish.asked = true;
    const ask = (): Promise<Handle> => on.protocol.open(durable, { ...control, unanswered, replay });
    try {
      const inner = await (replay ? this.#patiently(ask, isNotAvailable, control) : ask());
      if (!own) this.giveUp(wish, request);
      wish.leaseKey = undefined;
      return { terms: { request, createGuid, leaseKey: own ? leaseKey : undefined }, inner };
    } catch (error) {
      // [MS-SMB2] 3.3.5.9.8: the key is in use for another file, which was by this name before.
      if (!own || !(error instanceof StatusError) || error.status !== NtStatus.InvalidParameter) throw error;
      this.giveUp(wish, request);
      leases.forget(name);
      return this.#plain(on, request, wish, control);
    }
  }

  async #plain(on: Standing, request: OpenRequest, { createGuid }: Wish, control?: Control) {
    const inner = await on.protocol.open(plainRequest(request, on.client.info), control);
    return { terms: { request, createGuid, leaseKey: undefined }, inner };
  }

  // What only the connection has kept is known to nobody any more: another key breaks the lease of what is left of it.
  #renew(wish: Wish, request: OpenRequest): void {
    this.giveUp(wish, request);
    if (wish.asked) wish.createGuid = readGuid(this.#settings.random(16));
    wish.asked = false;
  }

  giveUp(wish: Wish, request: OpenRequest): void {
    if (wish.leaseKey !== undefined) this.#settings.leases.drop(this.#fileOf(request), wish.leaseKey);
    wish.leaseKey = undefined;
  }

  /** The key of an open that is over. */
  giveKey(holder: { terms: Terms }): void {
    const { leaseKey, request } = holder.terms;
    if (leaseKey === undefined) return;
    this.#settings.leases.drop(this.#fileOf(request), leaseKey);
    holder.terms = { ...holder.terms, leaseKey: undefined };
  }

  /** True if the server kept it for us: nobody else has changed the file meanwhile, or it would not have. */
  async takeUp(handle: LastingHandle, on: Standing): Promise<boolean> {
    const { request, createGuid } = handle.terms;
    const ask = (): Promise<Handle> => on.protocol.open(takeUpRequest(request, handle.inner, createGuid));
    try {
      const inner = await (isPersistent(handle.inner) ? this.#patiently(ask, isNotAvailable) : ask());
      if (goesOn(handle.inner, inner)) {
        handle.become(on, inner);
        return true;
      }
      await on.protocol.close(inner);
    } catch (error) {
      if (this.#foothold.isLossOn(on, error)) throw error;
    }
    return false;
  }

  /**
   * As `open`, after one that was lost and that may still stand at the server, in our way: a session that is named as the
   * previous one is to have ended by now ([MS-SMB2] 3.3.5.5.3), but Samba lets us in while it still waits for what was
   * under way there.
   */
  openAgain(
    on: Standing,
    request: OpenRequest,
    wish: Wish,
    control?: Control,
  ): Promise<{ terms: Terms; inner: Handle }> {
    return this.#patiently(() => this.open(on, request, wish, control), isInTheWay, control);
  }

  /** Asks again as long as the server does not know yet what will become of the first time ([MS-SMB2] 3.3.5.2.10). */
  async #patiently<T>(
    ask: () => Promise<T>,
    isBusy: (error: unknown) => boolean,
    { signal }: Control = {},
  ): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await ask();
      } catch (error) {
        if (!isBusy(error) || tries >= MAX_WAITS) throw error;
        await pause(this.#settings.clock, WAIT_MS, signal);
      }
    }
  }

  // An open that was called off, and whose answer was lost with the connection, may wait for us at the server. Another
  // open of the file breaks its lease, which the server cannot tell it: so it lets it go.
  #sweep({ path, share }: OpenRequest): Promise<void> {
    const options = CreateOptions.NonDirectoryFile;
    const shared = share === undefined ? {} : { share };
    const request = { path, access: FileAccess.ReadData, disposition: CreateDisposition.Open, options, ...shared };
    return this.#afterwards((protocol) => protocol.visit(request, []));
  }

  // A persistent one is let go of by nobody but us.
  #reclaim(asked: OpenRequest, createGuid: Guid): Promise<void> {
    const request = reclaimRequest(asked, createGuid);
    return this.#afterwards(async (protocol) => protocol.close(await protocol.open(request)));
  }

  async #afterwards(work: (protocol: FileProtocol) => Promise<unknown>): Promise<void> {
    const letGo = this.#foothold.connection.keep();
    try {
      await this.#foothold.repeat(undefined, work);
    } finally {
      letGo();
    }
  }

  #fileOf({ path }: OpenRequest): string {
    return `${this.#foothold.share}\\${path}`;
  }
}
