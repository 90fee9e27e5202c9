import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import {
  LsarEnumerateAccountsResponse,
  LsarEnumerateAccountsWithUserRightResponse,
  LsarEnumerateRequest,
} from '#wire/rpc/lsarpc/lookup.js';
import {
  LsarEnumerateAccountRightsRequest,
  LsarEnumerateAccountRightsResponse,
  LsarEnumeratePrivilegesResponse,
  LsarLookupPrivilegeDisplayNameRequest,
  LsarLookupPrivilegeDisplayNameResponse,
  LsarLookupPrivilegeNameRequest,
  LsarLookupPrivilegeNameResponse,
  LsarLookupPrivilegeValueRequest,
  LsarLookupPrivilegeValueResponse,
  PrivilegeDefinition,
} from '#wire/rpc/lsarpc/privileges.js';
import { OpaqueStub } from '#wire/rpc/messages.js';
import { on, type RpcOperation } from '../interface.js';
import { Policy } from './policy.js';

interface Known {
  readonly name: string;
  readonly luid: number;
  readonly displayName: string;
}

/** [MS-LSAD] 3.1.1.2.1: the privileges known to this server; only administrators hold them. */
const PRIVILEGES: readonly Known[] = [
  { name: 'SeSecurityPrivilege', luid: 8, displayName: 'Manage auditing and security log' },
  { name: 'SeTakeOwnershipPrivilege', luid: 9, displayName: 'Take ownership of files or other objects' },
  { name: 'SeBackupPrivilege', luid: 17, displayName: 'Back up files and directories' },
  { name: 'SeRestorePrivilege', luid: 18, displayName: 'Restore files and directories' },
];

const byName = (name: string): Known | undefined =>
  PRIVILEGES.find((known) => known.name.toLowerCase() === name.toLowerCase());

/** [MS-LSAD] 3.1.4.8.1. */
export const enumeratePrivileges: RpcOperation = on(
  LsarEnumerateRequest,
  LsarEnumeratePrivilegesResponse,
  (request, response, { handles }) => {
    handles.get(request.handle, Policy);
    if (request.enumerationContext >= PRIVILEGES.length) return NtStatus.NoMoreEntries;
    response.enumerationContext = PRIVILEGES.length;
    response.privileges = PRIVILEGES.slice(request.enumerationContext).map(({ name, luid }) =>
      Object.assign(new PrivilegeDefinition(), { name, luid }),
    );
    return NtStatus.Success;
  },
);

/** [MS-LSAD] 3.1.4.8.2. */
export const lookupPrivilegeValue: RpcOperation = on(
  LsarLookupPrivilegeValueRequest,
  LsarLookupPrivilegeValueResponse,
  (request, response, { handles }) => {
    handles.get(request.handle, Policy);
    const known = byName(request.name);
    if (known === undefined) return NtStatus.NoSuchPrivilege;
    response.luid = known.luid;
    return NtStatus.Success;
  },
);

/** [MS-LSAD] 3.1.4.8.3. */
export const lookupPrivilegeName: RpcOperation = on(
  LsarLookupPrivilegeNameRequest,
  LsarLookupPrivilegeNameResponse,
  (request, response, { handles }) => {
    handles.get(request.handle, Policy);
    const known = PRIVILEGES.find(({ luid }) => luid === request.luid && request.luidHigh === 0);
    if (known === undefined) return NtStatus.NoSuchPrivilege;
    response.name = known.name;
    return NtStatus.Success;
  },
);

/** [MS-LSAD] 3.1.4.8.4: available in one language. */
export const lookupPrivilegeDisplayName: RpcOperation = on(
  LsarLookupPrivilegeDisplayNameRequest,
  LsarLookupPrivilegeDisplayNameResponse,
  (request, response, { handles }) => {
    handles.get(request.handle, Policy);
    const known = byName(request.name);
    if (known === undefined) return NtStatus.NoSuchPrivilege;
    response.displayName = known.displayName;
    return NtStatus.Success;
  },
);

/** [MS-LSAD] 3.1.4.5.2: accounts that hold any privilege. */
export const enumerateAccounts: RpcOperation = on(
  LsarEnumerateRequest,
  LsarEnumerateAccountsResponse,
  (request, response, { handles }) => {
    handles.get(request.handle, Policy);
    if (request.enumerationContext > 0) return NtStatus.NoMoreEntries;
    response.enumerationContext = 1;
    response.sids = [WellKnownSid.administrators];
    return NtStatus.Success;
  },
);

/** [MS-LSAD] 3.1.4.5.10: privileges of an account. */
export const enumerateAccountRights: RpcOperation = on(
  LsarEnumerateAccountRightsRequest,
  LsarEnumerateAccountRightsResponse,
  (request, response, { handles }) => {
    handles.get(request.handle, Policy);
    if (!request.accountSid.equals(WellKnownSid.administrators)) return NtStatus.ObjectNameNotFound;
    response.userRights = PRIVILEGES.map(({ name }) => name);
    return NtStatus.Success;
  },
);

/** [MS-LSAD] 3.1.4.5.3: would require administrator access to a policy that can be changed. */
export const enumerateAccountsWithUserRight: RpcOperation = on(
  OpaqueStub,
  LsarEnumerateAccountsWithUserRightResponse,
  () => NtStatus.AccessDenied,
);
