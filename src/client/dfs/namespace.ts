import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
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
import { type Place, type Places, protocolOf } from './places.js';
import type { Resolver, Spot } from './resolver.js';
import { joinWire } from './unc-path.js';

/**
 * A share of which parts may lie on other shares and servers. Paths are resolved through DFS and symbolic links;
 * handles go back to the protocol that opened them.
 */
export class Namespace implements FileProtocol {
  readonly maxRead: number;
  readonly maxWrite: number;
  readonly stepwise: boolean;
  readonly #home: Place;
  readonly #homeProtocol: FileProtocol;
  readonly #places: Places;
  readonly #resolver: Resolver;
  /** Which protocol opened each handle that is not on the home share; its place is kept until the handle is closed. */
  readonly #owners = new WeakMap<Handle, { readonly protocol: FileProtocol; readonly letGo: () => void }>();
  #abroad = false;

  constructor(home: Place, places: Places, resolver: Resolver) {
    this.#home = home;
    this.#homeProtocol = protocolOf(home);
    this.#places = places;
    this.#resolver = resolver;
    this.maxRead = this.#homeProtocol.maxRead;
    this.maxWrite = this.#homeProtocol.maxWrite;
    this.stepwise = this.#homeProtocol.stepwise === true;
  }

  get window(): number {
    return this.#homeProtocol.window;
  }
  get readSize(): number {
    return this.#homeProtocol.readSize;
  }
  writeSize(waiting: number): number {
    return this.#homeProtocol.writeSize(waiting);
  }

