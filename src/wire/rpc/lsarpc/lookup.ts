import { Sid } from '../../dtyp/sid.js';
import { sidTypeNames } from '../../dtyp/sid-type.js';
import type { Ndr } from '../ndr.js';
import { HandleRequest, NtResponse } from './messages.js';

/** [MS-LSAT] 2.2.12 LSAPR_TRUST_INFORMATION: a domain. */
export class TrustInformation {
  name = '';
  sid: Sid | null = null;

  fields(ndr: Ndr): void {
    ndr.unicode(
      'Name',
      this.name,
      (v) => {
        this.name = v ?? '';
      },
      2,
    );
    ndr.sidPointer('Sid', this.sid, (v) => {
      this.sid = v;
    });
  }
}

const MAX_ENTRIES = 32;

/** [MS-LSAT] 2.2.12 LSAPR_REFERENCED_DOMAIN_LIST: a pointer to it, which is null on failure. */
function domainList(ndr: Ndr, v: TrustInformation[] | null): TrustInformation[] | null {
  return ndr.optional('ReferencedDomains', v, () => {
    let read: TrustInformation[] = [];
    ndr.param(() => {
      const count = ndr.u32('Entries', v?.length ?? 0);
      ndr.pointer('Domains', (v?.length ?? 0) > 0, () => {
        read = ndr.array(
          'Domains',
          count,
          v ?? [],
          () => new TrustInformation(),
          (item) => item.fields(ndr),
        );
      });
      ndr.u32('MaxEntries', MAX_ENTRIES);
    });
    return read;
  });
}

/** A count and a pointer to that many elements. */
function counted<T>(ndr: Ndr, name: string, v: T[], make: () => T, element: (item: T) => void): T[] {
  let read: T[] = [];
  ndr.param(() => {
    const count = ndr.u32('Entries', v.length);
    ndr.pointer(name, v.length > 0, () => {
      read = ndr.array(name, count, v, make, element);
    });
  });
  return read;
}

/** A name's SID: [MS-LSAT] 2.2.14, 2.2.22, 2.2.24 LSA_TRANSLATED_SID, LSAPR_TRANSLATED_SID_EX and _EX2. */
export class TranslatedSid {
  use = 8;
  relativeId = 0;
  /** Only in the third form. */
  sid: Sid | null = null;
  domainIndex = -1;
  flags = 0;

  fields(ndr: Ndr, form: number): void {
    this.use = ndr.u16('Use', this.use, sidTypeNames);
    if (form === 3) {
      ndr.sidPointer('Sid', this.sid, (v) => {
        this.sid = v;
      });
    } else {
      this.relativeId = ndr.u32('RelativeId', this.relativeId);
    }
    this.domainIndex = ndr.i32('DomainIndex', this.domainIndex);
    if (form > 1) this.flags = ndr.u32('Flags', this.flags);
  }
}

/** A SID's name: [MS-LSAT] 2.2.19, 2.2.21 LSAPR_TRANSLATED_NAME and _EX. */
export class TranslatedName {
  use = 8;
  name: string | null = null;
  domainIndex = -1;
  flags = 0;

  fields(ndr: Ndr, form: number): void {
    this.use = ndr.u16('Use', this.use, sidTypeNames);
    ndr.unicode('Name', this.name, (v) => {
      this.name = v;
    });
    this.domainIndex = ndr.i32('DomainIndex', this.domainIndex);
    if (form > 1) this.flags = ndr.u32('Flags', this.flags);
  }
}

abstract class LookupNamesRequest extends HandleRequest {
  names: (string | null)[] = [];
  lookupLevel = 1;
  mappedCount = 0;
  lookupOptions = 0;
  clientRevision = 0;
  protected abstract readonly form: number;

  protected override fields(ndr: Ndr): void {
    const { form } = this;
    const count = ndr.u32('Count', this.names.length);
    const items = this.names.map((name): { name: string | null } => ({ name }));
    let read = items;
    ndr.param(() => {
      read = ndr.array(
        'Names',
        count,
        items,
        (): { name: string | null } => ({ name: null }),
        (item) =>
          ndr.unicode('Name', item.name, (v) => {
            item.name = v;
          }),
      );
    });
    this.names = read.map(({ name }) => name);
    counted(
      ndr,
      'TranslatedSids',
      [],
      () => new TranslatedSid(),
      (item) => item.fields(ndr, form),
    );
    this.lookupLevel = ndr.u16('LookupLevel', this.lookupLevel);
    this.mappedCount = ndr.u32('MappedCount', this.mappedCount);
    if (form === 1) return;
    this.lookupOptions = ndr.u32('LookupOptions', this.lookupOptions);
    this.clientRevision = ndr.u32('ClientRevision', this.clientRevision);
  }
}

abstract class LookupNamesResponse extends NtResponse {
  referencedDomains: TrustInformation[] | null = null;
  translatedSids: TranslatedSid[] = [];
  mappedCount = 0;
  protected abstract readonly form: number;

  protected override fields(ndr: Ndr): void {
    const { form } = this;
    this.referencedDomains = domainList(ndr, this.referencedDomains);
    this.translatedSids = counted(
      ndr,
      'TranslatedSids',
      this.translatedSids,
      () => new TranslatedSid(),
      (item) => item.fields(ndr, form),
    );
    this.mappedCount = ndr.u32('MappedCount', this.mappedCount);
  }
}

