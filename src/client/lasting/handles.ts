import type { Random } from '#engine/transport.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { readGuid } from '#wire/dtyp/guid.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { abortable } from '../abort.js';
import type { Control, Handle, OpenRequest } from '../protocol.js';
import { durableRequest, goesOn, mayLast, plainRequest, takeUpRequest } from '../smb2/durable.js';
import type { Foothold, Standing } from './foothold.js';
import { LastingHandle, type Terms } from './lasting-handle.js';
import type { LeaseKeys } from './lease-keys.js';
import { isLoss } from './loss.js';
import { inHindsight, MADE } from './outcome.js';

export interface HandleSettings {
  readonly random: Random;
  readonly leases: LeaseKeys;
  /** How long a server shall keep an open whose connection was lost. */
  readonly holdMs: number;
}

/** The opens of a share: made so that they outlive a connection where the server can do that, had again when it was lost. */
export class Handles {
  readonly #foothold: Foothold;
  readonly #settings: HandleSettings;
  readonly #open = new Map<LastingHandle, () => void>();

  constructor(foothold: Foothold, settings: HandleSettings) {
    this.#foothold = foothold;
    this.#settings = settings;
    foothold.connection.back.add(this.#onBack);
  }

  // What outlived the connection does so for a time only.
  readonly #onBack = (): void => {
    // Whoever uses it next hears of what goes wrong.
    for (const handle of this.#open.keys()) this.#recover(handle).catch(() => undefined);
  };

  end(): void {
    this.#foothold.connection.back.delete(this.#onBack);
    for (const letGo of this.#open.values()) letGo();
    this.#open.clear();
  }

  async open(request: OpenRequest, control?: Control): Promise<LastingHandle> {
    const foothold = this.#foothold;
    const exclusive = request.disposition === CreateDisposition.Create;
    for (let tries = 0; ; tries++) {
      const on = foothold.isSound(foothold.last) ? foothold.last : await foothold.sound(control);
      try {
        const { terms, inner } = await this.#openOn(on, request, control);
        const handle = new LastingHandle(terms, on, inner);
        this.#open.set(handle, foothold.connection.keep());
        return handle;
      } catch (error) {
        if (foothold.isLost(error, on, tries)) continue;
        throw exclusive && tries > 0 ? inHindsight(error, 'made', request.path, MADE) : error;
      }
    }
  }

  async #openOn(on: Standing, request: OpenRequest, control?: Control): Promise<{ terms: Terms; inner: Handle }> {
    const { info } = on.client;
    const createGuid = readGuid(this.#settings.random(16));
    if (!mayLast(request, info)) {
      const inner = await on.protocol.open(plainRequest(request, info), control);
      return { terms: { request, createGuid, leaseKey: undefined }, inner };
    }
    const own = request.lease === undefined && request.oplock === undefined;
    const { leases, holdMs } = this.#settings;
    const name = this.#fileOf(request);
    const leaseKey = leases.take(name);
    const give = (): void => leases.drop(name, leaseKey);
    try {
      const durable = durableRequest(request, info, { timeoutMs: holdMs, createGuid, leaseKey });
      const unanswered = (error: unknown): void => {
        if (isLoss(error)) this.#sweep(request).catch(() => undefined);
      };
      const inner = await on.protocol.open(durable, { ...control, unanswered });
      if (!own) give();
      return { terms: { request, createGuid, leaseKey: own ? leaseKey : undefined }, inner };
    } catch (error) {
      give();
      // [MS-SMB2] 3.3.5.9.8: the key is in use for another file, which was by this name before.
      if (!own || !(error instanceof StatusError) || error.status !== NtStatus.InvalidParameter) throw error;
      leases.forget(name);
      const inner = await on.protocol.open(plainRequest(request, info), control);
      return { terms: { request, createGuid, leaseKey: undefined }, inner };
    }
  }

  // An open that was called off, and whose answer was lost with the connection, may wait for us at the server. Another
  // open of the file breaks its lease, which the server cannot tell it: so it lets it go.
  async #sweep({ path, share }: OpenRequest): Promise<void> {
    const letGo = this.#foothold.connection.keep();
    try {
      const options = CreateOptions.NonDirectoryFile;
      const shared = share === undefined ? {} : { share };
      const request = { path, access: FileAccess.ReadData, disposition: CreateDisposition.Open, options, ...shared };
      await this.#foothold.repeat(undefined, (protocol) => protocol.visit(request, []));
    } finally {
      letGo();
    }
  }

  #fileOf({ path }: OpenRequest): string {
    return `${this.#foothold.share}\\${path}`;
  }

  /** Where a handle can be used: at once where nothing was lost. */
  ready(handle: LastingHandle, control?: Control): Promise<Standing> | Standing {
    if (handle.dead !== undefined) throw handle.dead;
    const { standing } = handle;
    return this.#foothold.isSound(standing) ? standing : this.#recover(handle, control);
  }