  #of(handle: Handle): FileProtocol {
    return this.#abroad ? (this.#owners.get(handle)?.protocol ?? this.#homeProtocol) : this.#homeProtocol;
  }

  #at<T>(
    path: string,
    control: Control | undefined,
    work: (protocol: FileProtocol, path: string) => Promise<T>,
  ): Promise<T> {
    return this.#resolver.at(path, control, ({ place, path }) => work(protocolOf(place), path));
  }

  async open(request: OpenRequest, control?: Control): Promise<Handle> {
    return this.#resolver.at(request.path, control, async ({ place, path }) => {
      const protocol = protocolOf(place);
      const handle = await protocol.open({ ...request, path }, control);
      if (protocol !== this.#homeProtocol) {
        this.#abroad = true;
        this.#owners.set(handle, { protocol, letGo: this.#places.use(place) });
      }
      return handle;
    });
  }
  async close(handle: Handle, control?: Control): Promise<void> {
    try {
      await this.#of(handle).close(handle, control);
    } finally {
      this.#owners.get(handle)?.letGo();
    }
  }
  read(handle: Handle, offset: number, length: number, control?: Control): Promise<Uint8Array> {
    return this.#of(handle).read(handle, offset, length, control);
  }
  lend(handle: Handle, offset: number, length: number, control?: Control): Promise<Lent> {
    return this.#of(handle).lend(handle, offset, length, control);
  }
  write(handle: Handle, offset: number, data: Uint8Array, control?: Control): Promise<number> {
    return this.#of(handle).write(handle, offset, data, control);
  }
  flush(handle: Handle, control?: Control): Promise<void> {
    return this.#of(handle).flush(handle, control);
  }
  truncate(handle: Handle, size: number, control?: Control): Promise<void> {
    return this.#of(handle).truncate(handle, size, control);
  }
  inspect(handle: Handle, control?: Control): Promise<NodeInfo> {
    return this.#of(handle).inspect(handle, control);
  }
  query(handle: Handle, request: InfoQuery, control?: Control): Promise<Uint8Array> {
    return this.#of(handle).query(handle, request, control);
  }
  setInfo(handle: Handle, change: InfoChange, control?: Control): Promise<void> {
    return this.#of(handle).setInfo(handle, change, control);
  }
  ioctl(handle: Handle, request: DeviceControl, control?: Control): Promise<Uint8Array> {
    return this.#of(handle).ioctl(handle, request, control);
  }
  lock(handle: Handle, ranges: readonly LockRange[], mode: LockMode, control?: Control): Promise<void> {
    return this.#of(handle).lock(handle, ranges, mode, control);
  }
  unlock(handle: Handle, ranges: readonly LockRange[], control?: Control): Promise<void> {
    return this.#of(handle).unlock(handle, ranges, control);
  }
  acknowledge(handle: Handle, state: number, control?: Control): Promise<void> {
    return this.#of(handle).acknowledge(handle, state, control);
  }
  transact(handle: Handle, data: Uint8Array, limit: number, control?: Control): Promise<Uint8Array> {
    return this.#of(handle).transact(handle, data, limit, control);
  }
  copiesWithin(handle: Handle): object | undefined {
    return this.#of(handle).copiesWithin(handle);
  }
  copySource(handle: Handle, control?: Control): Promise<CopySource | undefined> {
    return this.#of(handle).copySource(handle, control);
  }
  copyRanges(
    source: CopySource,
    to: Handle,
    ranges: readonly DataRange[],
    control?: CopyControl,
  ): Promise<CopyOutcome> {
    return this.#of(to).copyRanges(source, to, ranges, control);
  }

  list(path: string, pattern: string, control?: Control): AsyncGenerator<ListedNode[], void, undefined> {
    return this.#stream(path, control, (protocol, path) => protocol.list(path, pattern, control));
  }
  names(path: string, pattern: string, control?: Control): AsyncGenerator<string[], void, undefined> {
    return this.#stream(path, control, (protocol, path) => protocol.names(path, pattern, control));
  }
  watch(
    path: string,
    recursive: boolean,
    control?: Control,
  ): AsyncGenerator<NotifiedChange[] | undefined, void, undefined> {
    return this.#stream(path, control, (protocol, path) => protocol.watch(path, recursive, control));
  }

  /** The first item decides whether the path is here. */
  async *#stream<T>(
    path: string,
    control: Control | undefined,
    begin: (protocol: FileProtocol, path: string) => AsyncGenerator<T, void, undefined>,
  ): AsyncGenerator<T, void, undefined> {
    const { items, first, letGo } = await this.#resolver.at(path, control, async ({ place, path }) => {
      const items = begin(protocolOf(place), path);
      const first = await items.next();
      return { items, first, letGo: this.#places.use(place) };
    });
    try {
      if (first.done) return;
      yield first.value;
      yield* items;
    } finally {
      await items.return().finally(letGo);
    }
  }

  stat(path: string, control?: Control): Promise<NodeInfo> {
    return this.#at(path, control, (protocol, path) => protocol.stat(path, control));
  }
  set(path: string, facts: SetFacts, control?: Control): Promise<void> {
    return this.#at(path, control, (protocol, path) => protocol.set(path, facts, control));
  }
  mkdir(path: string, control?: Control): Promise<void> {
    return this.#at(path, control, (protocol, path) => protocol.mkdir(path, control));
  }
  volume(control?: Control): Promise<VolumeFacts> {
    return this.#homeProtocol.volume(control);
  }
  visit(request: OpenRequest, steps: readonly Step[], control?: Control): Promise<Visit> {
    return this.#at(request.path, control, (protocol, path) => protocol.visit({ ...request, path }, steps, control));
  }

  remove(path: string, directory: boolean, control?: Control): Promise<void> {
    return this.#resolver.at(path, control, (spot) => {
      refuseLink(path, spot);
      return protocolOf(spot.place).remove(spot.path, directory, control);
    });
  }

  async rename(from: string, to: string, replace: boolean, control?: Control): Promise<void> {
    if (!this.#home.tree.facts.dfs) {
      return this.#at(from, control, (protocol, from) => protocol.rename(from, to, replace, control));
    }
    // A rename goes to one server, which cannot resolve a target that lies on another.
    const cut = to.lastIndexOf('\\');
    const target = await this.#settle(cut === -1 ? '' : to.slice(0, cut), control);
    return this.#resolver.at(from, control, (spot) => {
      refuseLink(from, spot);
      if (spot.place !== target.place) {
        const hint = 'a DFS link lies between: copy it, then remove it';
        throw new StatusError(NtStatus.NotSameDevice, { command: 'SET_INFO', path: from, hint });
      }
      const there = joinWire(target.path, to.slice(cut + 1));
      return protocolOf(spot.place).rename(spot.path, there, replace, control);
    });
  }

  /** Where a directory is, after all links. */
  #settle(path: string, control: Control | undefined): Promise<Spot> {
    return this.#resolver.at(path, control, async (spot) => {
      await protocolOf(spot.place).stat(spot.path, control);
      return spot;
    });
  }

  async disconnect(): Promise<void> {
    await this.#places.close();
    await this.#homeProtocol.disconnect();
  }
}

/** A link is not part of the share that it leads to: without this check, that share's root would be removed instead. */
function refuseLink(path: string, spot: Spot): void {
  if (path === '' || spot.path !== '') return;
  const hint = 'it is a DFS link, which only an administrator of the server can change';
  throw new StatusError(NtStatus.AccessDenied, { command: 'CREATE', path, hint });
}
