import type { Clock } from '#engine/transport.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CreateDisposition } from '#wire/smb2/command/create.js';
import { abortable } from '../abort.js';
import type { Control, OpenRequest } from '../protocol.js';
import { goesOn, isPersistent } from '../smb2/durable.js';
import type { Foothold, Standing } from './foothold.js';
import { LastingHandle } from './lasting-handle.js';
import { type HandleSettings, Opener } from './opener.js';
import { inHindsight, MADE } from './outcome.js';

/** How long a close waits for a server that does not answer. */
const AWAY_MS = 2000;

/** The opens of a share. They are made durable where the server supports it, and restored after a connection loss. */
export class Handles {
  readonly #foothold: Foothold;
  readonly #opener: Opener;
  readonly #clock: Clock;
  readonly #open = new Map<LastingHandle, () => void>();

  constructor(foothold: Foothold, settings: HandleSettings) {
    this.#foothold = foothold;
    this.#opener = new Opener(foothold, settings);
    this.#clock = settings.clock;
    foothold.connection.back.add(this.#onBack);
  }

  // Restore handles at once, because a server keeps durable opens for a limited time only.
  readonly #onBack = (): void => {
    // Errors are reported to the next call that uses the handle.
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
    const wish = this.#opener.wish();
    for (let tries = 0; ; tries++) {
      const on = foothold.isSound(foothold.last) ? foothold.last : await foothold.sound(control);
      try {
        const { terms, inner } = await (tries === 0
          ? this.#opener.open(on, request, wish, control)
          : this.#opener.openAgain(on, request, wish, control));
        const handle = new LastingHandle(terms, on, inner);
        this.#open.set(handle, foothold.connection.keep());
        return handle;
      } catch (error) {
        if (foothold.isLost(error, on, tries)) continue;
        this.#opener.giveUp(wish, request);
        throw exclusive && tries > 0 ? inHindsight(error, 'made', request.path, MADE) : foothold.meant(error);
      }
    }
  }

  /** The tree connect on which a handle can be used; without a loss, it is available immediately. */
  ready(handle: LastingHandle, control?: Control): Promise<Standing> | Standing {
    if (handle.dead !== undefined) throw handle.dead;
    const { standing } = handle;
    return this.#foothold.isSound(standing) ? standing : this.#recover(handle, control);
  }

  async #recover(handle: LastingHandle, control?: Control): Promise<Standing> {
    const foothold = this.#foothold;
    for (let tries = 0; ; tries++) {
      const on = await foothold.sound(control);
      const reopening = this.#towards(handle, on);
      try {
        if (reopening) await abortable(reopening.done, control?.signal);
        if (handle.dead !== undefined) throw handle.dead;
        if (handle.standing === on) return on;
      } catch (error) {
        if (!foothold.isLost(error, reopening?.on ?? on, tries)) throw error;
      }
    }
  }

