import { Sid } from '../../dtyp/sid.js';
import type { Ndr } from '../ndr.js';
import { HandleRequest, NtResponse } from './messages.js';
import { optionalUnicode } from './policy.js';

/** A privilege: its name, and its [MS-DTYP] 2.3.7 LUID, whose high part is 0. */
export class PrivilegeDefinition {
  name = '';
  luid = 0;

  fields(ndr: Ndr): void {
    ndr.unicode(
      'Name',
      this.name,
      (v) => {
        this.name = v ?? '';
      },
      2,
    );
    this.luid = ndr.u32('LowPart', this.luid);
    ndr.u32('HighPart', 0);
  }
}

/** [MS-LSAD] 3.1.4.8.1 LsarEnumeratePrivileges (opnum 2). */
export class LsarEnumeratePrivilegesResponse extends NtResponse {
  enumerationContext = 0;
  privileges: PrivilegeDefinition[] = [];

  protected override fields(ndr: Ndr): void {
    this.enumerationContext = ndr.u32('EnumerationContext', this.enumerationContext);
    ndr.param(() => {
      const count = ndr.u32('Entries', this.privileges.length);
      ndr.pointer('Privileges', this.privileges.length > 0, () => {
        this.privileges = ndr.array(
          'Privileges',
          count,
          this.privileges,
          () => new PrivilegeDefinition(),
          (item) => item.fields(ndr),
        );
      });
    });
  }
}

/** A request with a name. */
abstract class NameRequest extends HandleRequest {
  name = '';

  protected override fields(ndr: Ndr): void {
    ndr.param(() =>
      ndr.unicode('Name', this.name, (v) => {
        this.name = v ?? '';
      }),
    );
    this.more(ndr);
  }

  protected more(_ndr: Ndr): void {}
}

/** [MS-LSAD] 3.1.4.8.2 LsarLookupPrivilegeValue (opnum 31). */
export class LsarLookupPrivilegeValueRequest extends NameRequest {}
export class LsarLookupPrivilegeValueResponse extends NtResponse {
  luid = 0;

  protected override fields(ndr: Ndr): void {
    this.luid = ndr.u32('LowPart', this.luid);
    ndr.u32('HighPart', 0);
  }
}

/** [MS-LSAD] 3.1.4.8.3 LsarLookupPrivilegeName (opnum 32). */
export class LsarLookupPrivilegeNameRequest extends HandleRequest {
  luid = 0;
  luidHigh = 0;

  protected override fields(ndr: Ndr): void {
    this.luid = ndr.u32('LowPart', this.luid);
    this.luidHigh = ndr.u32('HighPart', this.luidHigh);
  }
}
export class LsarLookupPrivilegeNameResponse extends NtResponse {
  name: string | null = null;

  protected override fields(ndr: Ndr): void {
    this.name = optionalUnicode(ndr, 'Name', this.name, 2);
  }
}

/** [MS-LSAD] 3.1.4.8.4 LsarLookupPrivilegeDisplayName (opnum 33). */
export class LsarLookupPrivilegeDisplayNameRequest extends NameRequest {
  clientLanguage = 0;
  clientSystemDefaultLanguage = 0;

  protected override more(ndr: Ndr): void {
    this.clientLanguage = ndr.u16('ClientLanguage', this.clientLanguage);
    this.clientSystemDefaultLanguage = ndr.u16('ClientSystemDefaultLanguage', this.clientSystemDefaultLanguage);
  }
}
export class LsarLookupPrivilegeDisplayNameResponse extends NtResponse {
  displayName: string | null = null;
  languageReturned = 0;

  protected override fields(ndr: Ndr): void {
    this.displayName = optionalUnicode(ndr, 'DisplayName', this.displayName, 2);
    this.languageReturned = ndr.u16('LanguageReturned', this.languageReturned);
  }
}

/** [MS-LSAD] 3.1.4.5.10 LsarEnumerateAccountRights (opnum 36). */
export class LsarEnumerateAccountRightsRequest extends HandleRequest {
  accountSid: Sid = new Sid();

  protected override fields(ndr: Ndr): void {
    this.accountSid = ndr.sid('AccountSid', this.accountSid);
  }
}
export class LsarEnumerateAccountRightsResponse extends NtResponse {
  userRights: string[] = [];

  protected override fields(ndr: Ndr): void {
    const items = this.userRights.map((name) => ({ name }));
    let read: { name: string }[] = [];
    ndr.param(() => {
      const count = ndr.u32('Entries', items.length);
      ndr.pointer('UserRights', items.length > 0, () => {
        read = ndr.array(
          'UserRights',
          count,
          items,
          () => ({ name: '' }),
          (item) =>
            ndr.unicode('UserRight', item.name, (v) => {
              item.name = v ?? '';
            }),
        );
      });
    });
    this.userRights = read.map(({ name }) => name);
  }
}
