import { Caching } from '#coord/caching.js';
import { NIL_GUID } from '#wire/dtyp/guid.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileId } from '#wire/io/file-id.js';
import { type CreateRequest, OplockLevel } from '#wire/smb2/command/create.js';
import { HeaderFlags } from '#wire/smb2/header.js';
import type { Created, CreateFacts } from '../action/create.js';
import { type DurableWish, describe, grantDurable, reconnect } from '../action/durable.js';
import type { DiskOpen } from '../state/open.js';
import { leaseOf, levelOfState, stateOfLevel } from './caching.js';
import type { Smb2Context } from './context.js';
import { lastingPatience } from './patience.js';

/**
 * Executes a CREATE with a durable handle request. With a CreateGuid, replays return the same open
 * ([MS-SMB2] 3.3.5.9.10).
 */
export async function createOnce(
  request: CreateRequest,
  context: Smb2Context,
  wish: DurableWish,
  facts: CreateFacts,
  make: (facts: CreateFacts) => Promise<Created>,
): Promise<Created> {
  const { core } = context;
  const grant = async (created: Created): Promise<Created> => {
    await grantDurable(core, created, wish);
    if (created.open.closed) throw new StatusError(NtStatus.NetworkNameDeleted);
    return created;
  };
  if (wish.createGuid === NIL_GUID) return grant(await make(facts));
  const key = `${wish.client} ${wish.createGuid}`;
  const known = core.replays.get(key);
  if (known) return again(request, context, facts, known);
  const persistent = core.persistents.findByCreate(wish.client, wish.createGuid);
  if (persistent) return persistentAgain(request, context, facts, persistent);
  core.replays.begin(key);
  const { patience, over } = lastingPatience(context);
  try {
    const created = await grant(await make({ ...facts, patience }));
    // The connection may have been lost already; then the open waits for its client to reconnect.
    if (core.durables.has(created.open)) core.replays.end(key);
    else core.replays.done(key, created.open, created.action);
    return created;
  } catch (error) {
    core.replays.end(key);
    throw error;
  } finally {
    over();
  }
}

/** [MS-SMB2] 3.3.5.9.10: for a persistent open, the client may replay the CREATE at any later time. */
async function persistentAgain(
  request: CreateRequest,
  context: Smb2Context,
  facts: CreateFacts,
  open: DiskOpen,
): Promise<Created> {
  const { core, tree } = context;
  const { durable } = open;
  if (durable === undefined || !replays(context)) throw new StatusError(NtStatus.DuplicateObjectid);
  const { client, createGuid, action } = durable;
  if (!core.durables.has(open)) return again(request, context, facts, { open, action });
  const leaseKey = leaseOf(request)?.leaseKey;
  const meant = { fileId: FileId.none, client, createGuid, leaseKey, persistent: true };
  return { ...(await reconnect(core, tree, meant, facts)), action, untoldDurable: false };
}

function replays({ request }: Smb2Context): boolean {
  return (request.header.flags & HeaderFlags.ReplayOperation) !== 0;
}

async function again(
  request: CreateRequest,
  context: Smb2Context,
  facts: CreateFacts,
  { open, action }: { readonly open: DiskOpen | undefined; readonly action: number },
): Promise<Created> {
  const { core, tree } = context;
  // The original CREATE is still in progress: the client has to retry.
  if (open === undefined) throw new StatusError(NtStatus.FileNotAvailable);
  if (!replays(context) || open.tree !== tree) throw new StatusError(NtStatus.DuplicateObjectid);
  const asked = request.requestedOplockLevel === OplockLevel.Lease ? leaseOf(request)?.leaseKey : undefined;
  const has = open.claim.holder?.lease?.key;
  if (asked !== undefined && asked !== has) throw new StatusError(NtStatus.AccessDenied);
  const told = await describe(core, tree, open, facts);
  if (has !== undefined) return { ...told, action };
  // Windows returns the oplock requested by the replay, and durability accordingly.
  const state = (stateOfLevel(request.requestedOplockLevel) ?? Caching.None) & (open.claim.holder?.state ?? 0);
  const level = levelOfState(state);
  const keeps = level === OplockLevel.Batch || open.durable?.tenacity === 'persistent';
  return { ...told, action, level, untoldDurable: !keeps };
}
