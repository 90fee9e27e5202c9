import type { GetDfsReferralResponse } from '#wire/dfsc/get-dfs-referral.js';
import type { NetworkInterfaceInfo } from '#wire/fscc/fsctl/network-interface-info.js';
import { TreeDisconnectRequest } from '#wire/smb2/command/tree-disconnect.js';
import { Command } from '#wire/smb2/header.js';
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
  LockControl,
  LockMode,
  LockRange,
  NodeInfo,
  NotifiedChange,
  OpenControl,
  OpenRequest,
  SetFacts,
  Step,
  Visit,
  VolumeFacts,
} from '../protocol.js';
import type { Caller } from './caller.js';
import { acknowledge, close, open, type Smb2Handle } from './create.js';
import { inspect, mkdir, query, remove, rename, set, setInfo, stat, truncate, volume } from './info.js';
import { copyRanges, copySource, getReferral, ioctl, queryInterfaces, transact, validateNegotiation } from './ioctl.js';
import { list, names } from './list.js';
import { lock, unlock } from './lock.js';
import { watch } from './notify.js';
import { flush, lend, read, write } from './read-write.js';
import type { Channel } from './session.js';
import { visit } from './visit.js';

/** Largest read or write: a larger one gains nothing, a smaller one costs round trips. */
const CHUNK = 1024 * 1024;

/** A share over SMB2; each operation has a file of its own. */
export class Smb2Tree implements FileProtocol {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  get maxRead(): number {
    return this.#caller.session.pace.readable(CHUNK);
  }
  get maxWrite(): number {
    return this.#caller.session.pace.writable(CHUNK);
  }

  get window(): number {
    return this.#caller.session.pace.window;
  }
  get readSize(): number {
    return this.#caller.session.pace.readSize;
  }
  writeSize(waiting: number): number {
    return this.#caller.session.pace.writeSize(waiting);
  }

  open(request: OpenRequest, control?: OpenControl): Promise<Handle> {
    return open(this.#caller, request, control);
  }
  close(handle: Handle, control?: Control): Promise<void> {
    return close(this.#caller, handle as Smb2Handle, control);
  }
  read(handle: Handle, offset: number, length: number, control?: Control): Promise<Uint8Array> {
    return read(this.#caller, handle as Smb2Handle, offset, length, control);
  }
  lend(handle: Handle, offset: number, length: number, control?: Control): Promise<Lent> {
    return lend(this.#caller, handle as Smb2Handle, offset, length, control);
  }
  write(handle: Handle, offset: number, data: Uint8Array, control?: Control): Promise<number> {
    return write(this.#caller, handle as Smb2Handle, offset, data, control);
  }
  flush(handle: Handle, control?: Control): Promise<void> {
    return flush(this.#caller, handle as Smb2Handle, control);
  }
  truncate(handle: Handle, size: number, control?: Control): Promise<void> {
    return truncate(this.#caller, handle as Smb2Handle, size, control);
  }
  inspect(handle: Handle, control?: Control): Promise<NodeInfo> {
    return inspect(this.#caller, handle as Smb2Handle, control);
  }
  list(path: string, pattern: string, control?: Control): AsyncGenerator<ListedNode[], void, undefined> {
    return list(this.#caller, path, pattern, control);
  }
  names(path: string, pattern: string, control?: Control): AsyncGenerator<string[], void, undefined> {
    return names(this.#caller, path, pattern, control);
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
    return query(this.#caller, handle as Smb2Handle, request, control);
  }
  setInfo(handle: Handle, change: InfoChange, control?: Control): Promise<void> {
    return setInfo(this.#caller, handle as Smb2Handle, change, control);
  }
  ioctl(handle: Handle, request: DeviceControl, control?: Control): Promise<Uint8Array> {
    return ioctl(this.#caller, handle as Smb2Handle, request, control);
  }
  lock(handle: Handle, ranges: readonly LockRange[], mode: LockMode, control?: LockControl): Promise<void> {
    return lock(this.#caller, handle as Smb2Handle, ranges, mode, control);
  }
  unlock(handle: Handle, ranges: readonly LockRange[], control?: LockControl): Promise<void> {
    return unlock(this.#caller, handle as Smb2Handle, ranges, control);
  }
  acknowledge(handle: Handle, state: number, control?: Control): Promise<void> {
    return acknowledge(this.#caller, handle as Smb2Handle, state, control);
  }
  transact(handle: Handle, data: Uint8Array, limit: number, control?: Control): Promise<Uint8Array> {
    return transact(this.#caller, handle as Smb2Handle, data, limit, control);
  }
  copiesWithin(): object {
    return this.#caller.session;
  }
  copySource(handle: Handle, control?: Control): Promise<CopySource | undefined> {
    return copySource(this.#caller, handle as Smb2Handle, control);
  }
  copyRanges(
    source: CopySource,
    to: Handle,
    ranges: readonly DataRange[],
    control?: CopyControl,
  ): Promise<CopyOutcome> {
    return copyRanges(this.#caller, source, to as Smb2Handle, ranges, control);
  }
  /** On IPC$ only. */
  referral(path: string, control?: Control): Promise<GetDfsReferralResponse | undefined> {
    return getReferral(this.#caller, path, control);
  }
  /** On IPC$ only. */
  interfaces(control?: Control): Promise<NetworkInterfaceInfo[]> {
    return queryInterfaces(this.#caller, control);
  }
  /** Validates the negotiation of one of the session's connections. */
  validate(channel: Channel, control?: Control): Promise<void> {
    return validateNegotiation(this.#caller, channel, control);
  }
  async disconnect(): Promise<void> {
    await this.#caller.call({ command: Command.TreeDisconnect, body: new TreeDisconnectRequest() });
  }
}
