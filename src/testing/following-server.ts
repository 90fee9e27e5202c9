import type { ClientConnection, FileProtocol, ListedNode, NodeInfo } from '#client/protocol.js';
import { Share } from '#client/share.js';
import { PLAIN_SHARE } from '#client/share-facts.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';

/** What the server reports besides names: the paths of files, and the ids of a directory and its parent. */
export interface Tells {
  readonly places?: boolean;
  readonly dots?: boolean;
}

const split = (path: string): [string, string] => {
  const at = path.lastIndexOf('\\');
  return [path.slice(0, Math.max(0, at)), path.slice(at + 1)];
};
const within = (directory: string, name: string): string => (directory === '' ? name : `${directory}\\${name}`);

/** A server that follows symbolic links on its disk and presents them as what they point to, as smbd does. */
export class FollowingServer {
  /** Contents of its disk, in wire form: files and directories, and links with their targets. */
  readonly files: Set<string>;
  readonly links: Map<string, string>;
  readonly #tells: Tells;
  readonly #numbers = new Map<string, bigint>();

  constructor(files: readonly string[], links: Readonly<Record<string, string>>, tells: Tells = {}) {
    this.files = new Set(files);
    this.links = new Map(Object.entries(links));
    this.#tells = tells;
  }

  get share(): Share {
    const connection = {} as ClientConnection;
    return new Share('s', connection, { protocol: this.#protocol, encrypted: false, facts: PLAIN_SHARE });
  }

  #resolved(path: string): string {
    if (path === '') return '';
    const [directory, name] = split(path);
    const at = within(this.#resolved(directory), name);
    const target = this.links.get(at);
    return target === undefined ? at : this.#resolved(target);
  }

  #children(path: string): string[] {
    const at = this.#resolved(path);
    const names = [...this.files, ...this.links.keys()].flatMap((one) => {
      if (at !== '' && !one.startsWith(`${at}\\`)) return [];
      return [one.slice(at === '' ? 0 : at.length + 1).split('\\')[0] as string];
    });
    return [...new Set(names)];
  }

  #isDirectory(path: string): boolean {
    return !this.files.has(this.#resolved(path));
  }

  #numberOf(path: string): bigint {
    const known = this.#numbers.get(path) ?? BigInt(this.#numbers.size) + 2n;
    this.#numbers.set(path, known);
    return known;
  }

  #infoOf(path: string): NodeInfo {
    const attributes = this.#isDirectory(path) ? FileAttributes.Directory : FileAttributes.Normal;
    const times = { creationTime: 0n, lastAccessTime: 0n, lastWriteTime: 0n, changeTime: 0n };
    return { size: 0, allocationSize: 0, attributes, ...times, id: this.#numberOf(this.#resolved(path)), links: 1 };
  }

  #dotsOf(path: string): { readonly self: bigint; readonly parent: bigint } {
    const at = this.#resolved(path);
    // The root of the share has a parent as well.
    return { self: this.#numberOf(at), parent: at === '' ? 1n : this.#numberOf(split(at)[0]) };
  }

  get #protocol(): FileProtocol {
    const { places = true, dots = true } = this.#tells;
    const protocol: Partial<FileProtocol> = {
      stat: async (path) => {
        const [directory, name] = split(path);
        return { ...this.#infoOf(path), ...(places && { place: `\\${within(this.#resolved(directory), name)}` }) };
      },
      remove: async (path, directory) => this.#remove(path, directory),
      list: async function* (this: FollowingServer, path: string): AsyncGenerator<ListedNode[], void, undefined> {
        const told = dots ? { dots: this.#dotsOf(path) } : {};
        yield this.#children(path).map((name) => ({ ...this.#infoOf(within(path, name)), name, ...told }));
      }.bind(this),
    };
    return protocol as FileProtocol;
  }

  #remove(path: string, directory: boolean): void {
    const [around, name] = split(path);
    const at = within(this.#resolved(around), name);
    const [isLink, there] = [this.links.has(at), this.#children(path)];
    const refuse = (status: number): never => {
      throw new StatusError(status, { path });
    };
    if (!isLink && !this.files.has(at) && there.length === 0) refuse(NtStatus.ObjectNameNotFound);
    if (this.#isDirectory(path)) {
      if (!directory && there.length > 0) refuse(NtStatus.FileIsADirectory);
      if (there.length > 0) refuse(NtStatus.DirectoryNotEmpty);
      // A link to an empty directory.
      if (directory) refuse(NtStatus.NotADirectory);
    } else if (directory) refuse(NtStatus.NotADirectory);
    this.files.delete(at);
    this.links.delete(at);
  }
}
