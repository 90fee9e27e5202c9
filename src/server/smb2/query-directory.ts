import {
  QueryDirectoryFlags,
  type QueryDirectoryRequest,
  QueryDirectoryResponse,
} from '#wire/smb2/command/query-directory.js';
import { queryDirectory as query } from '../action/query-directory.js';
import type { Smb2Context } from './context.js';

/** [MS-SMB2] 3.3.5.18. File indexes are not supported: IndexSpecified continues at the current position. */
export async function queryDirectory(
  request: QueryDirectoryRequest,
  context: Smb2Context,
): Promise<QueryDirectoryResponse> {
  context.requireCharge(request.outputBufferLength);
  const open = context.diskOpen(request.fileId);
  const has = (flag: number): boolean => (request.flags & flag) !== 0;
  const response = new QueryDirectoryResponse();
  response.output = await query(context.core, open, {
    infoClass: request.fileInformationClass,
    pattern: request.fileName,
    reopen: has(QueryDirectoryFlags.Reopen),
    restart: has(QueryDirectoryFlags.RestartScans),
    single: has(QueryDirectoryFlags.ReturnSingleEntry),
    maxBytes: request.outputBufferLength,
  });
  return response;
}
