import type { Readable, Writable } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import { bytesOf, type Data, textOf } from './arguments.js';
import { bounded, boundedEach, type CallOptions, type Steps } from './call-options.js';
import type { File } from './file.js';
import { Listing } from './listing.js';
import { SharePromises } from './node-fs/fs.js';
import type { DirectoryEntry, NodeStat } from './node-stat.js';
import type { OpenOptions } from './open-options.js';
import { type AccessControl, type FileSecurity, getSecurity, setSecurity } from './operation/acl.js';
import { type AtomicWrite, writeAtomically } from './operation/atomic-write.js';
import { type CopyOptions, copy } from './operation/copy.js';
import { type CpOptions, cp } from './operation/cp.js';
import {
  type AttributeValues,
  getEas,
  type NamedStream,
  namedStreams,
  type Snapshot,
  setEas,
  snapshots,
} from './operation/extras.js';
import {
  type AccessKind,
  access,
  exists,
  factsOf,
  lstat,
  setFacts,
  setLinkFacts,
  stat,
  type Times,
} from './operation/facts.js';
import { isFollowedLink } from './operation/followed-links.js';
import { type GlobOptions, glob } from './operation/glob.js';
import { type LinkKind, link, readlink, symlink } from './operation/links.js';
import { mkdir, mkdirs, mkdtemp } from './operation/make-directory.js';
import { entries, type ListOptions, names } from './operation/read-directory.js';
import { realpath } from './operation/realpath.js';
import { type RemoveOneOptions, type RemoveOptions, removeOne, rm } from './operation/remove.js';
import { rename } from './operation/rename.js';
import {
  type ReadFileOptions,
  type ReadTextOptions,
  readFile,
  readOptions,
  truncate,
  type WriteFileOptions,
  writeFile,
} from './operation/whole-file.js';
import { normal, toWire } from './paths.js';
import type { ClientConnection, FileProtocol, Tree, VolumeFacts } from './protocol.js';
import { infoOf, sharesOf } from './rpc/on-demand.js';
import type { ServerInfo } from './rpc/server-info.js';
import type { ListedShare } from './rpc/share-list.js';
import type { ShareInfo } from './share-facts.js';
import { SharePlace } from './share-place.js';
import {
  createFor,
  type Opener,
  type ReadStreamOptions,
  readStream,
  type WriteStreamOptions,
  writeStream,
} from './streams.js';
import { type Change, Watching, type WatchOptions, watchChanges } from './watch.js';
import { webReadable, webWritable } from './web-streams.js';

/**
 * One share of a server, over one connection with one session.
 *
 * Paths have slashes and start at the share's root: `photos/2024/a.jpg`. A stream of a file is `a.txt:stream`. A
 * snapshot is the first component of a path: `@GMT-2026.11.23-10.50.36/photos`.
 *
 * Every call takes a `signal` and a `timeoutMs`; a call that is aborted leaves nothing open on the server.
 *
 * @example
 * const share = await connect('smb://ann:secret@nas/photos')
 * await share.writeFile('2024/a.txt', 'hello')
 * for await (const entry of share.readdir('2024')) console.log(entry.name, entry.size)
 * await share.close()
 */
export class Share {
  readonly name: string;
  readonly #connection: ClientConnection;
  readonly #tree: Tree;
  readonly #place: SharePlace;
  #closing: Promise<void> | undefined;
  #fs: SharePromises | undefined;

  /** Created by `connect`. */
  constructor(name: string, connection: ClientConnection, tree: Tree) {
    this.name = name;
    this.#connection = connection;
    this.#tree = tree;
    this.#place = new SharePlace(name, tree.protocol);
  }

  /** False once `close` has been called; every other call then fails with EBADF. */
  get isOpen(): boolean {
    return this.#place.isOpen;
  }

