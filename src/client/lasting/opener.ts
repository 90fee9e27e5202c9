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
  /** How long a server should keep an open whose connection is lost. */
  readonly holdMs: number;
}

/** An open in progress; the CreateGuid identifies a persistent one when it is requested again. */
export interface Wish {
  createGuid: Guid;
  /** The lease key taken for it. */
  leaseKey: Guid | undefined;
  /** Whether the request may have reached the server. */
  asked: boolean;
  /** The resulting handle, if it was lost again before use. */
  had?: Handle;
}

const MAX_WAITS = 20;
const WAIT_MS = 100;

/** Whether another open conflicts, which may be a lost one of our own. */
function isInTheWay(error: unknown): boolean {
  return error instanceof StatusError && error.status === NtStatus.SharingViolation;
}

/** Makes a share's opens in a way that they can be restored, and restores them. */
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
   * Opens a file. If the answer is lost, a persistent open can be requested again with the same wish and is executed
   * only once; any other open is then a new one. Call `giveUp` for a wish that fails.
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
      // [MS-SMB2] 3.3.5.9.8: the key belongs to another file, which had this name before.
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

  // An open that is not persistent cannot be found again: a new lease key makes the server break the lease of what is
  // left of it.
  #renew(wish: Wish, request: OpenRequest): void {
    this.giveUp(wish, request);
    if (wish.asked) wish.createGuid = readGuid(this.#settings.random(16));
    wish.asked = false;
  }

  giveUp(wish: Wish, request: OpenRequest): void {
    if (wish.leaseKey !== undefined) this.#settings.leases.drop(this.#fileOf(request), wish.leaseKey);
    wish.leaseKey = undefined;
  }

  /** Returns the lease key of an open that is over. */
  giveKey(holder: { terms: Terms }): void {
    const { leaseKey, request } = holder.terms;
    if (leaseKey === undefined) return;
    this.#settings.leases.drop(this.#fileOf(request), leaseKey);
    holder.terms = { ...holder.terms, leaseKey: undefined };
  }

  /** True if the server kept the open for us, which implies that nobody else has changed the file. */
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
   * Like `open`, but the lost open may still exist on the server and conflict with this one. Naming the previous
   * session should have ended it ([MS-SMB2] 3.3.5.5.3), but Samba lets us log on while it still waits for pending
   * requests of the old one.
   */
  openAgain(
    on: Standing,
    request: OpenRequest,
    wish: Wish,
    control?: Control,
  ): Promise<{ terms: Terms; inner: Handle }> {
    return this.#patiently(() => this.open(on, request, wish, control), isInTheWay, control);
  }

  /** Repeats a request while the server is still busy with the first one ([MS-SMB2] 3.3.5.2.10). */
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

  // An aborted open whose answer was lost may be kept for us on the server. Opening the file once more breaks its
  // lease; as the break cannot be delivered, the server drops the open.
  #sweep({ path, share }: OpenRequest): Promise<void> {
    const options = CreateOptions.NonDirectoryFile;
    const shared = share === undefined ? {} : { share };
    const request = { path, access: FileAccess.ReadData, disposition: CreateDisposition.Open, options, ...shared };
    return this.#afterwards((protocol) => protocol.visit(request, []));
  }

  // Only its owner can end a persistent open.
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
