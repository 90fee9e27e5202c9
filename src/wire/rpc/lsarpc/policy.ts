import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import type { Sid } from '../../dtyp/sid.js';
import type { Layout } from '../../io/layout.js';
import { Ndr } from '../ndr.js';
import { PolicyInfoClass } from './interface.js';
import { HandleRequest, HandleResponse, NtResponse } from './messages.js';

/** [MS-LSAD] 2.2.2.4 LSAPR_OBJECT_ATTRIBUTES: all of it is ignored, including what its pointers refer to. */
class ObjectAttributes {
  layout(io: Layout): void {
    const ndr = new Ndr(io);
    ndr.param(() => {
      ndr.u32('Length', 24);
      ndr.pointer('RootDirectory', false, () => {
        ndr.u8('RootDirectory', 0);
      });
      ndr.stringPointer('ObjectName', null, () => undefined);
      ndr.u32('Attributes', 0);
      ndr.pointer('SecurityDescriptor', false, () => undefined);
      ndr.pointer('SecurityQualityOfService', false, () => {
        ndr.u32('Length', 12);
        ndr.u16('ImpersonationLevel', 2);
        ndr.u8('ContextTrackingMode', 1);
        ndr.u8('EffectiveOnly', 0);
      });
    });
  }
}

/** [MS-LSAD] 3.1.4.4.1, 3.1.4.4.2 LsarOpenPolicy2 (opnum 44) and LsarOpenPolicy (6). */
export class LsarOpenPolicy2Request {
  systemName: string | null = null;
  desiredAccess = 0;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    this.systemName = this.name(ndr);
    io.struct('ObjectAttributes', new ObjectAttributes());
    this.desiredAccess = ndr.u32('DesiredAccess', this.desiredAccess);
  }

  protected name(ndr: Ndr): string | null {
    return ndr.optionalString('SystemName', this.systemName);
  }
}

/** Here the name is a single character, because the IDL lacks [string]. */
export class LsarOpenPolicyRequest extends LsarOpenPolicy2Request {
  protected override name(ndr: Ndr): string | null {
    const unit = this.systemName === null ? null : this.systemName.charCodeAt(0);
    const read = ndr.optional('SystemName', unit, () => ndr.u16('SystemName', unit ?? 0));
    return read === null ? null : String.fromCharCode(read);
  }
}
export class LsarOpenPolicyResponse extends HandleResponse {}

/** [MS-LSAD] 3.1.4.9.4 LsarClose (opnum 0). */
export class LsarCloseRequest extends HandleRequest {}
export class LsarCloseResponse extends HandleResponse {}

/** [MS-LSAD] 2.2.4 LSAPR_POLICY_INFORMATION: the class determines the fields. */
export class PolicyInformation {
  name: string | null = null;
  dnsDomainName: string | null = null;
  dnsForestName: string | null = null;
  domainGuid: Guid = NIL_GUID;
  sid: Sid | null = null;
  /** POLICY_LSA_SERVER_ROLE: 3 is primary. */
  role = 3;
  auditingMode = 0;

  fields(ndr: Ndr, infoClass: number): void {
    switch (infoClass) {
      case PolicyInfoClass.AuditEvents:
        return this.#audit(ndr);
      case PolicyInfoClass.ServerRole:
        this.role = ndr.u32('LsaServerRole', this.role);
        return;
      case PolicyInfoClass.DnsDomain:
      case PolicyInfoClass.DnsDomainInt:
        return this.#dns(ndr);
      default:
        this.#text(ndr, 'Name', 'name');
        this.#sid(ndr);
    }
  }

  #audit(ndr: Ndr): void {
    this.auditingMode = ndr.u8('AuditingMode', this.auditingMode);
    ndr.pointer('EventAuditingOptions', false, () => undefined);
    ndr.u32('MaximumAuditEventCount', 0);
  }

  #dns(ndr: Ndr): void {
    this.#text(ndr, 'Name', 'name');
    this.#text(ndr, 'DnsDomainName', 'dnsDomainName');
    this.#text(ndr, 'DnsForestName', 'dnsForestName');
    this.domainGuid = ndr.guid('DomainGuid', this.domainGuid);
    this.#sid(ndr);
  }

  #sid(ndr: Ndr): void {
    ndr.sidPointer('Sid', this.sid, (v) => {
      this.sid = v;
    });
  }

  #text(ndr: Ndr, label: string, key: 'name' | 'dnsDomainName' | 'dnsForestName'): void {
    ndr.unicode(
      label,
      this[key],
      (v) => {
        this[key] = v;
      },
      2,
    );
  }
}

