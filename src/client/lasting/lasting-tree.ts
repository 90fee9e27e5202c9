import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import type {
  Control,
  CopyControl,
  CopyOutcome,
  CopySource,
  DataRange,
  DeviceControl,
  FileProtocol,
  Handle,
  InfoChange,
  InfoQuery,
  Lent,
  ListedNode,
  LockAttempt,
  LockMode,
  LockRange,
  NodeInfo,
  NotifiedChange,
  OpenRequest,
  SetFacts,
  Step,
  Visit,
  VolumeFacts,
} from '../protocol.js';
import { isPersistent } from '../smb2/durable.js';
import type { Foothold } from './foothold.js';
import { Handles } from './handles.js';
import type { LastingHandle } from './lasting-handle.js';
import { NameSet } from './name-set.js';
import type { HandleSettings } from './opener.js';
import { GONE, inHindsight, MADE, MOVED } from './outcome.js';
import { forgiveUnlocked, isRepeatable, isRepeatableChange, mayLockAgain, refused, sameRanges } from './repeatable.js';

/** Times that one directory is listed from the start again, even if each attempt yields new entries. */
const MAX_LISTINGS = 1000;

/**
 * A share whose calls survive connection losses. Idempotent calls are repeated; for others, the error says so unless
 * the outcome is known (docs/lasting-sessions.md).
 */
export class LastingTree implements FileProtocol {
  readonly #foothold: Foothold;
  readonly #handles: Handles;

  constructor(foothold: Foothold, settings: HandleSettings) {
    this.#foothold = foothold;
    this.#handles = new Handles(foothold, settings);
  }

  get maxRead(): number {
    return this.#foothold.last.protocol.maxRead;
  }
  get maxWrite(): number {
    return this.#foothold.last.protocol.maxWrite;
  }
  get readSize(): number {
    return this.#foothold.last.protocol.readSize;
  }
  writeSize(waiting: number): number {
    return this.#foothold.last.protocol.writeSize(waiting);
  }
  get window(): number {
    return this.#foothold.last.protocol.window;
  }

