import { NtStatus } from '#wire/erref/nt-status.js';
import { HandleRequest, HandleResponse, NtResponse } from '#wire/rpc/lsarpc/messages.js';
import { OpaqueStub } from '#wire/rpc/messages.js';
import { SamrConnect2Request, SamrConnect4Request, SamrConnectRequest } from '#wire/rpc/samr/connect.js';
import {
  SamrCreateResponse,
  SamrCreateUser2Response,
  SamrGetDomainPasswordInformationRequest,
  SamrPasswordInformationResponse,
} from '#wire/rpc/samr/groups.js';
import { SAMR } from '#wire/rpc/samr/interface.js';
import { SamrOpnum } from '#wire/rpc/samr/operations.js';
import { on, type RpcInterface, type RpcOperation } from '../interface.js';
import { closeHandle, querySecurity } from '../lsarpc/policy.js';
import {
  connect,
  connect5,
  enumerate,
  enumerateDomains,
  enumerateUsers,
  getAliasMembership,
  lookupDomain,
  lookupIds,
  lookupNames,
  openDomain,
  queryDomain,
  ridToSid,
} from './domains.js';
import {
  getGroupsForUser,
  getMembersInAlias,
  getMembersInGroup,
  openAlias,
  openGroup,
  openUser,
  queryAlias,
  queryDisplay,
  queryGroup,
  queryUser,
  userPasswordInformation,
} from './members.js';

/** Accounts are configured where the server is started and cannot be changed remotely. */
const denied = (
  Response: typeof NtResponse | typeof SamrCreateResponse | typeof SamrCreateUser2Response,
): RpcOperation => on(OpaqueStub, Response, () => NtStatus.AccessDenied);

/** The Security Account Manager, read-only ([MS-SAMR] 3.1.5). */
export const samr: RpcInterface = {
  syntax: SAMR,
  operations: {
    [SamrOpnum.SamrConnect]: connect(SamrConnectRequest),
    [SamrOpnum.SamrCloseHandle]: closeHandle,
    [SamrOpnum.SamrQuerySecurityObject]: querySecurity,
    [SamrOpnum.SamrLookupDomainInSamServer]: lookupDomain,
    [SamrOpnum.SamrEnumerateDomainsInSamServer]: enumerateDomains,
    [SamrOpnum.SamrOpenDomain]: openDomain,
    [SamrOpnum.SamrQueryInformationDomain]: queryDomain,
    [SamrOpnum.SamrSetInformationDomain]: denied(NtResponse),
    [SamrOpnum.SamrCreateGroupInDomain]: denied(SamrCreateResponse),
    [SamrOpnum.SamrEnumerateGroupsInDomain]: enumerate((domain) => domain.groups()),
    [SamrOpnum.SamrCreateUserInDomain]: denied(SamrCreateResponse),
    [SamrOpnum.SamrEnumerateUsersInDomain]: enumerateUsers,
    [SamrOpnum.SamrCreateAliasInDomain]: denied(SamrCreateResponse),
    [SamrOpnum.SamrEnumerateAliasesInDomain]: enumerate((domain) => domain.aliases()),
    [SamrOpnum.SamrGetAliasMembership]: getAliasMembership,
    [SamrOpnum.SamrLookupNamesInDomain]: lookupNames,
    [SamrOpnum.SamrLookupIdsInDomain]: lookupIds,
    [SamrOpnum.SamrOpenGroup]: openGroup,
    [SamrOpnum.SamrQueryInformationGroup]: queryGroup,
    [SamrOpnum.SamrGetMembersInGroup]: getMembersInGroup,
    [SamrOpnum.SamrOpenAlias]: openAlias,
    [SamrOpnum.SamrQueryInformationAlias]: queryAlias,
    [SamrOpnum.SamrAddMemberToAlias]: denied(NtResponse),
    [SamrOpnum.SamrRemoveMemberFromAlias]: denied(NtResponse),
    [SamrOpnum.SamrGetMembersInAlias]: getMembersInAlias,
    [SamrOpnum.SamrOpenUser]: openUser,
    [SamrOpnum.SamrDeleteUser]: on(HandleRequest, HandleResponse, () => NtStatus.AccessDenied),
    [SamrOpnum.SamrQueryInformationUser]: queryUser,
    [SamrOpnum.SamrSetInformationUser]: denied(NtResponse),
    [SamrOpnum.SamrGetGroupsForUser]: getGroupsForUser,
    [SamrOpnum.SamrQueryDisplayInformation]: queryDisplay,
    [SamrOpnum.SamrGetUserDomainPasswordInformation]: userPasswordInformation,
    [SamrOpnum.SamrQueryInformationDomain2]: queryDomain,
    [SamrOpnum.SamrQueryInformationUser2]: queryUser,
    [SamrOpnum.SamrQueryDisplayInformation2]: queryDisplay,
    [SamrOpnum.SamrCreateUser2InDomain]: denied(SamrCreateUser2Response),
    [SamrOpnum.SamrQueryDisplayInformation3]: queryDisplay,
    [SamrOpnum.SamrGetDomainPasswordInformation]: on(
      SamrGetDomainPasswordInformationRequest,
      SamrPasswordInformationResponse,
      () => NtStatus.Success,
    ),
    [SamrOpnum.SamrConnect2]: connect(SamrConnect2Request),
    [SamrOpnum.SamrSetInformationUser2]: denied(NtResponse),
    [SamrOpnum.SamrConnect3]: connect(SamrConnect4Request),
    [SamrOpnum.SamrConnect4]: connect(SamrConnect4Request),
    [SamrOpnum.SamrConnect5]: connect5,
    [SamrOpnum.SamrRidToSid]: ridToSid,
  },
};
