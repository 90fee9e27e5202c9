import { EmptyBlock } from '#wire/smb1/block.js';
import { Smb1Command } from '#wire/smb1/smb1-command.js';
import type {
  Control,
  CopyOutcome,
  DeviceControl,
  FileProtocol,
  Handle,
  InfoChange,
  InfoQuery,
  Lent,
  ListedNode,
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
import type { Smb1Caller } from './caller.js';
import { close, flush, open, read, type Smb1Handle, transact, write } from './files.js';
import { inspect, mkdir, remove, rename, set, stat, truncate, volume } from './info.js';
import { ioctl } from './ioctl.js';
import { list } from './list.js';
import { lock, unlock } from './lock.js';
import { watch } from './notify.js';
import { query, setInfo, visit } from './raw.js';

/** Room for the headers of a read or write. */
const OVERHEAD = 128;
/** Less than 64 KiB, in whole pages: every server with large reads accepts this. */
const LARGE = 61440;
const PAGE = 4096;

/** A share over SMB1; each operation is a separate function. */
export class Smb1Tree implements FileProtocol {
  readonly maxRead: number;
  readonly maxWrite: number;
  readonly window: number;
  readonly stepwise: boolean = true;
  readonly #caller: Smb1Caller;

  constructor(caller: Smb1Caller) {
    this.#caller = caller;
    const room = Math.min(LARGE, Math.max(512, caller.maxBuffer - OVERHEAD));
    const small = room > PAGE ? room - (room % PAGE) : room;
    this.maxRead = caller.largeReads ? LARGE : small;
    this.maxWrite = caller.largeWrites ? LARGE : small;
    this.window = Math.max(1, Math.min(16, caller.requestsAtOnce - 1)) * this.maxRead;
  }

  get readSize(): number {
    return this.maxRead;
  }
  writeSize(): number {
    return this.maxWrite;
  }

  open(request: OpenRequest, control?: Control): Promise<Handle> {
    return open(this.#caller, request, control);
  }
  close(handle: Handle, control?: Control): Promise<void> {
    return close(this.#caller, handle as Smb1Handle, control);
  }
  read(handle: Handle, offset: number, length: number, control?: Control): Promise<Uint8Array> {
    return read(this.#caller, handle as Smb1Handle, offset, length, control);
  }
  async lend(handle: Handle, offset: number, length: number, control?: Control): Promise<Lent> {
    return { bytes: await this.read(handle, offset, length, control), release: () => undefined };
  }
  write(handle: Handle, offset: number, data: Uint8Array, control?: Control): Promise<number> {
    return write(this.#caller, handle as Smb1Handle, offset, data, control);
  }
  flush(handle: Handle, control?: Control): Promise<void> {
    return flush(this.#caller, handle as Smb1Handle, control);
  }
  truncate(handle: Handle, size: number, control?: Control): Promise<void> {
    return truncate(this.#caller, handle as Smb1Handle, size, control);
  }
  inspect(handle: Handle, control?: Control): Promise<NodeInfo> {
    return inspect(this.#caller, handle as Smb1Handle, control);
  }
  list(path: string, pattern: string, control?: Control): AsyncGenerator<ListedNode[], void, undefined> {
    return list(this.#caller, path, pattern, control);
  }
  async *names(path: string, pattern: string, control?: Control): AsyncGenerator<string[], void, undefined> {
    for await (const batch of this.list(path, pattern, control)) yield batch.map(({ name }) => name);
  }
  stat(path: string, control?: Control): Promise<NodeInfo> {
    return stat(this.#caller, path, control);
  }
  set(path: string, facts: SetFacts, control?: Control): Promise<void> {
    return set(this.#caller, path, facts, control);
  }
  rename(from: string, to: string, replace: boolean, control?: Control): Promise<void> {
    return rename(this.#caller, from, to, replace, control);
  }
  remove(path: string, directory: boolean, control?: Control): Promise<void> {
    return remove(this.#caller, path, directory, control);
  }
  mkdir(path: string, control?: Control): Promise<void> {
    return mkdir(this.#caller, path, control);
  }
  watch(
    path: string,
    recursive: boolean,
    control?: Control & { readonly onReady?: (() => void) | undefined },
  ): AsyncGenerator<NotifiedChange[] | undefined, void, undefined> {
    return watch(this.#caller, path, recursive, control);
  }
  volume(control?: Control): Promise<VolumeFacts> {
    return volume(this.#caller, control);
  }
  visit(request: OpenRequest, steps: readonly Step[], control?: Control): Promise<Visit> {
    return visit(this.#caller, request, steps, control);
  }
  query(handle: Handle, request: InfoQuery, control?: Control): Promise<Uint8Array> {
    return query(this.#caller, handle as Smb1Handle, request, control);
  }
  setInfo(handle: Handle, change: InfoChange, control?: Control): Promise<void> {
    return setInfo(this.#caller, handle as Smb1Handle, change, control);
  }
  ioctl(handle: Handle, request: DeviceControl, control?: Control): Promise<Uint8Array> {
    return ioctl(this.#caller, handle as Smb1Handle, request, control);
  }
  lock(handle: Handle, ranges: readonly LockRange[], mode: LockMode, control?: Control): Promise<void> {
    return lock(this.#caller, handle as Smb1Handle, ranges, mode, control);
  }
  unlock(handle: Handle, ranges: readonly LockRange[], control?: Control): Promise<void> {
    return unlock(this.#caller, handle as Smb1Handle, ranges, control);
  }
  // No oplocks are ever requested.
  async acknowledge(): Promise<void> {}
  transact(handle: Handle, data: Uint8Array, limit: number, control?: Control): Promise<Uint8Array> {
    return transact(this.#caller, handle as Smb1Handle, data, limit, control);
  }
  copiesWithin(): undefined {
    return undefined;
  }
  async copySource(): Promise<undefined> {
    return undefined;
  }
  async copyRanges(): Promise<CopyOutcome> {
    return 'refused';
  }
  async disconnect(): Promise<void> {
    await this.#caller.call({ command: Smb1Command.TreeDisconnect, body: new EmptyBlock() });
  }
}
