import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { HandleRequest, HandleResponse } from '#wire/rpc/lsarpc/messages.js';
import { SamrOpenRequest } from '#wire/rpc/samr/connect.js';
import {
  GroupInfo,
  SamrPasswordInformationResponse,
  SamrQueryInformationAliasResponse,
  SamrQueryInformationGroupRequest,
  SamrQueryInformationGroupResponse,
} from '#wire/rpc/samr/groups.js';
import { GROUP_ATTRIBUTES } from '#wire/rpc/samr/interface.js';
import {
  DisplayEntry,
  SamrGetGroupsForUserResponse,
  SamrGetMembersInAliasResponse,
  SamrGetMembersInGroupResponse,
  SamrQueryDisplayInformationRequest,
  SamrQueryDisplayInformationResponse,
} from '#wire/rpc/samr/lists.js';
import {
  isUserInfoClass,
  SamrQueryInformationUserRequest,
  SamrQueryInformationUserResponse,
  UserInfo,
} from '#wire/rpc/samr/user-info.js';
import { DomainRid } from '../../access/principals.js';
import { on, type RpcCall, type RpcOperation } from '../interface.js';
import { accountControl, samDomain } from './domains.js';
import { aliasMembers, type Member, SamAlias, type SamDomain, SamGroup, SamUser } from './objects.js';

type Opened = new (domain: SamDomain, member: Member) => SamUser;

function open(
  Kind: Opened,
  missing: number,
  among: (domain: SamDomain) => Promise<readonly Member[]> | readonly Member[],
): RpcOperation {
  return on(SamrOpenRequest, HandleResponse, async (request, response, call: RpcCall) => {
    const domain = samDomain(call, request);
    const member = (await among(domain)).find(({ rid }) => rid === request.rid);
    if (member === undefined) throw new StatusError(missing);
    response.handle = call.handles.give(new Kind(domain, member));
    return NtStatus.Success;
  });
}

/** [MS-SAMR] 3.1.5.1.7 to 3.1.5.1.9. */
export const openUser: RpcOperation = open(SamUser, NtStatus.NoSuchUser, (domain) => domain.users());
export const openGroup: RpcOperation = open(SamGroup, NtStatus.NoSuchGroup, (domain) => domain.groups());
export const openAlias: RpcOperation = open(SamAlias, NtStatus.NoSuchAlias, (domain) => domain.aliases());

/** [MS-SAMR] 3.1.5.5.6: besides ids and flags, only the account name is known. */
export const queryUser: RpcOperation = on(
  SamrQueryInformationUserRequest,
  SamrQueryInformationUserResponse,
  ({ handle, userInformationClass }, response, { handles }) => {
    const { member } = handles.get(handle, SamUser);
    if (!isUserInfoClass(userInformationClass)) return NtStatus.InvalidInfoClass;
    response.userInformationClass = userInformationClass;
    response.buffer = Object.assign(new UserInfo(), {
      userName: member.name,
      userId: member.rid,
      primaryGroupId: DomainRid.None,
      userAccountControl: accountControl(member),
    });
    return NtStatus.Success;
  },
);

/** [MS-SAMR] 3.1.5.9.1: every user is in the group None. */
export const getGroupsForUser: RpcOperation = on(
  HandleRequest,
  SamrGetGroupsForUserResponse,
  (request, response, { handles }) => {
    handles.get(request.handle, SamUser);
    response.groups = [DomainRid.None];
    return NtStatus.Success;
  },
);

/** [MS-SAMR] 3.1.5.13.3, 3.1.5.13.4: passwords are not restricted. */
export const userPasswordInformation: RpcOperation = on(
  HandleRequest,
  SamrPasswordInformationResponse,
  (request, _response, { handles }) => {
    handles.get(request.handle, SamUser);
    return NtStatus.Success;
  },
);

/** [MS-SAMR] 3.1.5.5.3. */
export const queryGroup: RpcOperation = on(
  SamrQueryInformationGroupRequest,
  SamrQueryInformationGroupResponse,
  async ({ handle, informationClass }, response, { handles }) => {
    const { member, domain } = handles.get(handle, SamGroup);
    if (informationClass < 1 || informationClass > 5) return NtStatus.InvalidInfoClass;
    response.informationClass = informationClass;
    response.buffer = Object.assign(new GroupInfo(), {
      name: member.name,
      memberCount: (await domain.users()).length,
      adminComment: 'Ordinary users',
    });
    return NtStatus.Success;
  },
);

/** [MS-SAMR] 3.1.5.8.3. */
export const getMembersInGroup: RpcOperation = on(
  HandleRequest,
  SamrGetMembersInGroupResponse,
  async (request, response, { handles }) => {
    const { domain } = handles.get(request.handle, SamGroup);
    response.members = (await domain.users()).map(({ rid }) => rid);
    return NtStatus.Success;
  },
);

/** [MS-SAMR] 3.1.5.5.4. */
export const queryAlias: RpcOperation = on(
  SamrQueryInformationGroupRequest,
  SamrQueryInformationAliasResponse,
  async ({ handle, informationClass }, response, { core, handles }) => {
    const { member } = handles.get(handle, SamAlias);
    if (informationClass < 1 || informationClass > 3) return NtStatus.InvalidInfoClass;
    response.informationClass = informationClass;
    const memberCount = (await aliasMembers(core, member.rid)).length;
    response.buffer = Object.assign(new GroupInfo(), { name: member.name, memberCount });
    return NtStatus.Success;
  },
);

/** [MS-SAMR] 3.1.5.8.4. */
export const getMembersInAlias: RpcOperation = on(
  HandleRequest,
  SamrGetMembersInAliasResponse,
  async (request, response, { core, handles }) => {
    response.members = await aliasMembers(core, handles.get(request.handle, SamAlias).member.rid);
    return NtStatus.Success;
  },
);

/** Approximate size of an entry; [MS-SAMR] 3.1.5.3.1 only states the total. */
const ENTRY_BYTES = 64;
const MOST_ENTRIES = 1024;

/** [MS-SAMR] 3.1.5.3: users (1, 4), machines (2), groups (3, 5), sorted by name. */
export const queryDisplay: RpcOperation = on(
  SamrQueryDisplayInformationRequest,
  SamrQueryDisplayInformationResponse,
  async (request, response, call) => {
    const level = request.displayInformationClass;
    const domain = samDomain(call, request);
    if (level < 1 || level > 5) return NtStatus.InvalidInfoClass;
    const users = level === 1 || level === 4;
    const groups = level === 3 || level === 5;
    const all = users ? await domain.users() : groups ? domain.groups() : [];
    const most = Math.max(1, Math.floor(request.preferredMaximumLength / ENTRY_BYTES));
    const count = Math.min(request.entryCount, most, MOST_ENTRIES);
    response.displayInformationClass = level;
    response.entries = all.slice(request.index, request.index + count).map((member, i) =>
      Object.assign(new DisplayEntry(), {
        index: request.index + i + 1,
        rid: member.rid,
        attributes: groups ? GROUP_ATTRIBUTES : accountControl(member),
        accountName: member.name,
      }),
    );
    response.totalAvailable = all.length * ENTRY_BYTES;
    response.totalReturned = response.entries.length * ENTRY_BYTES;
    return request.index + response.entries.length < all.length ? NtStatus.MoreEntries : NtStatus.Success;
  },
);
