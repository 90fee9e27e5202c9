import { HandleRequest, NtResponse } from '../lsarpc/messages.js';
import type { Ndr } from '../ndr.js';

const CLASSES: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13];

/** Whether `DomainInfo` supports the class. */
export function isDomainInfoClass(infoClass: number): boolean {
  return CLASSES.includes(infoClass);
}

/** [MS-SAMR] 2.2.3 SAMPR_DOMAIN_INFO_BUFFER: the class determines the fields. */
export class DomainInfo {
  minPasswordLength = 0;
  passwordHistoryLength = 0;
  passwordProperties = 0;
  /** A negative number is an interval; the smallest possible one means "never". */
  maxPasswordAge: bigint = 1n << 63n;
  minPasswordAge = 0n;
  forceLogoff = 0xffff_ffff_ffff_ffffn;
  oemInformation = '';
  domainName = '';
  replicaSourceNodeName = '';
  domainModifiedCount = 0n;
  creationTime = 0n;
  domainServerState = 1;
  domainServerRole = 3;
  uasCompatibilityRequired = 1;
  userCount = 0;
  groupCount = 0;
  aliasCount = 0;
  lockoutDuration: bigint = 1n << 63n;
  lockoutObservationWindow: bigint = 1n << 63n;
  lockoutThreshold = 0;

  fields(ndr: Ndr, infoClass: number): void {
    switch (infoClass) {
      case 1:
        return this.#password(ndr);
      case 2:
        return this.#general(ndr);
      case 3:
        this.forceLogoff = ndr.halves64('ForceLogoff', this.forceLogoff);
        return;
      case 4:
        return this.#text(ndr, 'OemInformation', 'oemInformation');
      case 5:
        return this.#text(ndr, 'DomainName', 'domainName');
      case 6:
        return this.#text(ndr, 'ReplicaSourceNodeName', 'replicaSourceNodeName');
      case 7:
        this.domainServerRole = ndr.u32('DomainServerRole', this.domainServerRole);
        return;
      case 9:
        this.domainServerState = ndr.u32('DomainServerState', this.domainServerState);
        return;
      case 11:
        this.#general(ndr);
        return this.#lockout(ndr);
      case 12:
        return this.#lockout(ndr);
      default:
        return this.#modified(ndr, infoClass);
    }
  }

  #password(ndr: Ndr): void {
    this.minPasswordLength = ndr.u16('MinPasswordLength', this.minPasswordLength);
    this.passwordHistoryLength = ndr.u16('PasswordHistoryLength', this.passwordHistoryLength);
    this.passwordProperties = ndr.u32('PasswordProperties', this.passwordProperties);
    this.maxPasswordAge = ndr.halves64('MaxPasswordAge', this.maxPasswordAge);
    this.minPasswordAge = ndr.halves64('MinPasswordAge', this.minPasswordAge);
  }

  #general(ndr: Ndr): void {
    this.forceLogoff = ndr.halves64('ForceLogoff', this.forceLogoff);
    this.#text(ndr, 'OemInformation', 'oemInformation');
    this.#text(ndr, 'DomainName', 'domainName');
    this.#text(ndr, 'ReplicaSourceNodeName', 'replicaSourceNodeName');
    this.domainModifiedCount = ndr.halves64('DomainModifiedCount', this.domainModifiedCount);
    this.domainServerState = ndr.u32('DomainServerState', this.domainServerState);
    this.domainServerRole = ndr.u32('DomainServerRole', this.domainServerRole);
    this.uasCompatibilityRequired = ndr.u32('UasCompatibilityRequired', this.uasCompatibilityRequired);
    this.userCount = ndr.u32('UserCount', this.userCount);
    this.groupCount = ndr.u32('GroupCount', this.groupCount);
    this.aliasCount = ndr.u32('AliasCount', this.aliasCount);
  }

  #lockout(ndr: Ndr): void {
    this.lockoutDuration = ndr.x64('LockoutDuration', this.lockoutDuration);
    this.lockoutObservationWindow = ndr.x64('LockoutObservationWindow', this.lockoutObservationWindow);
    this.lockoutThreshold = ndr.u16('LockoutThreshold', this.lockoutThreshold);
  }

  #modified(ndr: Ndr, infoClass: number): void {
    this.domainModifiedCount = ndr.halves64('DomainModifiedCount', this.domainModifiedCount);
    this.creationTime = ndr.halves64('CreationTime', this.creationTime);
    if (infoClass === 13) ndr.halves64('ModifiedCountAtLastPromotion', 0n);
  }

  #text(ndr: Ndr, label: string, key: 'oemInformation' | 'domainName' | 'replicaSourceNodeName'): void {
    ndr.unicode(label, this[key], (v) => {
      this[key] = v ?? '';
    });
  }
}

/** [MS-SAMR] 3.1.5.5.1, 3.1.5.5.2 SamrQueryInformationDomain2 (opnum 46) and SamrQueryInformationDomain (8). */
export class SamrQueryInformationDomainRequest extends HandleRequest {
  domainInformationClass = 0;

  protected override fields(ndr: Ndr): void {
    this.domainInformationClass = ndr.u16('DomainInformationClass', this.domainInformationClass);
  }
}
export class SamrQueryInformationDomainResponse extends NtResponse {
  domainInformationClass = 0;
  /** Null on failure. */
  buffer: DomainInfo | null = null;

  protected override fields(ndr: Ndr): void {
    this.buffer = ndr.optional('Buffer', this.buffer, () => {
      const info = this.buffer ?? new DomainInfo();
      ndr.param(() => {
        this.domainInformationClass = ndr.u16('DomainInformationClass', this.domainInformationClass);
        ndr.io.align(4);
        if (isDomainInfoClass(this.domainInformationClass)) info.fields(ndr, this.domainInformationClass);
      });
      return info;
    });
  }
}
