import type { Sid } from '#wire/dtyp/sid.js';
import { SidType } from '#wire/dtyp/sid-type.js';
import { wellKnownNames } from '#wire/dtyp/well-known-names.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { DomainRid, type LocalAccount } from '../../access/principals.js';
import type { ServerCore } from '../../core.js';

/** The account database as a whole. */
export class SamServer {
  readonly kind = 'server';
}

/** A user, group or alias with a RID in a domain. */
export interface Member {
  readonly rid: number;
  readonly name: string;
  /** `SidType`. */
  readonly type: number;
  readonly disabled?: boolean;
}

/** One of the machine's two domains: its accounts, or BUILTIN. */
export abstract class SamDomain {
  abstract readonly name: string;
  abstract readonly sid: Sid;
  abstract users(): Promise<readonly Member[]>;
  abstract groups(): readonly Member[];
  abstract aliases(): readonly Member[];

  /** All members of any type. */
  async members(): Promise<readonly Member[]> {
    return [...(await this.users()), ...this.groups(), ...this.aliases()];
  }
}

/** The domain of the server's accounts. */
export class AccountDomain extends SamDomain {
  readonly name: string;
  readonly sid: Sid;
  readonly #core: ServerCore;

  constructor(core: ServerCore) {
    super();
    this.#core = core;
    this.name = core.principals.name;
    this.sid = core.principals.machineSid;
  }

  /** Accounts with a SID in this domain; others are left out. */
  async users(): Promise<readonly Member[]> {
    const accounts = await this.#core.principals.accounts();
    const own = accounts.filter((account) => isChild(account.sid, this.sid)).map(userOf);
    const guest = { rid: DomainRid.Guest, name: 'Guest', type: SidType.User, disabled: !this.#core.options.guest };
    return own.some(({ rid }) => rid === DomainRid.Guest) ? own : [guest, ...own];
  }

  groups(): readonly Member[] {
    return [{ rid: DomainRid.None, name: 'None', type: SidType.Group }];
  }

  aliases(): readonly Member[] {
    return [];
  }
}

function userOf({ sid, name, disabled }: LocalAccount): Member {
  return { rid: sid.rid, name, type: SidType.User, disabled };
}

/** BUILTIN, limited to groups that can have members. */
export class BuiltinDomain extends SamDomain {
  readonly name = 'Builtin';
  readonly sid: Sid = WellKnownSid.builtin;

  async users(): Promise<readonly Member[]> {
    return [];
  }

  groups(): readonly Member[] {
    return [];
  }

  aliases(): readonly Member[] {
    return wellKnownNames
      .filter(({ sid }) => isChild(sid, this.sid))
      .map(({ sid, name, type }) => ({ rid: sid.rid, name, type }));
  }
}

/** An open user, group or alias. */
export class SamUser {
  readonly member: Member;
  readonly domain: SamDomain;
  constructor(domain: SamDomain, member: Member) {
    this.domain = domain;
    this.member = member;
  }
}
export class SamGroup extends SamUser {
  readonly kind = 'group';
}
export class SamAlias extends SamUser {
  readonly kind = 'alias';
}

/** The domain with this SID; NoSuchDomain for others. */
export function domainOf(core: ServerCore, sid: Sid): SamDomain {
  if (sid.equals(core.principals.machineSid)) return new AccountDomain(core);
  if (sid.equals(WellKnownSid.builtin)) return new BuiltinDomain();
  throw new StatusError(NtStatus.NoSuchDomain);
}

function isChild(sid: Sid, domain: Sid): boolean {
  return sid.subAuthority.length === domain.subAuthority.length + 1 && domain.child(sid.rid).equals(sid);
}

/** SIDs of the members of a BUILTIN group. */
export async function aliasMembers(core: ServerCore, rid: number): Promise<Sid[]> {
  const { principals, options } = core;
  const accounts = await principals.accounts();
  const administrators = new Set((options.administrators ?? []).map((name) => name.toUpperCase()));
  switch (rid) {
    case WellKnownSid.administrators.rid:
      return accounts.filter(({ name }) => administrators.has(name.toUpperCase())).map(({ sid }) => sid);
    case WellKnownSid.users.rid:
      return accounts.map(({ sid }) => sid);
    case WellKnownSid.guests.rid:
      return [principals.guest];
    default:
      return [];
  }
}
