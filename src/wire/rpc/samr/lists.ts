import type { Sid } from '../../dtyp/sid.js';
import { sidTypeNames } from '../../dtyp/sid-type.js';
import { sidList } from '../lsarpc/lookup.js';
import { HandleRequest, NtResponse } from '../lsarpc/messages.js';
import type { Ndr } from '../ndr.js';
import { GROUP_ATTRIBUTES, UserAccount, userAccountNames } from './interface.js';

/** [MS-SAMR] 2.2.3.9 SAMPR_RID_ENUMERATION: a name with its RID. */
export class RidEnumeration {
  relativeId = 0;
  name = '';

  static of(relativeId: number, name: string): RidEnumeration {
    return Object.assign(new RidEnumeration(), { relativeId, name });
  }

  fields(ndr: Ndr): void {
    this.relativeId = ndr.u32('RelativeId', this.relativeId);
    ndr.unicode('Name', this.name, (v) => {
      this.name = v ?? '';
    });
  }
}

/** [MS-SAMR] 3.1.5.2 SamrEnumerateDomainsInSamServer (opnum 6), SamrEnumerateGroupsInDomain (11), SamrEnumerateAliasesInDomain (15). */
export class SamrEnumerateRequest extends HandleRequest {
  enumerationContext = 0;
  preferedMaximumLength = 0;

  protected override fields(ndr: Ndr): void {
    this.enumerationContext = ndr.u32('EnumerationContext', this.enumerationContext);
    this.filter(ndr);
    this.preferedMaximumLength = ndr.u32('PreferedMaximumLength', this.preferedMaximumLength);
  }

  protected filter(_ndr: Ndr): void {}
}

/** [MS-SAMR] 3.1.5.2.5 SamrEnumerateUsersInDomain (opnum 13). */
export class SamrEnumerateUsersRequest extends SamrEnumerateRequest {
  userAccountControl = 0;

  protected override filter(ndr: Ndr): void {
    this.userAccountControl = ndr.flags32('UserAccountControl', this.userAccountControl, userAccountNames);
  }
}

export class SamrEnumerateResponse extends NtResponse {
  enumerationContext = 0;
  /** Null on failure. */
  buffer: RidEnumeration[] | null = null;
  countReturned = 0;

  protected override fields(ndr: Ndr): void {
    this.enumerationContext = ndr.u32('EnumerationContext', this.enumerationContext);
    this.buffer = ndr.optional('Buffer', this.buffer, () => {
      const entries = this.buffer ?? [];
      let read: RidEnumeration[] = [];
      ndr.param(() => {
        const count = ndr.u32('EntriesRead', entries.length);
        ndr.pointer('Buffer', true, () => {
          read = ndr.array(
            'Buffer',
            count,
            entries,
            () => new RidEnumeration(),
            (item) => item.fields(ndr),
          );
        });
      });
      return read;
    });
    this.countReturned = ndr.u32('CountReturned', this.countReturned);
  }
}

/** [MS-SAMR] 2.2.3.4 SAMPR_ULONG_ARRAY. */
function numbers(ndr: Ndr, name: string, v: readonly number[]): number[] {
  const items = v.map((value) => ({ value }));
  let read: { value: number }[] = [];
  ndr.param(() => {
    const count = ndr.u32('Count', items.length);
    ndr.pointer(name, items.length > 0, () => {
      read = ndr.array(
        name,
        count,
        items,
        () => ({ value: 0 }),
        (item) => {
          item.value = ndr.u32('Element', item.value, name === 'Use' ? sidTypeNames : undefined);
        },
      );
    });
  });
  return read.map(({ value }) => value);
}

/** [MS-SAMR] 3.1.5.9.2 SamrGetAliasMembership (opnum 16). */
export class SamrGetAliasMembershipRequest extends HandleRequest {
  sids: Sid[] = [];

  protected override fields(ndr: Ndr): void {
    this.sids = sidList(ndr, 'SidArray', this.sids);
  }
}
export class SamrGetAliasMembershipResponse extends NtResponse {
  membership: number[] = [];

  protected override fields(ndr: Ndr): void {
    this.membership = numbers(ndr, 'Membership', this.membership);
  }
}

/** Maximum number of items in these two requests, sent as the arrays' MaximumCount. */
const MOST_LOOKUPS = 1000;

