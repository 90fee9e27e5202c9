import type { Layout } from '../../io/layout.js';
import { HandleRequest, NtResponse } from '../lsarpc/messages.js';
import { optionalUnicode } from '../lsarpc/policy.js';
import { Ndr } from '../ndr.js';
import { GROUP_ATTRIBUTES } from './interface.js';

/** [MS-SAMR] 2.2.4.6, 2.2.5.6 SAMPR_GROUP_INFO_BUFFER and SAMPR_ALIAS_INFO_BUFFER: the class determines the fields. */
export class GroupInfo {
  name = '';
  attributes: number = GROUP_ATTRIBUTES;
  memberCount = 0;
  adminComment = '';

  /** `GroupGeneralInformation` and its replicated twin, name, attributes, comment. */
  groupFields(ndr: Ndr, infoClass: number): void {
    const general = infoClass === 1 || infoClass === 5;
    if (general || infoClass === 2) this.#text(ndr, 'Name', 'name');
    if (general || infoClass === 3) this.attributes = ndr.u32('Attributes', this.attributes);
    if (general) this.memberCount = ndr.u32('MemberCount', this.memberCount);
    if (general || infoClass === 4) this.#text(ndr, 'AdminComment', 'adminComment');
  }

  /** `AliasGeneralInformation`, name, comment. */
  aliasFields(ndr: Ndr, infoClass: number): void {
    if (infoClass <= 2) this.#text(ndr, 'Name', 'name');
    if (infoClass === 1) this.memberCount = ndr.u32('MemberCount', this.memberCount);
    if (infoClass !== 2) this.#text(ndr, 'AdminComment', 'adminComment');
  }

  #text(ndr: Ndr, label: string, key: 'name' | 'adminComment'): void {
    ndr.unicode(label, this[key], (v) => {
      this[key] = v ?? '';
    });
  }
}

/** [MS-SAMR] 3.1.5.5.3, 3.1.5.5.4 SamrQueryInformationGroup (opnum 20) and SamrQueryInformationAlias (28). */
export class SamrQueryInformationGroupRequest extends HandleRequest {
  informationClass = 0;

  protected override fields(ndr: Ndr): void {
    this.informationClass = ndr.u16('InformationClass', this.informationClass);
  }
}

abstract class GroupInfoResponse extends NtResponse {
  informationClass = 0;
  /** Null on failure. */
  buffer: GroupInfo | null = null;

  protected override fields(ndr: Ndr): void {
    this.buffer = ndr.optional('Buffer', this.buffer, () => {
      const info = this.buffer ?? new GroupInfo();
      ndr.param(() => {
        this.informationClass = ndr.u16('InformationClass', this.informationClass);
        ndr.io.align(4);
        this.arm(ndr, info);
      });
      return info;
    });
  }

  protected abstract arm(ndr: Ndr, info: GroupInfo): void;
}

export class SamrQueryInformationGroupResponse extends GroupInfoResponse {
  protected override arm(ndr: Ndr, info: GroupInfo): void {
    info.groupFields(ndr, this.informationClass);
  }
}
export class SamrQueryInformationAliasResponse extends GroupInfoResponse {
  protected override arm(ndr: Ndr, info: GroupInfo): void {
    info.aliasFields(ndr, this.informationClass);
  }
}

/** [MS-SAMR] 3.1.5.13.3 SamrGetDomainPasswordInformation (opnum 56). */
export class SamrGetDomainPasswordInformationRequest {
  unused: string | null = null;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    this.unused = optionalUnicode(ndr, 'Unused', this.unused);
  }
}

/** [MS-SAMR] 3.1.5.13.4 SamrGetUserDomainPasswordInformation (opnum 44): its response, and that of opnum 56. */
export class SamrPasswordInformationResponse extends NtResponse {
  minPasswordLength = 0;
  passwordProperties = 0;

  protected override fields(ndr: Ndr): void {
    ndr.io.align(4);
    this.minPasswordLength = ndr.u16('MinPasswordLength', this.minPasswordLength);
    this.passwordProperties = ndr.u32('PasswordProperties', this.passwordProperties);
  }
}

/** Response of a refused creation: neither handle nor RID. */
export class SamrCreateResponse extends NtResponse {
  relativeId = 0;

  protected override fields(ndr: Ndr): void {
    ndr.io.skip('Handle', 20);
    this.relativeId = ndr.u32('RelativeId', this.relativeId);
  }
}

/** [MS-SAMR] 3.1.5.4.4 SamrCreateUser2InDomain (opnum 50), when refused. */
export class SamrCreateUser2Response extends NtResponse {
  grantedAccess = 0;
  relativeId = 0;

  protected override fields(ndr: Ndr): void {
    ndr.io.skip('UserHandle', 20);
    this.grantedAccess = ndr.u32('GrantedAccess', this.grantedAccess);
    this.relativeId = ndr.u32('RelativeId', this.relativeId);
  }
}
