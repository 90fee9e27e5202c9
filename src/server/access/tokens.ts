import type { Eventually, Identity } from '#auth/mechanism.js';
import type { Sid } from '#wire/dtyp/sid.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import type { Principals } from './principals.js';
import { Privilege, Token } from './token.js';

const ADMINISTRATIVE = Privilege.TakeOwnership | Privilege.Security | Privilege.Backup | Privilege.Restore;

/** Creates the access tokens of logged-on users. */
export class Tokens {
  readonly #principals: Principals;
  readonly #administrators: ReadonlySet<string>;
  readonly #known = new WeakMap<Identity, Token>();

  /** `administrators`: account names, case-insensitive. */
  constructor(principals: Principals, administrators: readonly string[] = []) {
    this.#principals = principals;
    this.#administrators = new Set(administrators.map((name) => name.toUpperCase()));
  }

  of(identity: Identity): Eventually<Token> {
    return this.#known.get(identity) ?? this.#make(identity);
  }

  async #make(identity: Identity): Promise<Token> {
    const user = await this.#principals.sidOf(identity);
    const own = await this.#principals.groupsOf(identity);
    const named = identity.kind === 'user' && this.#administrators.has(identity.account.toUpperCase());
    const administers = named || own.some((sid) => sid.equals(WellKnownSid.administrators));
    const groups = [...this.#groups(identity, administers), ...own];
    const token = new Token(user, groups, administers ? ADMINISTRATIVE : 0);
    this.#known.set(identity, token);
    return token;
  }

  #groups({ kind }: Identity, administers: boolean): Sid[] {
    const { everyone, network, authenticatedUsers, users, guests, administrators } = WellKnownSid;
    // As on Windows, Everyone does not include anonymous sessions.
    if (kind === 'anonymous') return [network];
    const groups = [this.#principals.none, everyone, network];
    if (kind === 'guest') return [...groups, guests];
    return [...groups, authenticatedUsers, users, ...(administers ? [administrators] : [])];
  }
}
