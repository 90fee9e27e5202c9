import { msFromFiletime } from '#wire/dtyp/filetime.js';
import { SidType } from '#wire/dtyp/sid-type.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Wire } from '#wire/io/layout.js';
import { HandleResponse } from '#wire/rpc/lsarpc/messages.js';
import {
  SamrConnect5Request,
  SamrConnect5Response,
  SamrLookupDomainRequest,
  SamrOpenDomainRequest,
  SamrRidToSidRequest,
  SamrSidResponse,
} from '#wire/rpc/samr/connect.js';
import {
  DomainInfo,
  isDomainInfoClass,
  SamrQueryInformationDomainRequest,
  SamrQueryInformationDomainResponse,
} from '#wire/rpc/samr/domain-info.js';
import { UserAccount } from '#wire/rpc/samr/interface.js';
import {
  RidEnumeration,
  SamrEnumerateRequest,
  SamrEnumerateResponse,
  SamrEnumerateUsersRequest,
  SamrGetAliasMembershipRequest,
  SamrGetAliasMembershipResponse,
  SamrLookupIdsRequest,
  SamrLookupIdsResponse,
  SamrLookupNamesRequest,
  SamrLookupNamesResponse,
} from '#wire/rpc/samr/lists.js';
import { requireKnown } from '../callers.js';
import { on, type RpcCall, type RpcOperation } from '../interface.js';
import { lookupStatus } from '../lsarpc/lookup.js';
import { AccountDomain, aliasMembers, BuiltinDomain, domainOf, type Member, SamDomain, SamServer } from './objects.js';

/** Size of an entry as counted by Windows ([MS-SAMR] 3.1.5.2.5). */
const ENTRY_BYTES = 54;
const MOST_LOOKUPS = 1000;

/** [MS-SAMR] 3.1.5.1: anonymous callers and guests learn nothing about accounts. */
export const connect = (Request: new () => Wire): RpcOperation =>
  on(Request, HandleResponse, (_request, response, call) => {
    requireKnown(call);
    response.handle = call.handles.give(new SamServer());
    return NtStatus.Success;
  });

export const connect5: RpcOperation = on(SamrConnect5Request, SamrConnect5Response, (request, response, call) => {
  requireKnown(call);
  if (request.inVersion !== 1) return NtStatus.NotSupported;
  response.handle = call.handles.give(new SamServer());
  return NtStatus.Success;
});

/** [MS-SAMR] 3.1.5.11.1. */
export const lookupDomain: RpcOperation = on(SamrLookupDomainRequest, SamrSidResponse, (request, response, call) => {
  call.handles.get(request.handle, SamServer);
  const wanted = request.name.toLowerCase();
  const found = [new AccountDomain(call.core), new BuiltinDomain()].find(({ name }) => name.toLowerCase() === wanted);
  if (found === undefined) return NtStatus.NoSuchDomain;
  response.sid = found.sid;
  return NtStatus.Success;
});

/** [MS-SAMR] 3.1.5.1.5. */
export const openDomain: RpcOperation = on(SamrOpenDomainRequest, HandleResponse, (request, response, call) => {
  call.handles.get(request.handle, SamServer);
  response.handle = call.handles.give(domainOf(call.core, request.domainId));
  return NtStatus.Success;
});

/** Fills in a page of a list; the status tells whether more entries follow. */
function page(request: SamrEnumerateRequest, response: SamrEnumerateResponse, all: readonly RidEnumeration[]): number {
  const from = request.enumerationContext;
  const most = Math.max(1, Math.floor(request.preferedMaximumLength / ENTRY_BYTES));
  const entries = all.slice(from, from + most);
  response.enumerationContext = from + entries.length;
  response.buffer = entries;
  response.countReturned = entries.length;
  return response.enumerationContext < all.length ? NtStatus.MoreEntries : NtStatus.Success;
}

/** [MS-SAMR] 3.1.5.2.1: the domains of the server; their RIDs have no meaning. */
export const enumerateDomains: RpcOperation = on(
  SamrEnumerateRequest,
  SamrEnumerateResponse,
  (request, response, call) => {
    call.handles.get(request.handle, SamServer);
    const names = [call.core.principals.name, 'Builtin'];
    return page(
      request,
      response,
      names.map((name, i) => RidEnumeration.of(i, name)),
    );
  },
);

type Kind = (domain: SamDomain) => Promise<readonly Member[]> | readonly Member[];

