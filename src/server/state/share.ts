import type { Identity } from '#auth/mechanism.js';
import { type Backend, isWritable, type NodeInfo } from '#fs/backend.js';
import type { Streams } from '#fs/capabilities.js';
import { type ResolvedPath, resolveExactPath, resolvePath } from '#fs/case-fold.js';
import { UsageError } from '#wire/erref/errors.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { HiddenNames } from './hidden-names.js';

/** Access level on a share. */
export type Right = 'none' | 'read' | 'write';

export interface ShareOptions {
  readonly backend: Backend;
  readonly comment?: string;
  /** Nobody may write, whatever the other options say. */
  readonly readOnly?: boolean;
  /**
   * Access by account name (case-insensitive), with `'*'` for every other logged-on user; or a function. Guests and
   * anonymous sessions get what `guests` says. Without `users`, every logged-on user may write.
   */
  readonly users?: Readonly<Record<string, Right>> | ((identity: Identity) => Right);
  /** Access of guests and anonymous sessions; `none` when absent. */
  readonly guests?: Right;
  /** Requires encryption (SMB 3 and later). */
  readonly encryption?: 'required';
  /** The share's password under share-level security (SMB1). When absent, no password is required. */
  readonly password?: string;
  /** Listings show only what the user can read. */
  readonly hideUnreadable?: boolean;
  /** Listings show only directories, and files that the user can write. */
  readonly hideUnwritable?: boolean;
  /**
   * As on Windows, an ACL that is set counts as automatically inherited only if the request asks for it
   * (AUTO_INHERIT_REQ). With false, AUTO_INHERITED is stored as sent.
   */
  readonly canonicalAcls?: boolean;
  /**
   * Persistent handles survive the server: after a crash it restores them with everything they hold, for their clients
   * to reclaim. Needs `ServerOptions.stateStore` and a back end that survives the server, too. Writes through such
   * handles wait until the data is on stable storage.
   */
  readonly continuouslyAvailable?: boolean;
  /** Not shown in share lists. */
  readonly hidden?: boolean;
  /** With `false`, clients see no named streams, whatever the back end supports. */
  readonly streams?: boolean;
  /** Names are case-sensitive, and there are no 8.3 names. */
  readonly caseSensitive?: boolean;
  /** Names that begin with a dot get the HIDDEN attribute. */
  readonly hideDotFiles?: boolean;
  /** Names matching one of these patterns get it, too; wildcards are `*` and `?`, as in file names. */
  readonly hideFiles?: readonly string[];
  /** Read-only files may be deleted. */
  readonly deleteReadOnly?: boolean;
}

/** Current settings of a share. When `ShareTable.set` replaces it, every tree connect to it switches to the new one. */
export class Share {
  readonly name: string;
  readonly options: ShareOptions;
  readonly #hidden: HiddenNames;

  constructor(name: string, options: ShareOptions) {
    this.name = name;
    this.options = options;
    this.#hidden = new HiddenNames(options.hideDotFiles === true, options.hideFiles ?? []);
  }

  get backend(): Backend {
    return this.options.backend;
  }

  /** The named streams of its files, if the share serves them; also for snapshots. */
  streamsOf(backend: Backend = this.backend): Streams<unknown> | undefined {
    return this.options.streams === false ? undefined : backend.streams;
  }

  /** Resolves path components by the share's rules for comparing names. */
  resolve(backend: Backend, components: readonly string[], exactIsMissing = false): Promise<ResolvedPath> {
    if (this.options.caseSensitive === true) return resolveExactPath(backend, components);
    return resolvePath(backend, components, exactIsMissing);
  }

  /** Whether a name is shown as hidden; back ends may hide dot files, too. */
  hides(name: string): boolean {
    return name.startsWith('.') || this.#hidden.hides(name);
  }

  /** A node as clients of the share see it: hidden if its name is one of the hidden ones. */
  shown(name: string, info: NodeInfo): NodeInfo {
    if (name === '' || !this.#hidden.hides(name)) return info;
    return { ...info, attributes: info.attributes | FileAttributes.Hidden };
  }

  /** False if a function decides, as its answer may change. */
  get isConstant(): boolean {
    return typeof this.options.users !== 'function';
  }

  /** The current access level of an identity. */
  rightOf(identity: Identity): Right {
    const { readOnly, guests, users } = this.options;
    const right = identity.kind === 'user' ? userRight(users, identity) : (guests ?? 'none');
    return right === 'write' && (readOnly || !isWritable(this.backend)) ? 'read' : right;
  }
}

function userRight(users: ShareOptions['users'], identity: Identity): Right {
  if (users === undefined) return 'write';
  if (typeof users === 'function') return users(identity);
  const wanted = identity.account.toLowerCase();
  for (const [name, right] of Object.entries(users)) if (name.toLowerCase() === wanted) return right;
  return users['*'] ?? 'none';
}

const LONGEST_NAME = 80;
const FORBIDDEN = /["/\\[\]:|<>+=;,*?]/;

/** Whether a name is valid for a share. */
export function isShareName(name: string): boolean {
  const control = [...name].some((character) => character < ' ');
  return name !== '' && name.length <= LONGEST_NAME && !FORBIDDEN.test(name) && !control;
}

function checkName(name: string): void {
  const bad = !isShareName(name) || name.toLowerCase() === 'ipc$';
  if (bad) throw new UsageError(`"${name}" cannot be the name of a share`);
}

/** The shares of a server; may be changed at run time. Names are case-insensitive. */
export class ShareTable {
  readonly #shares = new Map<string, Share>();
  readonly #persists: boolean;

  /** `persists`: the server has a state store for persistent opens. */
  constructor(persists = false) {
    this.#persists = persists;
  }

  /** Adds or replaces a share. Opens that are no longer permitted fail with the proper status on their next use. */
  set(name: string, options: ShareOptions | Backend): Share {
    checkName(name);
    const share = new Share(name, 'backend' in options ? options : { backend: options });
    if (share.options.continuouslyAvailable === true && !this.#persists) {
      throw new UsageError(`share "${name}" cannot be continuously available: the server has no state store`);
    }
    this.#shares.set(name.toLowerCase(), share);
    return share;
  }

  get(name: string): Share | undefined {
    return this.#shares.get(name.toLowerCase());
  }

  /** Removes a share; its opens fail with NETWORK_NAME_DELETED on their next use. */
  delete(name: string): boolean {
    return this.#shares.delete(name.toLowerCase());
  }

  list(): Share[] {
    return [...this.#shares.values()];
  }
}
