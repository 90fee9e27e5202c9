import { type Guid, NIL_GUID } from '../../dtyp/guid.js';
import type { Layout } from '../../io/layout.js';
import { StatusResponse } from '../messages.js';
import { Ndr } from '../ndr.js';
import { operation, type RpcOperations } from '../operation.js';
import { SyntaxId } from '../syntax.js';

/** [MS-DSSP] 1.9 Directory Services Setup, version 0.0, found at `\pipe\lsarpc`. */
export const DSSETUP: SyntaxId = SyntaxId.of('3919286a-b10c-11d0-9ba8-00c04fd92ef5', 0, 0);

/** [MS-DSSP] 2.2.1 DSROLE_PRIMARY_DOMAIN_INFO_LEVEL. */
export const DsRoleLevel = { Basic: 1, UpgradeStatus: 2, OperationState: 3 } as const;

/** [MS-DSSP] 2.2.2 DSROLE_MACHINE_ROLE: a stand-alone server. */
const STANDALONE_SERVER = 2;

/** [MS-DSSP] 2.2.3 DSROLER_PRIMARY_DOMAIN_INFO_BASIC and its siblings: the level determines the fields. */
export class DsRoleInfo {
  machineRole: number = STANDALONE_SERVER;
  flags = 0;
  domainNameFlat: string | null = null;
  domainNameDns: string | null = null;
  domainForestName: string | null = null;
  domainGuid: Guid = NIL_GUID;

  fields(ndr: Ndr, level: number): void {
    switch (level) {
      case DsRoleLevel.Basic:
        return this.#basic(ndr);
      case DsRoleLevel.UpgradeStatus:
        ndr.u32('OperationState', 0);
        ndr.u16('PreviousServerState', 0);
        return;
      default:
        ndr.u16('OperationState', 0);
    }
  }

  #basic(ndr: Ndr): void {
    this.machineRole = ndr.u16('MachineRole', this.machineRole);
    this.flags = ndr.u32('Flags', this.flags);
    const text = (name: string, key: 'domainNameFlat' | 'domainNameDns' | 'domainForestName'): void =>
      ndr.stringPointer(name, this[key], (v) => {
        this[key] = v;
      });
    text('DomainNameFlat', 'domainNameFlat');
    text('DomainNameDns', 'domainNameDns');
    text('DomainForestName', 'domainForestName');
    this.domainGuid = ndr.guid('DomainGuid', this.domainGuid);
  }
}

/** [MS-DSSP] 3.2.5.1 DsRolerGetPrimaryDomainInformation (opnum 0). */
export class DsRolerGetPrimaryDomainInformationRequest {
  infoLevel: number = DsRoleLevel.Basic;

  layout(io: Layout): void {
    this.infoLevel = new Ndr(io).u16('InfoLevel', this.infoLevel);
  }
}
export class DsRolerGetPrimaryDomainInformationResponse extends StatusResponse {
  infoLevel: number = DsRoleLevel.Basic;
  /** Null on failure. */
  domainInfo: DsRoleInfo | null = null;

  protected override fields(ndr: Ndr): void {
    this.domainInfo = ndr.optional('DomainInfo', this.domainInfo, () => {
      const info = this.domainInfo ?? new DsRoleInfo();
      ndr.param(() => {
        this.infoLevel = ndr.u16('switch_is', this.infoLevel);
        ndr.io.align(4);
        info.fields(ndr, this.infoLevel);
      });
      return info;
    });
  }
}

/** By opnum. */
export const dssetupOperations: RpcOperations = {
  0: operation(
    'DsRolerGetPrimaryDomainInformation',
    DsRolerGetPrimaryDomainInformationRequest,
    DsRolerGetPrimaryDomainInformationResponse,
  ),
};