/** [MS-SAMR] 3.1.5.2.2 to 3.1.5.2.4: members of one kind. */
export const enumerate = (kind: Kind): RpcOperation =>
  on(SamrEnumerateRequest, SamrEnumerateResponse, async (request, response, call) => {
    const members = await kind(samDomain(call, request));
    return page(
      request,
      response,
      members.map(({ rid, name }) => RidEnumeration.of(rid, name)),
    );
  });

/** Account flags of a user ([MS-SAMR] 2.2.1.12). */
export function accountControl({ disabled }: Member): number {
  return UserAccount.NormalAccount | (disabled === true ? UserAccount.Disabled : 0);
}

export const enumerateUsers: RpcOperation = on(
  SamrEnumerateUsersRequest,
  SamrEnumerateResponse,
  async (request, response, call) => {
    const users = await samDomain(call, request).users();
    const wanted = request.userAccountControl;
    const found = users.filter((user) => wanted === 0 || (accountControl(user) & wanted) !== 0);
    return page(
      request,
      response,
      found.map(({ rid, name }) => RidEnumeration.of(rid, name)),
    );
  },
);

/** The domain of a handle. */
export function samDomain(
  { handles }: RpcCall,
  { handle }: { readonly handle: SamrEnumerateRequest['handle'] },
): SamDomain {
  return handles.get(handle, SamDomain);
}

/** [MS-SAMR] 3.1.5.11.2. */
export const lookupNames: RpcOperation = on(
  SamrLookupNamesRequest,
  SamrLookupNamesResponse,
  async (request, response, call) => {
    if (request.names.length > MOST_LOOKUPS) return NtStatus.InsufficientResources;
    const members = await samDomain(call, request).members();
    let mapped = 0;
    for (const name of request.names) {
      const found = members.find((member) => member.name.toLowerCase() === name.toLowerCase());
      response.relativeIds.push(found?.rid ?? 0);
      response.use.push(found?.type ?? SidType.Unknown);
      if (found !== undefined) mapped++;
    }
    return lookupStatus(mapped, request.names.length);
  },
);

/** [MS-SAMR] 3.1.5.11.3. */
export const lookupIds: RpcOperation = on(
  SamrLookupIdsRequest,
  SamrLookupIdsResponse,
  async (request, response, call) => {
    if (request.relativeIds.length > MOST_LOOKUPS) return NtStatus.InsufficientResources;
    const members = await samDomain(call, request).members();
    let mapped = 0;
    for (const rid of request.relativeIds) {
      const found = members.find((member) => member.rid === rid);
      response.names.push(found?.name ?? '');
      response.use.push(found?.type ?? SidType.Unknown);
      if (found !== undefined) mapped++;
    }
    return lookupStatus(mapped, request.relativeIds.length);
  },
);

/** [MS-SAMR] 3.1.5.9.2: aliases of this domain that contain an account. */
export const getAliasMembership: RpcOperation = on(
  SamrGetAliasMembershipRequest,
  SamrGetAliasMembershipResponse,
  async (request, response, call) => {
    const domain = samDomain(call, request);
    for (const { rid } of domain.aliases()) {
      const members = await aliasMembers(call.core, rid);
      const within = members.some((member) => request.sids.some((sid) => sid.equals(member)));
      if (within) response.membership.push(rid);
    }
    return NtStatus.Success;
  },
);

/** [MS-SAMR] 3.1.5.13.7. */
export const ridToSid: RpcOperation = on(SamrRidToSidRequest, SamrSidResponse, (request, response, call) => {
  response.sid = samDomain(call, request).sid.child(request.rid);
  return NtStatus.Success;
});

/** [MS-SAMR] 3.1.5.5.2: there is no password policy and no lockout. */
export const queryDomain: RpcOperation = on(
  SamrQueryInformationDomainRequest,
  SamrQueryInformationDomainResponse,
  async (request, response, call) => {
    const domain = samDomain(call, request);
    if (!isDomainInfoClass(request.domainInformationClass)) throw new StatusError(NtStatus.InvalidInfoClass);
    const { core } = call;
    response.domainInformationClass = request.domainInformationClass;
    response.buffer = Object.assign(new DomainInfo(), {
      domainName: domain.name,
      replicaSourceNodeName: core.name,
      domainModifiedCount: BigInt(Math.floor(msFromFiletime(core.startTime) / 1000)),
      userCount: (await domain.users()).length,
      groupCount: domain.groups().length,
      aliasCount: domain.aliases().length,
    });
    return NtStatus.Success;
  },
);
