import type { Sid } from '#wire/dtyp/sid.js';
import { SidType } from '#wire/dtyp/sid-type.js';
import { wellKnownNames } from '#wire/dtyp/well-known-names.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { DomainRid, type LocalAccount } from '../../access/principals.js';
import type { ServerCore } from '../../core.js';

/** The account database as such. */
export class SamServer {
  readonly kind = 'server';
}

/** Somebody or something with a number in a domain. */
export interface Member {
  readonly rid: number;
  readonly name: string;
  /** `SidType`. */
  readonly type: number;
  readonly disabled?: boolean;
}

/** One of the two domains of a machine: its own accounts, and what every machine has. */
export abstract class SamDomain {
  abstract readonly name: string;
  abstract readonly sid: Sid;
  abstract users(): Promise<readonly Member[]>;
  abstract groups(): readonly Member[];
  abstract aliases(): readonly Member[];

  /** All members, whatever they are. */
  async members(): Promise<readonly Member[]> {
    return [...(await this.users()), ...this.groups(), ...this.aliases()];
  }
}

/** The accounts of the server. */
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

  /** Those that are numbered here: an account with a SID of elsewhere is not. */
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

/** BUILTIN, as far as somebody can be in its groups. */
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

/** An opened user, group or alias. */
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

/** The domain of a SID; NoSuchDomain for others. */
export function domainOf(core: ServerCore, sid: Sid): SamDomain {
  if (sid.equals(core.principals.machineSid)) return new AccountDomain(core);
  if (sid.equals(WellKnownSid.builtin)) return new BuiltinDomain();
  throw new StatusError(NtStatus.NoSuchDomain);
}

function isChild(sid: Sid, domain: Sid): boolean {
  return sid.subAuthority.length === domain.subAuthority.length + 1 && domain.child(sid.rid).equals(sid);
}

/** The SIDs in one of the groups of BUILTIN. */
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
