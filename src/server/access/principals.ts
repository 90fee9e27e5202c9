import { createHash } from 'node:crypto';
import type { AccountEntry, AccountStore } from '#auth/account-store.js';
import { andThen, type Eventually, type Identity } from '#auth/mechanism.js';
import type { UnixNames } from '#fs/unix-names.js';
import { Sid } from '#wire/dtyp/sid.js';
import { SidType } from '#wire/dtyp/sid-type.js';
import { type WellKnownName, wellKnownNames } from '#wire/dtyp/well-known-names.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';

/** What a SID resolves to: a name, its domain and its type (`SidType`). */
export type Principal = WellKnownName;

/** An account of this server. */
export interface LocalAccount {
  readonly name: string;
  readonly sid: Sid;
  readonly disabled: boolean;
}

/** [MS-SAMR] 2.2.1.14 Predefined RIDs, the same on every machine. */
export const DomainRid = { Administrator: 500, Guest: 501, None: 513 } as const;

/** First RID for accounts; lower ones are reserved. */
const FIRST_RID = 1000;
const RIDS = 2 ** 31 - FIRST_RID;
const UNIX_USER = 'Unix User';
const UNIX_GROUP = 'Unix Group';
/** The Unix uid (uid_t)-1: nobody. */
const NO_ID = 0xffffffff;

const key = (text: string): string => text.toUpperCase();

const bySid: ReadonlyMap<string, WellKnownName> = new Map(wellKnownNames.map((known) => [known.sid.toString(), known]));

/** A digest as 32-bit words. */
function words(text: string): number[] {
  const digest = createHash('sha256').update(text).digest();
  return [0, 4, 8].map((at) => digest.readUInt32LE(at));
}

/** Machine SID derived from the name, if none is configured; the same name always gives the same SID. */
export function machineSidOf(name: string): Sid {
  const sid = new Sid();
  sid.identifierAuthority = 5;
  sid.subAuthority = [21, ...words(`machine ${key(name)}`)];
  return sid;
}

export interface PrincipalsOptions {
  /** The server's NetBIOS name, which is also the domain name of its accounts. */
  readonly name: string;
  /** Derived from the name if absent. */
  readonly machineSid?: Sid | undefined;
  readonly accounts: AccountStore;
  readonly unixNames?: UnixNames | undefined;
}

/**
 * Maps names to SIDs and back. A stand-alone server is its own domain, named after itself; the RIDs of its accounts are
 * derived from their names, unless the account store supplies a SID.
 */
export class Principals {
  readonly name: string;
  readonly machineSid: Sid;
  readonly #options: PrincipalsOptions;
  readonly #accounts: AccountStore;
  readonly #unix: UnixNames | undefined;
  #fixed: readonly LocalAccount[] | undefined;

  constructor(options: PrincipalsOptions) {
    const { name, machineSid, accounts, unixNames } = options;
    this.name = key(name);
    this.machineSid = machineSid ?? machineSidOf(name);
    this.#options = options;
    this.#accounts = accounts;
    this.#unix = unixNames;
  }

  /** A snapshot of the current state, for many look-ups at once: each look-up would otherwise number all accounts. */
  fixed(): Eventually<Principals> {
    return andThen(this.accounts(), (accounts) => {
      const fixed = new Principals(this.#options);
      fixed.#fixed = accounts;
      return fixed;
    });
  }

  get guest(): Sid {
    return this.machineSid.child(DomainRid.Guest);
  }

  /** The group that contains every account of a stand-alone server. */
  get none(): Sid {
    return this.machineSid.child(DomainRid.None);
  }

  /** The SID of a logged-on user. */
  sidOf(identity: Identity): Eventually<Sid> {
    if (identity.kind === 'anonymous') return WellKnownSid.anonymous;
    if (identity.kind === 'guest') return this.guest;
    return andThen(this.#account(identity.account), (account) => account?.sid ?? this.guest);
  }

  /** The user's groups according to the account store; unknown names are ignored. */
  async groupsOf({ kind, account }: Identity): Promise<readonly Sid[]> {
    if (kind !== 'user') return [];
    const { groups = [] } = (await this.#accounts.find(account)) ?? {};
    const found = await Promise.all(groups.map(async (text) => Sid.tryParse(text) ?? (await this.byName(text))?.sid));
    return found.filter((sid) => sid !== undefined);
  }

  /** All accounts, sorted by name; empty if the store cannot list them. */
  accounts(): Eventually<readonly LocalAccount[]> {
    return this.#fixed ?? andThen(this.#accounts.list?.() ?? [], (entries) => this.#numbered(entries));
  }

  /** Looks up a name: `DOMAIN\name`, `name@DOMAIN`, a bare name or a domain. */
  byName(text: string): Eventually<Principal | undefined> {
    const [domain, name] = split(text);
    if (domain === undefined) return andThen(this.#bare(key(name)), (found) => found ?? this.#unixAccount(name));
    switch (key(domain)) {
      case this.name:
        return this.#local(key(name));
      case key(UNIX_USER):
        return this.#unixUser(name);
      case key(UNIX_GROUP):
        return this.#unixGroup(name);
      default:
        return wellKnownNames.find((known) => key(known.domain) === key(domain) && key(known.name) === key(name));
    }
  }

  /** Looks up a SID; undefined if it is unknown. */
  bySid(sid: Sid): Eventually<Principal | undefined> {
    const known = bySid.get(sid.toString());
    if (known !== undefined) return known;
    if (sid.equals(this.machineSid)) return this.#domain();
    if (isIn(sid, this.machineSid)) return this.#byRid(sid);
    if (isIn(sid, WellKnownSid.unixUser)) {
      return unixPrincipal(sid, UNIX_USER, SidType.User, this.#unix?.userName(sid.rid) ?? String(sid.rid));
    }
    if (isIn(sid, WellKnownSid.unixGroup)) {
      return unixPrincipal(sid, UNIX_GROUP, SidType.Group, this.#unix?.groupName(sid.rid) ?? String(sid.rid));
    }
    return andThen(this.accounts(), (accounts) => this.#user(accounts.find((account) => account.sid.equals(sid))));
  }

  #domain(): Principal {
    return { sid: this.machineSid, domain: this.name, name: '', type: SidType.Domain };
  }

  #builtIn(): Principal[] {
    return [
      { sid: this.guest, domain: this.name, name: 'Guest', type: SidType.User },
      { sid: this.none, domain: this.name, name: 'None', type: SidType.Group },
    ];
  }

  #user(account: LocalAccount | undefined): Principal | undefined {
    return account && { sid: account.sid, domain: this.name, name: account.name, type: SidType.User };
  }

  #byRid(sid: Sid): Eventually<Principal | undefined> {
    return andThen(this.accounts(), (accounts) => {
      const account = this.#user(accounts.find((known) => known.sid.equals(sid)));
      return account ?? this.#builtIn().find((known) => known.sid.equals(sid));
    });
  }

  /** A local account or a well-known principal; `upper` is in upper case. */
  #local(upper: string): Eventually<Principal | undefined> {
    if (upper === '') return this.#domain();
    return andThen(this.#account(upper), (account) => {
      return this.#user(account) ?? this.#builtIn().find((known) => key(known.name) === upper);
    });
  }

  #bare(upper: string): Eventually<Principal | undefined> {
    if (upper === '') return undefined;
    const known = wellKnownNames.find((one) => key(one.name === '' ? one.domain : one.name) === upper);
    if (known !== undefined) return known;
    return upper === this.name ? this.#domain() : this.#local(upper);
  }