/** [MS-SAMR] 3.1.5.11.2 SamrLookupNamesInDomain (opnum 17). */
export class SamrLookupNamesRequest extends HandleRequest {
  names: string[] = [];

  protected override fields(ndr: Ndr): void {
    const count = ndr.u32('Count', this.names.length);
    const items = this.names.map((name) => ({ name }));
    let read = items;
    ndr.u32('MaximumCount', MOST_LOOKUPS);
    ndr.u32('Offset', 0);
    ndr.param(() => {
      read = ndr.array(
        'Names',
        count,
        items,
        () => ({ name: '' }),
        (item) =>
          ndr.unicode('Name', item.name, (v) => {
            item.name = v ?? '';
          }),
      );
    });
    this.names = read.map(({ name }) => name);
  }
}
export class SamrLookupNamesResponse extends NtResponse {
  relativeIds: number[] = [];
  use: number[] = [];

  protected override fields(ndr: Ndr): void {
    this.relativeIds = numbers(ndr, 'RelativeIds', this.relativeIds);
    this.use = numbers(ndr, 'Use', this.use);
  }
}

/** [MS-SAMR] 3.1.5.11.3 SamrLookupIdsInDomain (opnum 18). */
export class SamrLookupIdsRequest extends HandleRequest {
  relativeIds: number[] = [];

  protected override fields(ndr: Ndr): void {
    const count = ndr.u32('Count', this.relativeIds.length);
    const items = this.relativeIds.map((value) => ({ value }));
    ndr.u32('MaximumCount', MOST_LOOKUPS);
    ndr.u32('Offset', 0);
    const read = ndr.array(
      'RelativeIds',
      count,
      items,
      () => ({ value: 0 }),
      (item) => {
        item.value = ndr.u32('RelativeId', item.value);
      },
    );
    this.relativeIds = read.map(({ value }) => value);
  }
}
export class SamrLookupIdsResponse extends NtResponse {
  names: string[] = [];
  use: number[] = [];

  protected override fields(ndr: Ndr): void {
    const items = this.names.map((name) => ({ name }));
    let read: { name: string }[] = [];
    ndr.param(() => {
      const count = ndr.u32('Count', items.length);
      ndr.pointer('Names', items.length > 0, () => {
        read = ndr.array(
          'Names',
          count,
          items,
          () => ({ name: '' }),
          (item) =>
            ndr.unicode('Name', item.name === '' ? null : item.name, (v) => {
              item.name = v ?? '';
            }),
        );
      });
    });
    this.names = read.map(({ name }) => name);
    this.use = numbers(ndr, 'Use', this.use);
  }
}

/** [MS-SAMR] 3.1.5.8.3 SamrGetMembersInAlias (opnum 33). */
export class SamrGetMembersInAliasResponse extends NtResponse {
  members: Sid[] = [];

  protected override fields(ndr: Ndr): void {
    this.members = sidList(ndr, 'Members', this.members);
  }
}

/** [MS-SAMR] 3.1.5.9.1 SamrGetGroupsForUser (opnum 39). */
export class SamrGetGroupsForUserResponse extends NtResponse {
  /** Null on failure. */
  groups: number[] | null = null;

  protected override fields(ndr: Ndr): void {
    this.groups = ndr.optional('Groups', this.groups, () => {
      const items = (this.groups ?? []).map((rid) => ({ rid }));
      let read: { rid: number }[] = [];
      ndr.param(() => {
        const count = ndr.u32('MembershipCount', items.length);
        ndr.pointer('Groups', items.length > 0, () => {
          read = ndr.array(
            'Groups',
            count,
            items,
            () => ({ rid: 0 }),
            (item) => {
              item.rid = ndr.u32('RelativeId', item.rid);
              ndr.u32('Attributes', GROUP_ATTRIBUTES);
            },
          );
        });
      });
      return read.map(({ rid }) => rid);
    });
  }
}

/** [MS-SAMR] 3.1.5.8.3 SamrGetMembersInGroup (opnum 25). */
export class SamrGetMembersInGroupResponse extends NtResponse {
  /** Null on failure. */
  members: number[] | null = null;