const CLASSES: readonly number[] = Object.values(PolicyInfoClass);

/** [MS-LSAD] 3.1.4.4.3, 3.1.4.4.4 LsarQueryInformationPolicy2 (opnum 46) and LsarQueryInformationPolicy (7). */
export class LsarQueryInformationPolicyRequest extends HandleRequest {
  informationClass = 0;

  protected override fields(ndr: Ndr): void {
    this.informationClass = ndr.u16('InformationClass', this.informationClass);
  }
}
export class LsarQueryInformationPolicyResponse extends NtResponse {
  informationClass = 0;
  /** Null on failure. */
  information: PolicyInformation | null = null;

  protected override fields(ndr: Ndr): void {
    this.information = ndr.optional('PolicyInformation', this.information, () => {
      const information = this.information ?? new PolicyInformation();
      ndr.param(() => {
        this.informationClass = ndr.u16('InformationClass', this.informationClass);
        ndr.io.align(4);
        if (CLASSES.includes(this.informationClass)) information.fields(ndr, this.informationClass);
      });
      return information;
    });
  }
}

/** [MS-LSAT] 3.1.4.4 LsarGetUserName (opnum 45). */
export class LsarGetUserNameRequest {
  systemName: string | null = null;
  /** Absent or empty in requests, where only whether the domain is requested matters. */
  userName: string | null = null;
  domainAsked = false;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    this.systemName = ndr.optionalString('SystemName', this.systemName);
    this.userName = optionalUnicode(ndr, 'UserName', this.userName);
    const asked = ndr.optional('DomainName', this.domainAsked || null, () => {
      optionalUnicode(ndr, 'DomainName', null);
      return true;
    });
    this.domainAsked = asked === true;
  }
}
export class LsarGetUserNameResponse extends NtResponse {
  userName: string | null = null;
  /** Null if it was not requested. */
  domainName: string | null = null;

  protected override fields(ndr: Ndr): void {
    this.userName = optionalUnicode(ndr, 'UserName', this.userName);
    this.domainName = ndr.optional('DomainName', this.domainName, () =>
      optionalUnicode(ndr, 'DomainName', this.domainName),
    );
  }
}

/** A unique pointer to an RPC_UNICODE_STRING. */
export function optionalUnicode(ndr: Ndr, name: string, v: string | null, spare = 0): string | null {
  return ndr.optional(name, v, () => {
    let text = '';
    ndr.param(() =>
      ndr.unicode(
        name,
        v,
        (read) => {
          text = read ?? '';
        },
        spare,
      ),
    );
    return text;
  });
}

/** [MS-LSAD] 3.1.4.9.1 LsarQuerySecurityObject (opnum 3). */
export class LsarQuerySecurityObjectRequest extends HandleRequest {
  securityInformation = 0;

  protected override fields(ndr: Ndr): void {
    this.securityInformation = ndr.u32('SecurityInformation', this.securityInformation);
  }
}
export class LsarQuerySecurityObjectResponse extends NtResponse {
  /** Self-relative; null on failure. */
  securityDescriptor: Uint8Array | null = null;

  protected override fields(ndr: Ndr): void {
    this.securityDescriptor = ndr.optional('SecurityDescriptor', this.securityDescriptor, () => {
      const bytes = this.securityDescriptor ?? new Uint8Array(0);
      let read = bytes;
      ndr.param(() => {
        const length = ndr.u32('Length', bytes.length);
        ndr.pointer('SecurityDescriptor', true, () => {
          read = ndr.bytes('SecurityDescriptor', length, bytes);
        });
      });
      return read;
    });
  }
}