  #unixAccount(name: string): Eventually<Principal | undefined> {
    return andThen(this.#unixUser(name), (user) => user ?? this.#unixGroup(name));
  }

  #unixUser(name: string): Eventually<Principal | undefined> {
    return andThen(this.#unix?.uid(name), (uid) => {
      if (uid === undefined || uid === NO_ID) return undefined;
      return { sid: WellKnownSid.unixUser.child(uid), domain: UNIX_USER, name, type: SidType.User };
    });
  }

  #unixGroup(name: string): Eventually<Principal | undefined> {
    return andThen(this.#unix?.gid(name), (gid) => {
      if (gid === undefined || gid === NO_ID) return undefined;
      return { sid: WellKnownSid.unixGroup.child(gid), domain: UNIX_GROUP, name, type: SidType.Group };
    });
  }

  /** Finds an account, ignoring case. A store that cannot list its accounts is asked for this one only. */
  #account(name: string): Eventually<LocalAccount | undefined> {
    const upper = key(name);
    if (this.#accounts.list !== undefined) {
      return andThen(this.accounts(), (accounts) => accounts.find((account) => key(account.name) === upper));
    }
    return andThen(this.#accounts.find(name), (account) => account && this.#numbered([account])[0]);
  }

  // Names that hash to the same RID get consecutive free ones, in name order.
  #numbered(entries: readonly AccountEntry[]): LocalAccount[] {
    const own = entries.map((entry) => (entry.sid === undefined ? undefined : Sid.tryParse(entry.sid)));
    const taken = new Set<number>();
    for (const sid of own) if (sid && isIn(sid, this.machineSid)) taken.add(sid.rid);
    const numbered = entries.map((entry, i) => ({ entry, sid: own[i] }));
    numbered.sort((a, b) => (key(a.entry.name) < key(b.entry.name) ? -1 : 1));
    return numbered.map(({ entry, sid }) => ({
      name: entry.name,
      sid: sid ?? this.machineSid.child(freeRid(entry.name, taken)),
      disabled: entry.disabled === true,
    }));
  }
}

function freeRid(name: string, taken: Set<number>): number {
  let at = (words(`account ${key(name)}`)[0] as number) % RIDS;
  while (taken.has(FIRST_RID + at)) at = (at + 1) % RIDS;
  taken.add(FIRST_RID + at);
  return FIRST_RID + at;
}

/** Whether a SID belongs to a domain. */
function isIn(sid: Sid, domain: Sid): boolean {
  if (sid.identifierAuthority !== domain.identifierAuthority) return false;
  if (sid.subAuthority.length !== domain.subAuthority.length + 1) return false;
  return domain.subAuthority.every((part, i) => part === sid.subAuthority[i]);
}

function split(text: string): [domain: string | undefined, name: string] {
  const back = text.indexOf('\\');
  if (back !== -1) return [text.slice(0, back), text.slice(back + 1)];
  const at = text.lastIndexOf('@');
  return at > 0 ? [text.slice(at + 1), text.slice(0, at)] : [undefined, text];
}

function unixPrincipal(
  sid: Sid,
  domain: string,
  type: number,
  found: Eventually<string | undefined>,
): Eventually<Principal> {
  return andThen(found, (name) => ({ sid, domain, name: name ?? String(sid.rid), type }));
}
