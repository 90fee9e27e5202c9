import { Sid } from '#wire/dtyp/sid.js';
import { SidType } from '#wire/dtyp/sid-type.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ContextHandle } from '#wire/rpc/context-handle.js';
import { TranslatedName, TranslatedSid, TrustInformation } from '#wire/rpc/lsarpc/lookup.js';
import type { Principal, Principals } from '../../access/principals.js';
import type { RpcCall } from '../interface.js';
import { Policy } from './policy.js';

/** [MS-LSAT] 2.2.16 LSAP_LOOKUP_LEVEL: everywhere, or only in the account domain (there are no trusted domains). */
const EVERYWHERE = 1;
const HIGHEST_LEVEL = 6;
const MOST_NAMES = 1000;
const MOST_SIDS = 20_480;
/** RelativeId of the domain itself, which has none. */
const NO_RID = 0xffffffff;

/** Domains referenced by a response, without duplicates. */
class Domains {
  readonly list: TrustInformation[] = [];

  /** Index of a principal's domain in the list. */
  indexOf({ sid, domain, type }: Principal): number {
    const domainSid = type === SidType.Domain ? sid : parentOf(sid);
    const known = this.list.findIndex((one) => one.sid?.equals(domainSid) === true && one.name === domain);
    if (known !== -1) return known;
    this.list.push(Object.assign(new TrustInformation(), { name: domain, sid: domainSid }));
    return this.list.length - 1;
  }
}

function parentOf(sid: Sid): Sid {
  const parent = new Sid();
  parent.identifierAuthority = sid.identifierAuthority;
  parent.subAuthority = sid.subAuthority.slice(0, -1);
  return parent;
}

/** Whether a principal is in the scope of the look-up level. */
function isWithin(found: Principal | undefined, level: number, principals: Principals): found is Principal {
  return found !== undefined && (level === EVERYWHERE || found.domain === principals.name);
}

/** Status of a look-up that resolved this many of the requested items. */
export function lookupStatus(mapped: number, asked: number): number {
  if (mapped === asked) return NtStatus.Success;
  return mapped === 0 ? NtStatus.NoneMapped : NtStatus.SomeNotMapped;
}

interface Lookup {
  readonly handle: ContextHandle;
  readonly lookupLevel: number;
}

function refusal({ lookupLevel }: Lookup, count: number, most: number): number | undefined {
  if (count > most) return NtStatus.InvalidParameter;
  return lookupLevel < EVERYWHERE || lookupLevel > HIGHEST_LEVEL ? NtStatus.InvalidParameter : undefined;
}

/** [MS-LSAT] 3.1.4.6 to 3.1.4.8: names to SIDs. */
export async function lookupNames(
  request: Lookup & { readonly names: readonly (string | null)[] },
  response: { referencedDomains: TrustInformation[] | null; translatedSids: TranslatedSid[]; mappedCount: number },
  { core, handles }: RpcCall,
): Promise<number> {
  handles.get(request.handle, Policy);
  const refused = refusal(request, request.names.length, MOST_NAMES);
  if (refused !== undefined) return refused;
  const principals = await core.principals.fixed();
  const domains = new Domains();
  for (const name of request.names) {
    // As on Windows, an empty name means BUILTIN.
    const found = await principals.byName(name ?? 'BUILTIN');
    const translated = new TranslatedSid();
    if (isWithin(found, request.lookupLevel, principals)) {
      translated.use = found.type;
      translated.relativeId = found.type === SidType.Domain ? NO_RID : found.sid.rid;
      translated.sid = found.sid;
      translated.domainIndex = domains.indexOf(found);
      response.mappedCount++;
    }
    response.translatedSids.push(translated);
  }
  response.referencedDomains = domains.list;
  return lookupStatus(response.mappedCount, request.names.length);
}

/** [MS-LSAT] 3.1.4.10, 3.1.4.11: SIDs to names. An unknown SID is returned in text form. */
export async function lookupSids(
  request: Lookup & { readonly sids: readonly Sid[] },
  response: { referencedDomains: TrustInformation[] | null; translatedNames: TranslatedName[]; mappedCount: number },
  { core, handles }: RpcCall,
): Promise<number> {
  handles.get(request.handle, Policy);
  const refused = refusal(request, request.sids.length, MOST_SIDS);
  if (refused !== undefined) return refused;
  const principals = await core.principals.fixed();
  const domains = new Domains();
  for (const sid of request.sids) {
    const found = await principals.bySid(sid);
    const translated = new TranslatedName();
    if (isWithin(found, request.lookupLevel, principals)) {
      translated.use = found.type;
      translated.name = found.name;
      translated.domainIndex = domains.indexOf(found);
      response.mappedCount++;
    } else {
      translated.name = sid.toString();
    }
    response.translatedNames.push(translated);
  }
  response.referencedDomains = domains.list;
  return lookupStatus(response.mappedCount, request.sids.length);
}