  async #recover(handle: LastingHandle, control?: Control): Promise<Standing> {
    const foothold = this.#foothold;
    for (let tries = 0; ; tries++) {
      const on = await foothold.sound(control);
      try {
        if (handle.standing !== on) {
          handle.reopening ??= this.#reopen(handle, on).finally(() => {
            handle.reopening = undefined;
          });
          await abortable(handle.reopening, control?.signal);
        }
        if (handle.dead !== undefined) throw handle.dead;
        if (handle.standing === on) return on;
      } catch (error) {
        if (!foothold.isLost(error, on, tries)) throw error;
      }
    }
  }

  async #reopen(handle: LastingHandle, on: Standing): Promise<void> {
    if (handle.isDurable && (await this.#takeUp(handle, on))) return;
    this.#giveKey(handle);
    if (handle.closed) {
      // The server closed it: at our word, or for itself.
      this.#kill(handle, stale(handle.path, 'it was closed'));
      return;
    }
    try {
      await this.#openAgain(handle, on);
    } catch (error) {
      if (isLoss(error)) throw error;
      this.#kill(handle, error);
    }
  }

  // The server kept it for us: nobody else has changed the file meanwhile, or it would not have.
  async #takeUp(handle: LastingHandle, on: Standing): Promise<boolean> {
    const { request, createGuid } = handle.terms;
    try {
      const inner = await on.protocol.open(takeUpRequest(request, handle.inner, createGuid));
      if (goesOn(handle.inner, inner)) {
        handle.become(on, inner);
        return true;
      }
      await on.protocol.close(inner);
    } catch (error) {
      if (isLoss(error)) throw error;
    }
    return false;
  }

  async #openAgain(handle: LastingHandle, on: Standing): Promise<void> {
    const { terms, path } = handle;
    if (!handle.mayReopen) throw stale(path, 'it was to be deleted when it was closed');
    const { request } = terms;
    const made = await this.#openOn(on, { ...request, disposition: CreateDisposition.Open });
    try {
      const absence = this.#foothold.connection.absenceOf(handle.standing.client);
      if (!handle.isUnchanged(made.inner, absence, on.client.info.server.clockSkewMs))
        throw stale(path, 'somebody changed it meanwhile');
      for (const { ranges, mode } of handle.locks) {
        await on.protocol.lock(made.inner, ranges, { ...mode, wait: false });
      }
    } catch (error) {
      this.#giveKey({ terms: made.terms });
      // If it does not get through, the connection is gone, and the open with it.
      await on.protocol.close(made.inner).catch(() => undefined);
      throw error;
    }
    handle.terms = { ...made.terms, request };
    handle.become(on, made.inner);
  }

  #kill(handle: LastingHandle, error: unknown): void {
    handle.dead = error;
    this.#letGo(handle);
  }

  #letGo(handle: LastingHandle): void {
    this.#open.get(handle)?.();
    this.#open.delete(handle);
    this.#giveKey(handle);
  }

  #giveKey(holder: { terms: Terms }): void {
    const { leaseKey, request } = holder.terms;
    if (leaseKey === undefined) return;
    this.#settings.leases.drop(this.#fileOf(request), leaseKey);
    holder.terms = { ...holder.terms, leaseKey: undefined };
  }

  /** Closes it, also where it waits at a server that we have lost. */
  async close(handle: LastingHandle, control?: Control): Promise<void> {
    if (handle.closed) return;
    handle.closed = true;
    try {
      for (let tries = 0; this.#isThere(handle); tries++) {
        const on = await this.#readyToClose(handle, control);
        if (!on || (await this.#closeOn(on, handle, tries, control))) return;
      }
    } finally {
      this.#letGo(handle);
    }
  }

  // What does not outlive its connection was closed with it; what was given up needs no further wait.
  #isThere(handle: LastingHandle): boolean {
    if (handle.dead !== undefined) return false;
    return this.#foothold.isSound(handle.standing) || handle.reopening !== undefined || this.#isWaiting(handle);
  }

  async #closeOn(on: Standing, handle: LastingHandle, tries: number, control?: Control): Promise<boolean> {
    try {
      await on.protocol.close(handle.inner, control);
      return true;
    } catch (error) {
      if (this.#foothold.isLost(error, on, tries)) return false;
      // On another channel of the same session: the first request has got through.
      if (tries > 0 && error instanceof StatusError && error.status === NtStatus.FileClosed) return true;
      throw error;
    }
  }

  async #readyToClose(handle: LastingHandle, control?: Control): Promise<Standing | undefined> {
    try {
      return await this.ready(handle, control);
    } catch (error) {
      if (handle.dead !== undefined) return undefined;
      throw error;
    }
  }

  #isWaiting(handle: LastingHandle): boolean {
    return handle.isDurable && this.#foothold.connection.away === undefined;
  }
}

function stale(path: string, why: string): ConnectionLost {
  const message = `the connection was lost while '${path}' was open, and ${why}`;
  return new ConnectionLost(message, { code: 'ESTALE', retryable: false });
}
