import type { DirectoryEntry } from '#fs/backend.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import type { FindClose2Request } from '#wire/smb1/command/find-close2.js';
import {
  FindFirst2Request,
  FindFirst2Response,
  FindFlags,
  FindNext2Request,
  FindNext2Response,
} from '#wire/smb1/trans2/find.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { close } from '../action/close.js';
import { create } from '../action/create.js';
import type { DiskOpen } from '../state/open.js';
import { SHARE_ALL } from './by-path.js';
import type { Smb1Context } from './context.js';
import { findPacker } from './find-packer.js';
import { splitPattern } from './search-filter.js';
import { Search } from './searches.js';
import { decodeAs, encodeAs, type Transaction, type TransactionResult } from './transact.js';

/** SID returned for a search that is already closed. */
const NO_SEARCH = 0xffff;
const ACCESS = FileAccess.ReadData | FileAccess.ReadAttributes | FileAccess.Synchronize;

/** Parameters of a search request. */
interface Wanted {
  readonly informationLevel: number;
  readonly searchCount: number;
  readonly flags: number;
}

interface Found {
  readonly data: Uint8Array;
  readonly count: number;
  readonly end: boolean;
  readonly lastAt: number;
}

/** [MS-CIFS] 3.3.5.58.2. */
export async function findFirst2(transaction: Transaction, context: Smb1Context): Promise<TransactionResult> {
  const request = decodeAs(new FindFirst2Request(), transaction.parameters, context.unicode);
  const { directory, pattern } = splitPattern(context, request.fileName);
  const open = await openDirectory(context, directory);
  const search = new Search(context.core, open, pattern === '' ? '*' : pattern, request.searchAttributes);
  try {
    const found = await fill(search, request, transaction, context);
    if (found.count === 0) throw new StatusError(NtStatus.NoSuchFile);
    const response = new FindFirst2Response();
    const ends = endsWith(request.flags, found);
    response.sid = ends ? NO_SEARCH : await context.connection.searches.add(search);
    if (ends) await close(context.core, open);
    return result(response, found, context);
  } catch (error) {
    await close(context.core, open);
    throw error;
  }
}

/**
 * [MS-CIFS] 3.3.5.58.3. At the end the response is empty, without an error: clients treat NO_MORE_FILES as a result.
 */
export async function findNext2(transaction: Transaction, context: Smb1Context): Promise<TransactionResult> {
  const request = decodeAs(new FindNext2Request(), transaction.parameters, context.unicode);
  const { searches } = context.connection;
  const search = searches.get(request.sid, context.diskTree);
  const goesOn = (request.flags & FindFlags.ContinueFromLast) !== 0;
  const found = await search.exclusively(async () => {
    if (!goesOn) await search.resumeBehind(request.fileName);
    return fill(search, request, transaction, context);
  });
  if (endsWith(request.flags, found)) await searches.close(request.sid);
  return result(new FindNext2Response(), found, context);
}

/** [MS-CIFS] 3.3.5.39. */
export async function findClose2(request: FindClose2Request, context: Smb1Context): Promise<EmptyBlock> {
  const { searches } = context.connection;
  searches.get(request.searchHandle, context.tree);
  await searches.close(request.searchHandle);
  return new EmptyBlock();
}

async function openDirectory(context: Smb1Context, name: string): Promise<DiskOpen> {
  try {
    const { open } = await create(context.core, context.diskTree, {
      patience: context.patience,
      name,
      desiredAccess: ACCESS,
      shareAccess: SHARE_ALL,
      disposition: CreateDisposition.Open,
      options: CreateOptions.DirectoryFile,
      attributes: 0,
    });
    context.connection.processes.set(open, context.request.header.pid);
    return open;
  } catch (error) {
    const missing = error instanceof StatusError && error.status === NtStatus.ObjectNameNotFound;
    throw missing ? new StatusError(NtStatus.ObjectPathNotFound) : error;
  }
}

/** Packs further entries, up to the requested count and the available space. */
async function fill(
  search: Search,
  wanted: Wanted,
  { maxDataCount }: Transaction,
  context: Smb1Context,
): Promise<Found> {
  search.open.tree.require('read');
  const keys = (wanted.flags & FindFlags.ReturnResumeKeys) !== 0;
  const packer = findPacker(wanted.informationLevel, maxDataCount, context.unicode, keys);
  const most = Math.max(1, wanted.searchCount);
  const told: DirectoryEntry[] = [];
  for (;;) {
    const entry = await search.next();
    const fits = entry !== undefined && told.length < most && packer.add(entry);
    if (entry !== undefined && fits) {
      told.push(entry);
      continue;
    }
    if (entry !== undefined) search.putBack(entry);
    if (entry !== undefined && told.length === 0) throw new StatusError(NtStatus.BufferTooSmall);
    search.tell(told);
    return { data: packer.finish(), count: told.length, end: entry === undefined, lastAt: packer.lastAt };
  }
}

function endsWith(flags: number, { end }: Found): boolean {
  return (flags & FindFlags.CloseAfterRequest) !== 0 || (end && (flags & FindFlags.CloseAtEos) !== 0);
}

function result(
  response: FindFirst2Response | FindNext2Response,
  { data, count, end, lastAt }: Found,
  context: Smb1Context,
): TransactionResult {
  response.searchCount = count;
  response.endOfSearch = Number(end);
  response.lastNameOffset = lastAt;
  return { parameters: encodeAs(response, context.unicode), data };
}
