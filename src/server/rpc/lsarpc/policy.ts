import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { ContextHandle } from '#wire/rpc/context-handle.js';
import { PolicyInfoClass } from '#wire/rpc/lsarpc/interface.js';
import {
  LsarCloseRequest,
  LsarCloseResponse,
  LsarGetUserNameRequest,
  LsarGetUserNameResponse,
  type LsarOpenPolicy2Request,
  type LsarOpenPolicyRequest,
  LsarOpenPolicyResponse,
  LsarQueryInformationPolicyRequest,
  LsarQueryInformationPolicyResponse,
  LsarQuerySecurityObjectRequest,
  LsarQuerySecurityObjectResponse,
  PolicyInformation,
} from '#wire/rpc/lsarpc/policy.js';
import { requireKnown } from '../callers.js';
import { on, type RpcCall, type RpcOperation } from '../interface.js';

/** Object of a policy handle; it needs no state. */
export class Policy {
  readonly kind = 'policy';
}

/** [MS-LSAD] 3.1.4.4.1, 3.1.4.4.2: for authenticated users only, as it gives access to names. */
export const openPolicy = (Request: typeof LsarOpenPolicyRequest | typeof LsarOpenPolicy2Request): RpcOperation =>
  on(Request, LsarOpenPolicyResponse, (_request, response, call) => {
    requireKnown(call);
    response.handle = call.handles.give(new Policy());
    return NtStatus.Success;
  });

/** [MS-LSAD] 3.1.4.9.4. */
export const closeHandle: RpcOperation = on(
  LsarCloseRequest,
  LsarCloseResponse,
  ({ handle }, response, { handles }) => {
    handles.close(handle);
    response.handle = new ContextHandle();
    return NtStatus.Success;
  },
);

/** [MS-LSAD] 3.1.4.4.4: a server without a domain is its own account domain. */
export const queryPolicy: RpcOperation = on(
  LsarQueryInformationPolicyRequest,
  LsarQueryInformationPolicyResponse,
  ({ handle, informationClass }, response, { core, handles }) => {
    handles.get(handle, Policy);
    const { principals } = core;
    const information = new PolicyInformation();
    switch (informationClass) {
      case PolicyInfoClass.AuditEvents:
      case PolicyInfoClass.ServerRole:
        break;
      case PolicyInfoClass.PrimaryDomain:
      case PolicyInfoClass.DnsDomain:
      case PolicyInfoClass.DnsDomainInt:
        information.name = core.domain;
        break;
      case PolicyInfoClass.AccountDomain:
      case PolicyInfoClass.LocalAccountDomain:
        information.name = principals.name;
        information.sid = principals.machineSid;
        break;
      default:
        return NtStatus.InvalidInfoClass;
    }
    response.informationClass = informationClass;
    response.information = information;
    return NtStatus.Success;
  },
);

/** [MS-LSAT] 3.1.4.4. */
export const getUserName: RpcOperation = on(
  LsarGetUserNameRequest,
  LsarGetUserNameResponse,
  async (request, response, { core, identity }: RpcCall) => {
    const sid = await core.principals.sidOf(identity);
    const found = await core.principals.bySid(sid);
    const stranger = sid.equals(WellKnownSid.anonymous);
    response.userName = found?.name ?? identity.account;
    const domain = found?.domain ?? (stranger ? 'NT AUTHORITY' : core.principals.name);
    response.domainName = request.domainAsked ? domain : null;
    return NtStatus.Success;
  },
);

/** [MS-LSAD] 3.1.4.9.1: only for those who may change the descriptor, which is nobody. */
export const querySecurity: RpcOperation = on(
  LsarQuerySecurityObjectRequest,
  LsarQuerySecurityObjectResponse,
  () => NtStatus.AccessDenied,
);
