import { Readable, Writable } from 'node:stream';
import type { ReadableStream, WritableStream } from 'node:stream/web';
import { filetimeFromMs } from '#wire/dtyp/filetime.js';
import { UsageError } from '#wire/erref/errors.js';
import type { ConnectionInfo } from './connection-info.js';
import { errnoCode, isNotFound } from './errors.js';
import { type CallOptions, File } from './file.js';
import { DirectoryEntry, NodeStat } from './node-stat.js';
import { type OpenOptions, openRequest } from './open-options.js';
import { componentsOf, normal, toWire } from './paths.js';
import type { ClientConnection, FileProtocol, Tree, VolumeFacts } from './protocol.js';
import { readStream, writeStream } from './streams.js';
import { type Change, watchChanges } from './watch.js';

export interface ReadStreamOptions extends CallOptions {
  /** First byte; 0 when absent. */
  readonly start?: number;
  /** Last byte, included, as in `fs.createReadStream`. */
  readonly end?: number;
}

export interface WriteStreamOptions extends CallOptions {
  /** Where to begin; the file is emptied first unless this is given. */
  readonly start?: number;
}

/** Largest file that `readFile` takes into memory. */
const READ_FILE_LIMIT = 0x7fffffff;

/**
 * One share of a server, over one connection with one session.
 *
 * Paths have slashes and start at the share's root: `photos/2024/a.jpg`. A stream of a file is `a.txt:stream`.
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
  readonly #protocol: FileProtocol;
  readonly #files = new Set<File>();
  #closing: Promise<void> | undefined;

  /** Made by `connect`. */
  constructor(name: string, connection: ClientConnection, tree: Tree) {
    this.name = name;
    this.#connection = connection;
    this.#tree = tree;
    this.#protocol = tree.protocol;
  }

  /** What was agreed with the server: dialect, signing, encryption. */
  get info(): ConnectionInfo {
    const { info } = this.#connection;
    return this.#tree.encrypted ? { ...info, encrypted: true } : info;
  }

  readFile(path: string, options?: CallOptions): Promise<Uint8Array>;
  readFile(path: string, encoding: 'utf8' | 'utf-8' | 'latin1' | 'utf-16le', options?: CallOptions): Promise<string>;
  /** All of a file. */
  async readFile(path: string, first?: string | CallOptions, second?: CallOptions): Promise<Uint8Array | string> {
    const options = (typeof first === 'string' ? second : first) ?? {};
    const bytes = await this.#use(path, { ...options, access: 'read' }, (file) => this.#readWhole(file, options));
    return typeof first === 'string' ? new TextDecoder(first, { ignoreBOM: true }).decode(bytes) : bytes;
  }

  async #readWhole(file: File, options: CallOptions): Promise<Uint8Array> {
    const { size } = await file.stat(options);
    if (size > READ_FILE_LIMIT) throw new UsageError(`${file.path} has ${size} bytes: read it as a stream`);
    const bytes = new Uint8Array(size);
    const got = await file.read(bytes, 0, options);
    return got === size ? bytes : bytes.subarray(0, got);
  }

  /** Writes a file; what it held before is gone. */
  async writeFile(path: string, data: Uint8Array | string, options: CallOptions = {}): Promise<void> {
    await this.#use(path, { ...options, access: 'write', create: 'truncate' }, (file) => file.write(data, 0, options));
  }

  /** The entries of a directory as the server sends them, with what is known of each. Huge directories are no burden. */
  async *readdir(
    path = '',
    options: CallOptions & { pattern?: string } = {},
  ): AsyncGenerator<DirectoryEntry, void, undefined> {
    const directory = normal(path);
    for await (const batch of this.#protocol.list(toWire(path), options.pattern ?? '*', options)) {
      for (const node of batch) yield new DirectoryEntry(node, directory);
    }
  }

  async stat(path: string, options: CallOptions = {}): Promise<NodeStat> {
    return new NodeStat(await this.#protocol.stat(toWire(path), options));
  }

  async exists(path: string, options: CallOptions = {}): Promise<boolean> {
    try {
      await this.stat(path, options);
      return true;
    } catch (error) {
      if (isNotFound(error) || errnoCode(error) === 'ENOTDIR') return false;
      throw error;
    }
  }

  async mkdir(path: string, options: CallOptions & { recursive?: boolean } = {}): Promise<void> {
    if (!options.recursive) return this.#protocol.mkdir(toWire(path), options);
    const names = componentsOf(path);
    let missing = names.length;
    // Upwards until something is there, then down again: one request where the parent exists.
    while (missing > 0) {
      try {
        await this.#makeDirectory(names.slice(0, missing), options);
        break;
      } catch (error) {
        if (errnoCode(error) !== 'ENOENT' || missing === 1) throw error;
        missing--;
      }
    }
    for (let depth = missing + 1; depth <= names.length; depth++) {
      await this.#makeDirectory(names.slice(0, depth), options);
    }
  }

  async #makeDirectory(names: string[], options: CallOptions): Promise<void> {
    const path = names.join('\\');
    try {
      await this.#protocol.mkdir(path, options);
    } catch (error) {
      if (errnoCode(error) !== 'EEXIST') throw error;
      const there = new NodeStat(await this.#protocol.stat(path, options));
      if (!there.isDirectory()) throw error;
    }
  }

  /** Removes an empty directory. */
  rmdir(path: string, options: CallOptions = {}): Promise<void> {
    return this.#protocol.remove(toWire(path), true, options);
  }

  /** Removes a file; with `recursive` also a directory and all that is in it; with `force` it need not be there. */
  async rm(path: string, options: CallOptions & { recursive?: boolean; force?: boolean } = {}): Promise<void> {
    try {
      await this.#remove(normal(path), options);
    } catch (error) {
      if (!options.force || !isNotFound(error)) throw error;
    }
  }

  async #remove(path: string, options: CallOptions & { recursive?: boolean }): Promise<void> {
    if (path === '') throw new UsageError("the share's root cannot be removed");
    try {
      await this.#protocol.remove(toWire(path), false, options);
    } catch (error) {
      if (!options.recursive || !(await this.#isDirectory(path, error, options))) throw error;
      for await (const entry of this.readdir(path, options)) {
        if (entry.isDirectory() && !entry.isReparsePoint()) await this.#remove(entry.path, options);
        else await this.#protocol.remove(toWire(entry.path), entry.isDirectory(), options);
      }
      await this.rmdir(path, options);
    }
  }

  // Not every server says what was wrong about removing it as a file.
  async #isDirectory(path: string, error: unknown, options: CallOptions): Promise<boolean> {
    const code = errnoCode(error);
    if (code !== 'EACCES' && code !== 'EPERM') return code === 'EISDIR';
    return (await this.stat(path, options)).isDirectory();
  }

  /** Renames or moves within the share. A file that is there already is replaced unless `replace` is false. */
  rename(from: string, to: string, options: CallOptions & { replace?: boolean } = {}): Promise<void> {
    return this.#protocol.rename(toWire(from), toWire(to), options.replace ?? true, options);
  }

  /** Sets times; those that are absent stay as they are. */
  utimes(
    path: string,
    times: { readonly mtime?: Date; readonly atime?: Date; readonly birthtime?: Date },
    options: CallOptions = {},
  ): Promise<void> {
    const facts = {
      ...(times.mtime ? { lastWriteTime: filetimeFromMs(times.mtime.getTime()) } : {}),
      ...(times.atime ? { lastAccessTime: filetimeFromMs(times.atime.getTime()) } : {}),
      ...(times.birthtime ? { creationTime: filetimeFromMs(times.birthtime.getTime()) } : {}),
    };
    return this.#protocol.set(toWire(path), facts, options);
  }

  /** Sets the FILE_ATTRIBUTE_* bits. */
  setAttributes(path: string, attributes: number, options: CallOptions = {}): Promise<void> {
    return this.#protocol.set(toWire(path), { attributes }, options);
  }

  /** Opens a file. Close it, or let `await using` do it. */
  async open(path: string, options: OpenOptions = {}): Promise<File> {
    if (this.#closing !== undefined) throw new UsageError(`the share ${this.name} is closed`);
    const handle = await this.#protocol.open(openRequest(toWire(path), options), options);
    const file = new File(this.#protocol, handle, normal(path), (closed) => this.#files.delete(closed));
    this.#files.add(file);
    return file;
  }

  async #use<T>(path: string, options: OpenOptions, work: (file: File) => Promise<T>): Promise<T> {
    const file = await this.open(path, options);
    let result: T;
    try {
      result = await work(file);
    } catch (error) {
      // What went wrong before matters more than whether the close succeeds.
      await file.close().catch(() => undefined);
      throw error;
    }
    await file.close();
    return result;
  }

  /** A Node stream over a file or a part of it. */
  createReadStream(path: string, options: ReadStreamOptions = {}): Readable {
    const { start = 0, end = Number.MAX_SAFE_INTEGER - 1 } = options;
    return readStream((signal) => this.open(path, { access: 'read', signal }), { start, end: end + 1 }, options.signal);
  }

  /** A Node stream into a file. */
  createWriteStream(path: string, options: WriteStreamOptions = {}): Writable {
    const { maxWrite, window } = this.#protocol;
    const create = options.start === undefined ? 'truncate' : 'if-missing';
    const settings = {
      start: options.start ?? 0,
      blockSize: maxWrite,
      lanes: Math.max(2, Math.floor(window / maxWrite)),
    };
    return writeStream((signal) => this.open(path, { access: 'write', create, signal }), settings, options.signal);
  }

  /** A web stream over a file or a part of it. */
  readable(path: string, options: ReadStreamOptions = {}): ReadableStream<Uint8Array> {
    return Readable.toWeb(this.createReadStream(path, options)) as ReadableStream<Uint8Array>;
  }

  /** A web stream into a file. */
  writable(path: string, options: WriteStreamOptions = {}): WritableStream<Uint8Array> {
    return Writable.toWeb(this.createWriteStream(path, options)) as WritableStream<Uint8Array>;
  }

  /** Copies a file within the share: on the server where it can, else through this machine. */
  async copy(from: string, to: string, options: CallOptions = {}): Promise<void> {
    await this.#use(from, { ...options, access: 'read' }, (source) =>
      this.#use(to, { ...options, access: 'read-write', create: 'truncate' }, async (target) => {
        const { size } = await source.stat(options);
        if (size > 0 && (await target.copyFrom(source, size, options))) return;
        let position = 0;
        for await (const chunk of source.chunks(options)) {
          await target.write(chunk, position, options);
          position += chunk.length;
        }
      }),
    );
  }

  /** Tells what happens in a directory, from now until the iteration is left or the signal is aborted. */
  watch(path = '', options: CallOptions & { recursive?: boolean } = {}): AsyncGenerator<Change, void, undefined> {
    return watchChanges(this.#protocol, normal(path), toWire(path), options.recursive ?? false, options);
  }

  /** Size of the volume and what is free of it, in bytes. */
  statfs(options: CallOptions = {}): Promise<VolumeFacts> {
    return this.#protocol.volume(options);
  }

  /** Asks the server for a sign of life. */
  ping(options: CallOptions = {}): Promise<void> {
    return this.#connection.echo(options);
  }

  /** Closes what is open, leaves the share, logs off, ends the connection. Never fails. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(Array.from(this.#files, (file) => file.close()));
    await Promise.allSettled([this.#protocol.disconnect()]);
    await this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