  protected override fields(ndr: Ndr): void {
    this.members = ndr.optional('Members', this.members, () => {
      const items = (this.members ?? []).map((rid) => ({ rid }));
      let read: { rid: number }[] = [];
      ndr.param(() => {
        const count = ndr.u32('MemberCount', items.length);
        ndr.pointer('Members', items.length > 0, () => {
          read = ndr.array(
            'Members',
            count,
            items,
            () => ({ rid: 0 }),
            (item) => {
              item.rid = ndr.u32('Member', item.rid);
            },
          );
        });
        ndr.pointer('Attributes', items.length > 0, () => {
          ndr.array(
            'Attributes',
            count,
            items,
            () => ({ rid: 0 }),
            () => {
              ndr.u32('Attribute', GROUP_ATTRIBUTES);
            },
          );
        });
      });
      return read.map(({ rid }) => rid);
    });
  }
}

/** [MS-SAMR] 2.2.7 SAMPR_DISPLAY_INFO_BUFFER: one entry; the level determines the fields. */
export class DisplayEntry {
  index = 0;
  rid = 0;
  attributes: number = UserAccount.NormalAccount;
  accountName = '';
  adminComment = '';
  fullName = '';

  fields(ndr: Ndr, level: number): void {
    this.index = ndr.u32('Index', this.index);
    if (level >= 4) return this.#oem(ndr);
    this.rid = ndr.u32('Rid', this.rid);
    this.attributes = ndr.u32('AccountControl', this.attributes);
    this.#text(ndr, 'AccountName', 'accountName');
    this.#text(ndr, 'AdminComment', 'adminComment');
    if (level === 1) this.#text(ndr, 'FullName', 'fullName');
  }

  #text(ndr: Ndr, label: string, key: 'accountName' | 'adminComment' | 'fullName'): void {
    ndr.unicode(label, this[key], (v) => {
      this[key] = v ?? '';
    });
  }

  /** [MS-DTYP] RPC_STRING with one byte per character; anything but ASCII becomes a question mark. */
  #oem(ndr: Ndr): void {
    const bytes = Uint8Array.from(this.accountName, (char) => (char < '\x80' ? char.charCodeAt(0) : 0x3f));
    ndr.io.align(4);
    const length = ndr.u16('Length', bytes.length);
    ndr.u16('MaximumLength', bytes.length);
    ndr.pointer('Buffer', true, () => {
      ndr.u32('MaximumCount', bytes.length);
      ndr.u32('Offset', 0);
      const read = ndr.bytes('Buffer', length, bytes);
      this.accountName = String.fromCharCode(...read);
    });
  }
}

/** [MS-SAMR] 3.1.5.3.1 to 3.1.5.3.3 SamrQueryDisplayInformation (opnum 40), its second (48) and third (51) form. */
export class SamrQueryDisplayInformationRequest extends HandleRequest {
  displayInformationClass = 1;
  index = 0;
  entryCount = 0;
  preferredMaximumLength = 0;

  protected override fields(ndr: Ndr): void {
    this.displayInformationClass = ndr.u16('DisplayInformationClass', this.displayInformationClass);
    this.index = ndr.u32('Index', this.index);
    this.entryCount = ndr.u32('EntryCount', this.entryCount);
    this.preferredMaximumLength = ndr.u32('PreferredMaximumLength', this.preferredMaximumLength);
  }
}
export class SamrQueryDisplayInformationResponse extends NtResponse {
  totalAvailable = 0;
  totalReturned = 0;
  displayInformationClass = 1;
  entries: DisplayEntry[] = [];

  protected override fields(ndr: Ndr): void {
    this.totalAvailable = ndr.u32('TotalAvailable', this.totalAvailable);
    this.totalReturned = ndr.u32('TotalReturned', this.totalReturned);
    ndr.param(() => {
      this.displayInformationClass = ndr.u16('DisplayInformationClass', this.displayInformationClass);
      const level = this.displayInformationClass;
      if (level < 1 || level > 5) return;
      const count = ndr.u32('EntriesRead', this.entries.length);
      ndr.pointer('Buffer', this.entries.length > 0, () => {
        this.entries = ndr.array(
          'Buffer',
          count,
          this.entries,
          () => new DisplayEntry(),
          (item) => item.fields(ndr, level),
        );
      });
    });
  }
}