/** [MS-LSAT] 3.1.4.8 LsarLookupNames (opnum 14). */
export class LsarLookupNamesRequest extends LookupNamesRequest {
  protected readonly form = 1;
}
export class LsarLookupNamesResponse extends LookupNamesResponse {
  protected readonly form = 1;
}

/** [MS-LSAT] 3.1.4.7 LsarLookupNames2 (opnum 58). */
export class LsarLookupNames2Request extends LookupNamesRequest {
  protected readonly form = 2;
}
export class LsarLookupNames2Response extends LookupNamesResponse {
  protected readonly form = 2;
}

/** [MS-LSAT] 3.1.4.6 LsarLookupNames3 (opnum 68). */
export class LsarLookupNames3Request extends LookupNamesRequest {
  protected readonly form = 3;
}
export class LsarLookupNames3Response extends LookupNamesResponse {
  protected readonly form = 3;
}

/** [MS-LSAT] 2.2.18 LSAPR_SID_ENUM_BUFFER. */
export function sidList(ndr: Ndr, name: string, v: readonly Sid[]): Sid[] {
  const items = v.map((sid): { sid: Sid | null } => ({ sid }));
  const read = counted(
    ndr,
    name,
    items,
    () => ({ sid: null }),
    (item) =>
      ndr.sidPointer('Sid', item.sid, (sid) => {
        item.sid = sid;
      }),
  );
  return read.map(({ sid }) => sid ?? new Sid());
}

abstract class LookupSidsRequest extends HandleRequest {
  sids: Sid[] = [];
  lookupLevel = 1;
  mappedCount = 0;
  lookupOptions = 0;
  clientRevision = 0;
  protected abstract readonly form: number;

  protected override fields(ndr: Ndr): void {
    const { form } = this;
    this.sids = sidList(ndr, 'SidEnumBuffer', this.sids);
    counted(
      ndr,
      'TranslatedNames',
      [],
      () => new TranslatedName(),
      (item) => item.fields(ndr, form),
    );
    this.lookupLevel = ndr.u16('LookupLevel', this.lookupLevel);
    this.mappedCount = ndr.u32('MappedCount', this.mappedCount);
    if (form === 1) return;
    this.lookupOptions = ndr.u32('LookupOptions', this.lookupOptions);
    this.clientRevision = ndr.u32('ClientRevision', this.clientRevision);
  }
}

abstract class LookupSidsResponse extends NtResponse {
  referencedDomains: TrustInformation[] | null = null;
  translatedNames: TranslatedName[] = [];
  mappedCount = 0;
  protected abstract readonly form: number;

  protected override fields(ndr: Ndr): void {
    const { form } = this;
    this.referencedDomains = domainList(ndr, this.referencedDomains);
    this.translatedNames = counted(
      ndr,
      'TranslatedNames',
      this.translatedNames,
      () => new TranslatedName(),
      (item) => item.fields(ndr, form),
    );
    this.mappedCount = ndr.u32('MappedCount', this.mappedCount);
  }
}

/** [MS-LSAT] 3.1.4.11 LsarLookupSids (opnum 15). */
export class LsarLookupSidsRequest extends LookupSidsRequest {
  protected readonly form = 1;
}
export class LsarLookupSidsResponse extends LookupSidsResponse {
  protected readonly form = 1;
}

/** [MS-LSAT] 3.1.4.10 LsarLookupSids2 (opnum 57). */
export class LsarLookupSids2Request extends LookupSidsRequest {
  protected readonly form = 2;
}
export class LsarLookupSids2Response extends LookupSidsResponse {
  protected readonly form = 2;
}

/** [MS-LSAD] 3.1.4.5.2, 3.1.4.7.8 LsarEnumerateAccounts (opnum 11) and LsarEnumerateTrustedDomains (13). */
export class LsarEnumerateRequest extends HandleRequest {
  enumerationContext = 0;
  preferedMaximumLength = 0;

  protected override fields(ndr: Ndr): void {
    this.enumerationContext = ndr.u32('EnumerationContext', this.enumerationContext);
    this.preferedMaximumLength = ndr.u32('PreferedMaximumLength', this.preferedMaximumLength);
  }
}
export class LsarEnumerateAccountsResponse extends NtResponse {
  enumerationContext = 0;
  sids: Sid[] = [];

  protected override fields(ndr: Ndr): void {
    this.enumerationContext = ndr.u32('EnumerationContext', this.enumerationContext);
    this.sids = sidList(ndr, 'EnumerationBuffer', this.sids);
  }
}
export class LsarEnumerateTrustedDomainsResponse extends NtResponse {
  enumerationContext = 0;
  domains: TrustInformation[] = [];

  protected override fields(ndr: Ndr): void {
    this.enumerationContext = ndr.u32('EnumerationContext', this.enumerationContext);
    this.domains = counted(
      ndr,
      'EnumerationBuffer',
      this.domains,
      () => new TrustInformation(),
      (item) => item.fields(ndr),
    );
  }
}

/** [MS-LSAD] 3.1.4.5.3 LsarEnumerateAccountsWithUserRight (opnum 35). */
export class LsarEnumerateAccountsWithUserRightResponse extends NtResponse {
  sids: Sid[] = [];

  protected override fields(ndr: Ndr): void {
    this.sids = sidList(ndr, 'EnumerationBuffer', this.sids);
  }
}
