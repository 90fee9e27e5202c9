import {
  DSSETUP,
  DsRoleInfo,
  DsRoleLevel,
  DsRolerGetPrimaryDomainInformationRequest,
  DsRolerGetPrimaryDomainInformationResponse,
} from '#wire/rpc/dssetup/operations.js';
import { NetApiStatus } from '#wire/rpc/srvsvc/interface.js';
import { on, type RpcInterface } from './interface.js';

/** The machine's role in a domain ([MS-DSSP] 3.2.5): stand-alone. */
export const dssetup: RpcInterface = {
  syntax: DSSETUP,
  operations: {
    0: on(
      DsRolerGetPrimaryDomainInformationRequest,
      DsRolerGetPrimaryDomainInformationResponse,
      ({ infoLevel }, response, { core }) => {
        if (infoLevel < DsRoleLevel.Basic || infoLevel > DsRoleLevel.OperationState) {
          return NetApiStatus.ErrorInvalidParameter;
        }
        response.infoLevel = infoLevel;
        response.domainInfo = Object.assign(new DsRoleInfo(), { domainNameFlat: core.domain });
        return NetApiStatus.Success;
      },
    ),
  },
};