  /** Runs an operation on an open, and repeats it if the connection is lost meanwhile. */
  async #on<T>(
    handle: Handle,
    control: Control | undefined,
    work: (protocol: FileProtocol, inner: Handle) => Promise<T>,
  ): Promise<T> {
    const file = handle as LastingHandle;
    for (let tries = 0; ; tries++) {
      const ready = this.#handles.ready(file, control);
      const on = ready instanceof Promise ? await ready : ready;
      try {
        return await work(on.protocol, file.inner);
      } catch (error) {
        if (!this.#foothold.isLost(error, on, tries)) throw this.#foothold.meant(error);
      }
    }
  }

  open(request: OpenRequest, control?: Control): Promise<Handle> {
    return this.#handles.open(request, control);
  }
  close(handle: Handle, control?: Control): Promise<void> {
    return this.#handles.close(handle as LastingHandle, control);
  }
  read(handle: Handle, offset: number, length: number, control?: Control): Promise<Uint8Array> {
    return this.#on(handle, control, (protocol, inner) => protocol.read(inner, offset, length, control));
  }
  lend(handle: Handle, offset: number, length: number, control?: Control): Promise<Lent> {
    return this.#on(handle, control, (protocol, inner) => protocol.lend(inner, offset, length, control));
  }
  async write(handle: Handle, offset: number, data: Uint8Array, control?: Control): Promise<number> {
    const file = handle as LastingHandle;
    file.writing(offset + data.length);
    const count = await this.#on(file, control, (protocol, inner) => protocol.write(inner, offset, data, control));
    file.written(offset + count);
    return count;
  }
  flush(handle: Handle, control?: Control): Promise<void> {
    return this.#on(handle, control, (protocol, inner) => protocol.flush(inner, control));
  }
  async truncate(handle: Handle, size: number, control?: Control): Promise<void> {
    const file = handle as LastingHandle;
    file.sizing(size, false);
    await this.#on(file, control, (protocol, inner) => protocol.truncate(inner, size, control));
    file.sizing(size, true);
  }
  inspect(handle: Handle, control?: Control): Promise<NodeInfo> {
    return this.#on(handle, control, (protocol, inner) => protocol.inspect(inner, control));
  }

  list(path: string, pattern: string, control?: Control): AsyncGenerator<ListedNode[], void, undefined> {
    return this.#listed(
      control,
      (protocol) => protocol.list(path, pattern, control),
      ({ name }) => name,
    );
  }
  names(path: string, pattern: string, control?: Control): AsyncGenerator<string[], void, undefined> {
    return this.#listed(
      control,
      (protocol) => protocol.names(path, pattern, control),
      (name) => name,
    );
  }

  /** Starts over after a loss and skips the entries that were already delivered. */
  async *#listed<T>(
    control: Control | undefined,
    begin: (protocol: FileProtocol) => AsyncGenerator<T[], void, undefined>,
    nameOf: (item: T) => string,
  ): AsyncGenerator<T[], void, undefined> {
    const seen = new NameSet();
    for (let tries = 0, losses = 0; ; tries++, losses++) {
      const on = await this.#foothold.sound(control);
      try {
        for await (const batch of begin(on.protocol)) {
          const fresh = batch.filter((item) => seen.add(nameOf(item)));
          // Without a loss, duplicates come from the server and are passed on.
          const told = losses > 0 ? fresh : batch;
          if (told.length === 0) continue;
          yield told;
          tries = 0;
        }
        return;
      } catch (error) {
        if (!this.#foothold.isLost(error, on, tries) || losses >= MAX_LISTINGS || seen.isFull) {
          throw this.#foothold.meant(error);
        }
      }
    }
  }

  /** Starts over after a loss and yields undefined, since changes in between are unknown. */
  async *watch(
    path: string,
    recursive: boolean,
    control?: Control,
  ): AsyncGenerator<NotifiedChange[] | undefined, void, undefined> {
    const letGo = this.#foothold.connection.keep();
    try {
      for (let tries = 0; ; tries++) {
        const on = await this.#foothold.sound(control);
        try {
          for await (const batch of on.protocol.watch(path, recursive, control)) {
            yield batch;
            tries = 0;
          }
          return;
        } catch (error) {
          if (!this.#foothold.isLost(error, on, tries)) throw error;
        }
        yield undefined;
      }
    } finally {
      letGo();
    }
  }

  stat(path: string, control?: Control): Promise<NodeInfo> {
    return this.#foothold.repeat(control, (protocol) => protocol.stat(path, control));
  }
  set(path: string, facts: SetFacts, control?: Control): Promise<void> {
    return this.#foothold.repeat(control, (protocol) => protocol.set(path, facts, control));
  }
  volume(control?: Control): Promise<VolumeFacts> {
    return this.#foothold.repeat(control, (protocol) => protocol.volume(control));
  }
  rename(from: string, to: string, replace: boolean, control?: Control): Promise<void> {
    const work = (protocol: FileProtocol): Promise<void> => protocol.rename(from, to, replace, control);
    return this.#foothold.repeat(control, work, (error) => inHindsight(error, 'renamed', from, MOVED));
  }
  remove(path: string, directory: boolean, control?: Control): Promise<void> {
    const work = (protocol: FileProtocol): Promise<void> => protocol.remove(path, directory, control);
    return this.#foothold.repeat(control, work, (error) => inHindsight(error, 'deleted', path, GONE));
  }
  mkdir(path: string, control?: Control): Promise<void> {
    const work = (protocol: FileProtocol): Promise<void> => protocol.mkdir(path, control);
    return this.#foothold.repeat(control, work, (error) => inHindsight(error, 'made', path, MADE));
  }

  visit(request: OpenRequest, steps: readonly Step[], control?: Control): Promise<Visit> {
    const work = (protocol: FileProtocol): Promise<Visit> => protocol.visit(request, steps, control);
    const deletes = ((request.options ?? 0) & CreateOptions.DeleteOnClose) !== 0;
    if (!deletes && request.disposition !== CreateDisposition.Create && steps.every(isRepeatable)) {
      return this.#foothold.repeat(control, work);
    }
    return this.#foothold.repeat(control, work, (error) => inHindsight(error, 'changed', request.path, MOVED));
  }

  query(handle: Handle, query: InfoQuery, control?: Control): Promise<Uint8Array> {
    return this.#on(handle, control, (protocol, inner) => protocol.query(inner, query, control));
  }
  setInfo(handle: Handle, change: InfoChange, control?: Control): Promise<void> {
    const own = isRepeatableChange(change) ? [] : MOVED;
    (handle as LastingHandle).changing(change);
    let asked = false;
    return this.#on(handle, control, (protocol, inner) => {
      const again = asked;
      asked = true;
      const done = protocol.setInfo(inner, change, control);
      return again ? done.catch((error) => Promise.reject(inHindsight(error, 'changed', handle.path, own))) : done;
    });
  }
  ioctl(handle: Handle, ioctl: DeviceControl, control?: Control): Promise<Uint8Array> {
    (handle as LastingHandle).controlling(ioctl.code);
    return this.#on(handle, control, (protocol, inner) => protocol.ioctl(inner, ioctl, control));
  }

  async lock(handle: Handle, ranges: readonly LockRange[], mode: LockMode, control?: Control): Promise<void> {
    const file = handle as LastingHandle;
    const attempt: LockAttempt = {};
    let asked = false;
    await this.#on(file, control, async (protocol, inner) => {
      const again = asked;
      asked = true;
      const ask = (): Promise<void> => protocol.lock(inner, ranges, mode, { ...control, attempt });
      if (!again) return ask();
      if ((mayLockAgain(mode) || (isPersistent(inner) && !mode.wait)) && (await ask().then(() => true, refused)))
        return;
      // The caller has not been told yet that the lock is held, so releasing it is safe.
      await protocol.unlock(inner, ranges, control).catch(() => undefined);
      await protocol.lock(inner, ranges, mode, control);
    });
    file.locks.push({ ranges, mode });
  }

  async unlock(handle: Handle, ranges: readonly LockRange[], control?: Control): Promise<void> {
    const file = handle as LastingHandle;
    const attempt: LockAttempt = {};
    let asked = false;
    await this.#on(file, control, (protocol, inner) => {
      const again = asked;
      asked = true;
      // From now on, a reopened file does not get this lock again, because the server may have released it.
      const at = again ? -1 : file.locks.findIndex((lock) => sameRanges(lock.ranges, ranges));
      if (at >= 0) file.locks.splice(at, 1);
      const done = protocol.unlock(inner, ranges, { ...control, attempt });
      return again ? done.catch(forgiveUnlocked) : done;
    });
  }

  async acknowledge(handle: Handle, state: number, control?: Control): Promise<void> {
    const { standing, inner } = handle as LastingHandle;
    // Caching that was lost with the connection needs no acknowledgment.
    if (this.#foothold.isSound(standing)) await standing.protocol.acknowledge(inner, state, control);
  }

  transact(handle: Handle, data: Uint8Array, limit: number, control?: Control): Promise<Uint8Array> {
    const { standing, inner } = handle as LastingHandle;
    return standing.protocol.transact(inner, data, limit, control);
  }

  // The session may be replaced before the copy starts; the connection object stays the same.
  copiesWithin(handle: Handle): object | undefined {
    const { standing, inner } = handle as LastingHandle;
    return standing.protocol.copiesWithin(inner) && this.#foothold.connection;
  }
  copySource(handle: Handle, control?: Control): Promise<CopySource | undefined> {
    return this.#on(handle, control, (protocol, inner) => protocol.copySource(inner, control));
  }
  copyRanges(
    source: CopySource,
    to: Handle,
    ranges: readonly DataRange[],
    control?: CopyControl,
  ): Promise<CopyOutcome> {
    (to as LastingHandle).writing(Math.max(0, ...ranges.slice(-1).map(({ end }) => end)));
    return this.#on(to, control, (protocol, inner) => protocol.copyRanges(source, inner, ranges, control));
  }

  async disconnect(): Promise<void> {
    this.#handles.end();
    await this.#foothold.leave();
  }
}
