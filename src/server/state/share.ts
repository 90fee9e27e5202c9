import type { Identity } from '#auth/mechanism.js';
import { type Backend, isWritable, type NodeInfo } from '#fs/backend.js';
import type { Streams } from '#fs/capabilities.js';
import { type ResolvedPath, resolveExactPath, resolvePath } from '#fs/case-fold.js';
import { UsageError } from '#wire/erref/errors.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import { HiddenNames } from './hidden-names.js';

/** What somebody may do on a share. */
export type Right = 'none' | 'read' | 'write';

export interface ShareOptions {
  readonly backend: Backend;
  readonly comment?: string;
  /** Nobody writes, whatever else is said. */
  readonly readOnly?: boolean;
  /**
   * Who may do what: by account name (any case) with `'*'` for every other logged-on user, or as a function. Guests
   * and anonymous sessions get what `guests` says. Without `users` every logged-on user may write.
   */
  readonly users?: Readonly<Record<string, Right>> | ((identity: Identity) => Right);
  /** What guests and anonymous sessions may do; `none` when absent. */
  readonly guests?: Right;
  /** Only encrypted requests are served (SMB 3 and up). */
  readonly encryption?: 'required';
  /** Password of the share under share-level security (SMB1). Absent: no password is asked for. */
  readonly password?: string;
  /** Directories show only what the user can read. */
  readonly hideUnreadable?: boolean;
  /** Directories show only the files that the user can write, and directories. */
  readonly hideUnwritable?: boolean;
  /**
   * Of ACLs that are set, only those that ask for inheritance count as inherited automatically, as on Windows. False
   * believes whoever says so.
   */
  readonly canonicalAcls?: boolean;
  /**
   * Opens that clients want persistent outlast the server: after a crash it takes them up again, with all that they hold,
   * for their owners to come back to. Needs `ServerOptions.stateStore`, and a back end that outlasts the server, too.
   * Writing through such opens waits until the medium has the data.
   */
  readonly continuouslyAvailable?: boolean;
  /** Left out of share lists. */
  readonly hidden?: boolean;
  /** `false`: files have no named streams for clients, whatever the back end has. */
  readonly streams?: boolean;
  /** Names are matched exactly: another case is another name, and there are no 8.3 names. */
  readonly caseSensitive?: boolean;
  /** Names that begin with a dot have the attribute HIDDEN. */
  readonly hideDotFiles?: boolean;
  /** So have names that one of these patterns matches; `*` and `?` as in file names. */
  readonly hideFiles?: readonly string[];
  /** Read-only files may be deleted. */
  readonly deleteReadOnly?: boolean;
}

/** A share as it is now. Replacing it by `ShareTable.set` makes every tree connected to it look again. */
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

  /** The named streams of its files, where they are served; of a former state of it, too. */
  streamsOf(backend: Backend = this.backend): Streams<unknown> | undefined {
    return this.options.streams === false ? undefined : backend.streams;
  }

  /** Finds what components name, as names are compared on this share. */
  resolve(backend: Backend, components: readonly string[], exactIsMissing = false): Promise<ResolvedPath> {
    if (this.options.caseSensitive === true) return resolveExactPath(backend, components);
    return resolvePath(backend, components, exactIsMissing);
  }

  /** Whether a name hides what has it; one that begins with a dot may be hidden by the back end, too. */
  hides(name: string): boolean {
    return name.startsWith('.') || this.#hidden.hides(name);
  }

  /** A node as clients of the share see it: hidden if its name is one of those that are. */
  shown(name: string, info: NodeInfo): NodeInfo {
    if (name === '' || !this.#hidden.hides(name)) return info;
    return { ...info, attributes: info.attributes | FileAttributes.Hidden };
  }

  /** False when a function decides, which may answer otherwise each time. */
  get isConstant(): boolean {
    return typeof this.options.users !== 'function';
  }

  /** What an identity may do here now. */
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

/** Whether a share could be called so. */
export function isShareName(name: string): boolean {
  const control = [...name].some((character) => character < ' ');
  return name !== '' && name.length <= LONGEST_NAME && !FORBIDDEN.test(name) && !control;
}

function checkName(name: string): void {
  const bad = !isShareName(name) || name.toLowerCase() === 'ipc$';
  if (bad) throw new UsageError(`"${name}" cannot be the name of a share`);
}

/** The shares of a server; may be changed while it runs. Names are compared without case. */
export class ShareTable {
  readonly #shares = new Map<string, Share>();
  readonly #persists: boolean;

  /** `persists`: the server has where to keep persistent opens. */
  constructor(persists = false) {
    this.#persists = persists;
  }

  /** Adds a share or replaces it. Opens whose share lost its rights get the right status on their next use. */
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

  /** Takes a share away; what is open on it gets NETWORK_NAME_DELETED on its next use. */
  delete(name: string): boolean {
    return this.#shares.delete(name.toLowerCase());
  }

  list(): Share[] {
    return [...this.#shares.values()];
  }
}