  get #protocol(): FileProtocol {
    return this.#place.protocol;
  }

  /** What was negotiated (dialect, signing, encryption), and facts about the server and the share. */
  get info(): ShareInfo {
    const { info } = this.#connection;
    return { ...info, encrypted: info.encrypted || this.#tree.encrypted, share: this.#tree.facts };
  }

  /** The share with the interface of `fs.promises`, for code written for that. */
  get fs(): SharePromises {
    this.#fs ??= new SharePromises(this);
    return this.#fs;
  }

  /** Reads a whole file as text; a small one takes one round trip. */
  readFile(path: string, encoding: BufferEncoding, options?: ReadFileOptions): Promise<string>;
  /** Reads a whole file as text; a small one takes one round trip. */
  readFile(path: string, options: ReadTextOptions): Promise<string>;
  /** Reads a whole file; a small one takes one round trip. */
  readFile(path: string, options?: ReadFileOptions): Promise<Uint8Array>;
  async readFile(
    path: string,
    first?: BufferEncoding | ReadFileOptions | ReadTextOptions,
    second?: ReadFileOptions,
  ): Promise<Uint8Array | string> {
    const { options, encoding } = readOptions(first, second);
    const bytes = await bounded(options, (control) => readFile(this.#place, path, control, options));
    return encoding === undefined ? bytes : textOf(bytes, encoding);
  }

  /** Writes a file, replacing its contents unless `flag` says otherwise. A small one takes one round trip. */
  async writeFile(path: string, data: Data, options: WriteFileOptions = {}): Promise<void> {
    const bytes = bytesOf(data, options.encoding);
    return bounded(options, (control) => writeFile(this.#place, path, bytes, control, options));
  }

  /**
   * Writes a small file under a temporary name and renames it when it is complete, so that nobody ever sees half of it.
   * Takes one round trip for up to `info.maxWrite` bytes.
   */
  writeAtomically(write: AtomicWrite, options: CallOptions = {}): Promise<void> {
    return bounded(options, (control) => writeAtomically(this.#protocol, write, control));
  }

  /** Appends to a file and creates it if necessary. Concurrent appends by several shares need a lock. */
  appendFile(path: string, data: Data, options: Omit<WriteFileOptions, 'flag'> = {}): Promise<void> {
    return this.writeFile(path, data, { ...options, flag: 'a' });
  }

  /** Truncates or extends a file to a size in bytes. */
  truncate(path: string, size = 0, options: CallOptions = {}): Promise<void> {
    return bounded(options, (control) => truncate(this.#place, path, size, control));
  }

  /**
   * The entries of a directory as the server sends them, with their metadata; even a huge directory takes little
   * memory. Iterate over the result, or get everything at once: `await share.readdir('a').names()`, `.toArray()`.
   */
  readdir(path = '', options: CallOptions & ListOptions = {}): Listing {
    const batches = boundedEach(options, (control) => entries(this.#protocol, path, options, control));
    const plain = options.recursive
      ? undefined
      : boundedEach(options, (control) => names(this.#protocol, path, options, control));
    return new Listing(batches, plain, options.signal);
  }

  /** Like `readdir`, but fails immediately if the directory does not exist. */
  async opendir(path = '', options: CallOptions & ListOptions = {}): Promise<Listing> {
    const listing = this.readdir(path, options);
    await listing.begin();
    return listing;
  }

  stat(path: string, options: CallOptions = {}): Promise<NodeStat> {
    return bounded(options, (control) => stat(this.#protocol, path, control));
  }

  /** Like `stat`, but for a symbolic link itself. */
  lstat(path: string, options: CallOptions = {}): Promise<NodeStat> {
    return bounded(options, (control) => lstat(this.#protocol, path, control));
  }

  exists(path: string, options: CallOptions = {}): Promise<boolean> {
    return bounded(options, (control) => exists(this.#protocol, path, control));
  }

  /** Fails unless the account has all of `kinds`; without `kinds`, fails unless the path exists. */
  access(path: string, kinds: readonly AccessKind[] = [], options: CallOptions = {}): Promise<void> {
    return bounded(options, (control) => access(this.#protocol, path, kinds, control));
  }

  /** The path as the server spells it, with links resolved. */
  realpath(path: string, options: CallOptions = {}): Promise<string> {
    return bounded(options, (control) => realpath(this.#protocol, path, control));
  }

  /** Creates a directory. */
  mkdir(path: string, options?: CallOptions & { recursive?: false | undefined }): Promise<void>;
  /** Creates a directory; with `recursive`, also its missing parents, and returns the first that was missing. */
  mkdir(path: string, options: CallOptions & { recursive?: boolean | undefined }): Promise<string | undefined>;
  async mkdir(path: string, options: CallOptions & { recursive?: boolean | undefined } = {}): Promise<unknown> {
    const make = options.recursive ? mkdirs : mkdir;
    return bounded<unknown>(options, (control) => make(this.#protocol, path, control));
  }

  /** Creates a directory with a unique path that begins with `prefix`; returns the path. */
  mkdtemp(prefix: string, options: CallOptions = {}): Promise<string> {
    return bounded(options, (control) => mkdtemp(this.#protocol, prefix, control));
  }

  /** Removes an empty directory; with `readOnly`, even a read-only one. */
  rmdir(path: string, options: CallOptions & RemoveOneOptions = {}): Promise<void> {
    return bounded(options, (control) => removeOne(this.#protocol, path, true, options, control));
  }

  /** Removes a file, or a symbolic link to one; with `readOnly`, even a read-only one. */
  unlink(path: string, options: CallOptions & RemoveOneOptions = {}): Promise<void> {
    return bounded(options, (control) => removeOne(this.#protocol, path, false, options, control));
  }

  /** Removes a file, or with `recursive` a directory tree; `force` allows read-only and missing ones. */
  rm(path: string, options: CallOptions & RemoveOptions = {}): Promise<void> {
    return bounded(options, (control) => rm(this.#protocol, path, options, control));
  }

  /** Renames or moves within the share. An existing file is replaced unless `replace` is false. */
  rename(from: string, to: string, options: CallOptions & { replace?: boolean | undefined } = {}): Promise<void> {
    return bounded(options, (control) => rename(this.#protocol, from, to, options.replace ?? true, control));
  }

  /** Sets times; those that are absent stay unchanged. */
  utimes(path: string, times: Times, options: CallOptions = {}): Promise<void> {
    return bounded(options, (control) => setFacts(this.#protocol, path, factsOf(times), control));
  }

  /** Like `utimes`, but for a symbolic link itself. */
  lutimes(path: string, times: Times, options: CallOptions = {}): Promise<void> {
    return bounded(options, (control) => setLinkFacts(this.#protocol, path, factsOf(times), control));
  }

  /** Sets the FILE_ATTRIBUTE_* bits. */
  setAttributes(path: string, attributes: number, options: CallOptions = {}): Promise<void> {
    return bounded(options, (control) => setFacts(this.#protocol, path, { attributes }, control));
  }

  /**
   * Creates a symbolic link. A target with a leading slash is relative to the share's root, any other to the link's
   * directory. Not all servers support links.
   */
  symlink(target: string, path: string, options: CallOptions & { kind?: LinkKind | undefined } = {}): Promise<void> {
    return bounded(options, (control) => symlink(this.#protocol, target, path, options.kind, control));
  }

  /** The target of a symbolic link. */
  readlink(path: string, options: CallOptions = {}): Promise<string> {
    return bounded(options, (control) => readlink(this.#protocol, path, control));
  }

  /**
   * Whether a directory is a symbolic link that the server follows itself and presents as its target, as Samba does
   * with links on its disk. Only entries reveal it, so the answer is false for an empty directory.
   */
  isFollowedLink(path: string, options: CallOptions = {}): Promise<boolean> {
    return bounded(options, (control) => isFollowedLink(this.#protocol, path, control));
  }

  /** Creates a hard link: another name for a file. */
  link(existing: string, path: string, options: CallOptions = {}): Promise<void> {
    return bounded(options, (control) => link(this.#protocol, existing, path, control));
  }

  /** Opens a file. Close it, or use `await using`. */
  open(path: string, options: OpenOptions = {}): Promise<File> {
    return bounded(options, (control) => this.#place.open(path, options, control));
  }

  #opener(path: string, options: OpenOptions): Opener {
    return (control) => this.#place.open(path, options, control).then((file) => ({ file, close: () => file.close() }));
  }

  /** A Node stream of a file or a part of it. */
  createReadStream(path: string, options: ReadStreamOptions = {}): Readable {
    return readStream(this.#opener(path, { access: 'read' }), options);
  }

  /** A Node stream that writes into a file. */
  createWriteStream(path: string, options: WriteStreamOptions = {}): Writable {
    return writeStream(this.#opener(path, intoFile(options)), this.#tree.protocol, options);
  }

  /** A web byte stream of a file or a part of it. The file is opened on the first read. */
  readable(path: string, options: ReadStreamOptions = {}): ReadableStream<Uint8Array> {
    return webReadable(this.#opener(path, { access: 'read' }), options);
  }

  /** A web stream that writes into a file. */
  writable(path: string, options: WriteStreamOptions = {}): WritableStream<Uint8Array> {
    return webWritable(this.#opener(path, intoFile(options)), this.#tree.protocol, options);
  }

  /** Copies a file within the share: on the server if possible, otherwise through this machine. */
  copy(from: string, to: string, options: CopyOptions = {}): Promise<void> {
    return bounded(options, (control) => copy(this.#place, from, to, options, control));
  }

  /** Copies a file or, with `recursive`, a directory and everything in it, within the share. */
  cp(from: string, to: string, options: CpOptions = {}): Promise<void> {
    return bounded(options, (control) => cp(this.#place, from, to, options, control));
  }

  /** Finds paths that match a pattern: `*`, `?`, `[abc]`, `{a,b}` within names, `**` for any number of directories. */
  glob(pattern: string | readonly string[], options: CallOptions & GlobOptions = {}): Steps<DirectoryEntry> {
    return boundedEach(options, (control) => glob(this.#protocol, pattern, options, control));
  }

  /** Reports changes in a directory until the iteration ends or the signal is aborted. */
  watch(path = '', options: WatchOptions = {}): Steps<Change> {
    const { recursive = false, onReady, signal } = options;
    const begin = (stop: AbortSignal): Steps<Change> =>
      boundedEach({ ...options, signal: signal ? AbortSignal.any([signal, stop]) : stop }, (control) =>
        watchChanges(this.#protocol, normal(path), toWire(path), recursive, { ...control, onReady }),
      );
    return new Watching(begin, () => !this.isOpen);
  }

  /** Who owns a file or directory, and who may do what with it; also available as SDDL. */
  acl(path: string, options: CallOptions & { audit?: boolean | undefined } = {}): Promise<FileSecurity> {
    return bounded(options, (control) => getSecurity(this.#protocol, path, options, control));
  }

  /** Sets the parts that are given: as objects, or as SDDL (`D:P(A;OICI;FA;;;BA)`). */
  setAcl(path: string, acl: AccessControl | string, options: CallOptions = {}): Promise<void> {
    return bounded(options, (control) => setSecurity(this.#protocol, path, acl, control));
  }

  /** The named streams of a file or directory. Read and write them as `file.txt:name`. */
  namedStreams(path: string, options: CallOptions = {}): Promise<NamedStream[]> {
    return bounded(options, (control) => namedStreams(this.#protocol, path, control));
  }

  /** The extended attributes of a file or directory. */
  extendedAttributes(path: string, options: CallOptions = {}): Promise<Map<string, Uint8Array>> {
    return bounded(options, (control) => getEas(this.#protocol, path, control));
  }

  /** Sets extended attributes; null removes one, others stay unchanged. */
  setExtendedAttributes(path: string, attributes: AttributeValues, options: CallOptions = {}): Promise<void> {
    return bounded(options, (control) => setEas(this.#protocol, path, attributes, control));
  }

  /** The snapshots of a directory, as tokens with which paths may begin. */
  snapshots(path = '', options: CallOptions = {}): Promise<Snapshot[]> {
    return bounded(options, (control) => snapshots(this.#protocol, path, control));
  }

  /** Lists the shares of the server, including hidden ones. */
  listShares(options: CallOptions = {}): Promise<ListedShare[]> {
    return bounded(options, (control) => sharesOf(this.#place.alive(this.#connection), control));
  }

  /** What the server says about itself. */
  serverInfo(options: CallOptions = {}): Promise<ServerInfo> {
    return bounded(options, (control) => infoOf(this.#place.alive(this.#connection), control));
  }

  /** Size and free space of the volume, in bytes. */
  statfs(options: CallOptions = {}): Promise<VolumeFacts> {
    return bounded(options, (control) => this.#protocol.volume(control));
  }

  /** Checks that the server responds. */
  ping(options: CallOptions = {}): Promise<void> {
    return bounded(options, (control) => this.#place.alive(this.#connection).echo(control));
  }

  /** Closes all open files, disconnects from the share, logs off and ends the connection. Never fails. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#place.close();
    await this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function intoFile(options: WriteStreamOptions): OpenOptions {
  return { access: 'write', create: createFor(options) };
}
