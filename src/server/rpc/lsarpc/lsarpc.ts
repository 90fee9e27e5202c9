import { NtStatus } from '#wire/erref/nt-status.js';
import { LSARPC } from '#wire/rpc/lsarpc/interface.js';
import {
  LsarEnumerateRequest,
  LsarEnumerateTrustedDomainsResponse,
  LsarLookupNames2Request,
  LsarLookupNames2Response,
  LsarLookupNames3Request,
  LsarLookupNames3Response,
  LsarLookupNamesRequest,
  LsarLookupNamesResponse,
  LsarLookupSids2Request,
  LsarLookupSids2Response,
  LsarLookupSidsRequest,
  LsarLookupSidsResponse,
} from '#wire/rpc/lsarpc/lookup.js';
import { HandleResponse, NtResponse } from '#wire/rpc/lsarpc/messages.js';
import { LsarpcOpnum } from '#wire/rpc/lsarpc/operations.js';
import { LsarOpenPolicy2Request, LsarOpenPolicyRequest } from '#wire/rpc/lsarpc/policy.js';
import { OpaqueStub } from '#wire/rpc/messages.js';
import { FaultStatus } from '#wire/rpc/pdu-call.js';
import { on, RpcFault, type RpcInterface, type RpcOperation } from '../interface.js';
import { lookupNames, lookupSids } from './lookup.js';
import { closeHandle, getUserName, openPolicy, Policy, queryPolicy, querySecurity } from './policy.js';
import {
  enumerateAccountRights,
  enumerateAccounts,
  enumerateAccountsWithUserRight,
  enumeratePrivileges,
  lookupPrivilegeDisplayName,
  lookupPrivilegeName,
  lookupPrivilegeValue,
} from './privileges.js';

/** A server without a domain has no trusts ([MS-LSAD] 3.1.4.7.8). */
const noTrusts = on(LsarEnumerateRequest, LsarEnumerateTrustedDomainsResponse, (request, _response, { handles }) => {
  handles.get(request.handle, Policy);
  return NtStatus.NoMoreEntries;
});

/** Policy changes are denied to everybody. */
const denied = (Response: typeof HandleResponse | typeof NtResponse): RpcOperation =>
  on(OpaqueStub, Response, () => NtStatus.AccessDenied);

/** [MS-LSAT] 3.1.4.5, 3.1.4.9: require a domain's secure channel, which does not exist here. */
const channelOnly = on(OpaqueStub, NtResponse, () => {
  throw new RpcFault(FaultStatus.AccessDenied);
});

/** The Local Security Authority ([MS-LSAD] 3.1.4, [MS-LSAT] 3.1.4). */
export const lsarpc: RpcInterface = {
  syntax: LSARPC,
  operations: {
    [LsarpcOpnum.LsarClose]: closeHandle,
    [LsarpcOpnum.LsarEnumeratePrivileges]: enumeratePrivileges,
    [LsarpcOpnum.LsarQuerySecurityObject]: querySecurity,
    [LsarpcOpnum.LsarOpenPolicy]: openPolicy(LsarOpenPolicyRequest),
    [LsarpcOpnum.LsarQueryInformationPolicy]: queryPolicy,
    [LsarpcOpnum.LsarSetInformationPolicy]: denied(NtResponse),
    [LsarpcOpnum.LsarCreateAccount]: denied(HandleResponse),
    [LsarpcOpnum.LsarEnumerateAccounts]: enumerateAccounts,
    [LsarpcOpnum.LsarCreateTrustedDomain]: denied(HandleResponse),
    [LsarpcOpnum.LsarEnumerateTrustedDomains]: noTrusts,
    [LsarpcOpnum.LsarLookupNames]: on(LsarLookupNamesRequest, LsarLookupNamesResponse, lookupNames),
    [LsarpcOpnum.LsarLookupSids]: on(LsarLookupSidsRequest, LsarLookupSidsResponse, lookupSids),
    [LsarpcOpnum.LsarCreateSecret]: denied(HandleResponse),
    [LsarpcOpnum.LsarOpenAccount]: denied(HandleResponse),
    [LsarpcOpnum.LsarOpenTrustedDomain]: denied(HandleResponse),
    [LsarpcOpnum.LsarOpenSecret]: denied(HandleResponse),
    [LsarpcOpnum.LsarLookupPrivilegeValue]: lookupPrivilegeValue,
    [LsarpcOpnum.LsarLookupPrivilegeName]: lookupPrivilegeName,
    [LsarpcOpnum.LsarLookupPrivilegeDisplayName]: lookupPrivilegeDisplayName,
    [LsarpcOpnum.LsarEnumerateAccountsWithUserRight]: enumerateAccountsWithUserRight,
    [LsarpcOpnum.LsarEnumerateAccountRights]: enumerateAccountRights,
    [LsarpcOpnum.LsarAddAccountRights]: denied(NtResponse),
    [LsarpcOpnum.LsarRemoveAccountRights]: denied(NtResponse),
    [LsarpcOpnum.LsarOpenPolicy2]: openPolicy(LsarOpenPolicy2Request),
    [LsarpcOpnum.LsarGetUserName]: getUserName,
    // LsarQueryInformationPolicy2 is omitted, as in smbd: smbcacls uses it to get a domain SID and crashes without one.
    [LsarpcOpnum.LsarEnumerateTrustedDomainsEx]: noTrusts,
    [LsarpcOpnum.LsarLookupSids2]: on(LsarLookupSids2Request, LsarLookupSids2Response, lookupSids),
    [LsarpcOpnum.LsarLookupNames2]: on(LsarLookupNames2Request, LsarLookupNames2Response, lookupNames),
    [LsarpcOpnum.LsarLookupNames3]: on(LsarLookupNames3Request, LsarLookupNames3Response, lookupNames),
    [LsarpcOpnum.LsarLookupSids3]: channelOnly,
    [LsarpcOpnum.LsarLookupNames4]: channelOnly,
  },
};