  // A reopening may be under way on an earlier tree connect; its failure says nothing about the current one.
  #towards(handle: LastingHandle, on: Standing): LastingHandle['reopening'] {
    if (handle.standing === on) return undefined;
    if (handle.reopening) return handle.reopening;
    const done = this.#reopen(handle, on).finally(() => {
      handle.reopening = undefined;
    });
    handle.reopening = { on, done };
    return handle.reopening;
  }

  async #reopen(handle: LastingHandle, on: Standing): Promise<void> {
    if (handle.isDurable && (await this.#opener.takeUp(handle, on))) return;
    this.#opener.giveKey(handle);
    if (handle.closed) {
      // The server closed it: because our earlier CLOSE got through, or on its own.
      this.#kill(handle, stale(handle.path, 'it was closed'));
      return;
    }
    try {
      await this.#openAgain(handle, on);
    } catch (error) {
      if (this.#foothold.isLossOn(on, error)) throw error;
      this.#kill(handle, error);
    }
  }

  async #openAgain(handle: LastingHandle, on: Standing): Promise<void> {
    const { terms, path } = handle;
    if (!handle.mayReopen) throw stale(path, 'it was to be deleted when it was closed');
    const { request } = terms;
    handle.wish ??= this.#opener.wish();
    const again = handle.wish.asked;
    const made = await this.#opener.openAgain(on, { ...request, disposition: CreateDisposition.Open }, handle.wish);
    // If this is the earlier open again, its lock sequences carry on.
    if (handle.wish.had) goesOn(handle.wish.had, made.inner);
    try {
      const absence = this.#foothold.connection.absenceOf(handle.standing.client);
      if (!handle.isUnchanged(made.inner, absence, on.client.info.server.clockSkewMs))
        throw stale(path, 'somebody changed it meanwhile');
      for (const { ranges, mode } of handle.locks) {
        // The previous attempt may have taken this lock already.
        if (again) await on.protocol.unlock(made.inner, ranges).catch(() => undefined);
        await on.protocol.lock(made.inner, ranges, { ...mode, wait: false });
      }
    } catch (error) {
      if (isPersistent(made.inner) && this.#foothold.isLossOn(on, error)) {
        // This open outlives the connection, too: the same CreateGuid and lease key find it again.
        handle.wish.leaseKey = made.terms.leaseKey;
        handle.wish.had = made.inner;
        throw error;
      }
      this.#opener.giveKey({ terms: made.terms });
      // If this fails, the connection is gone, and the open with it.
      await on.protocol.close(made.inner).catch(() => undefined);
      throw error;
    }
    handle.terms = { ...made.terms, request };
    handle.wish = undefined;
    handle.become(on, made.inner);
  }

  #kill(handle: LastingHandle, error: unknown): void {
    handle.dead = error;
    this.#letGo(handle);
  }

  #letGo(handle: LastingHandle): void {
    this.#open.get(handle)?.();
    this.#open.delete(handle);
    if (handle.wish) this.#opener.giveUp(handle.wish, handle.terms.request);
    handle.wish = undefined;
    this.#opener.giveKey(handle);
  }

  /**
   * Closes a handle, even if the open is held by a server that is currently unreachable. If the connection does not
   * come back quickly, this does not wait for it: completed writes were acknowledged, and failed ones have reported
   * their own errors. The open is closed once the server is back.
   */
  async close(handle: LastingHandle, control?: Control): Promise<void> {
    if (handle.closed) return;
    handle.closed = true;
    let later = false;
    try {
      later = !(await this.#closeNow(handle, control, true));
    } finally {
      if (!later) this.#letGo(handle);
    }
    if (!later) return;
    // The result is ignored, as the caller has moved on.
    const end = (): void => this.#letGo(handle);
    this.#closeNow(handle, undefined, false).then(end, end);
  }

  /** False if it would have to wait for a server that is unreachable. */
  async #closeNow(handle: LastingHandle, control: Control | undefined, hurried: boolean): Promise<boolean> {
    for (let tries = 0; this.#isThere(handle); tries++) {
      const ready = this.#readyToClose(handle, control);
      const wait = hurried && !this.#foothold.isSound(handle.standing);
      if (wait && (await this.#isAway(ready))) return false;
      const on = await ready;
      if (!on || (await this.#closeOn(on, handle, tries, control))) return true;
    }
    return true;
  }

  // A server that has not answered within AWAY_MS counts as unreachable, too.
  #isAway(ready: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const told = (away: boolean): void => {
        for (const end of ends.splice(0)) end();
        resolve(away);
      };
      const ends: (() => void)[] = [];
      ends.push(this.#clock.after(AWAY_MS, () => told(true)));
      ends.push(this.#foothold.connection.whenAway(() => told(true)));
      ready.then(
        () => told(false),
        () => told(false),
      );
    });
  }

  // An open that is not durable was closed with its connection. If reconnecting has failed, there is nothing to wait
  // for.
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
      // The request was repeated on another channel of the session, and the first one had been executed.
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
