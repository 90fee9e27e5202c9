import { FileAccess } from '#wire/dtyp/access-mask.js';
import { FileAttributes, SETTABLE_ATTRIBUTES } from '#wire/fscc/attributes.js';
import { FileBasicInformation } from '#wire/fscc/file-info/basic.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { EmptyBlock } from '#wire/smb1/block.js';
import {
  type QueryInformation2Request,
  QueryInformation2Response,
  type SetInformation2Request,
} from '#wire/smb1/command/information2.js';
import { type QueryInformationRequest, QueryInformationResponse } from '#wire/smb1/command/query-information.js';
import { QueryInformationDiskResponse } from '#wire/smb1/command/query-information-disk.js';
import type { SetInformationRequest } from '#wire/smb1/command/set-information.js';
import { fsFacts, nodeFacts } from '../action/facts.js';
import { applyFileInfo } from '../action/set-info.js';
import { requireAccess } from '../state/open.js';
import { byPath } from './by-path.js';
import type { Smb1Context } from './context.js';
import { basicFromDosTimes, dosAttributes, dosSize, dosTimes, filetimeOfUtime, utimeOf } from './times.js';

const MOST_UNITS = 0xffff;
const MOST_BLOCKS = 0x8000;
const BLOCK = 512;

/** [MS-CIFS] 3.3.5.11. */
export async function queryInformation(
  request: QueryInformationRequest,
  context: Smb1Context,
): Promise<QueryInformationResponse> {
  const access = FileAccess.ReadAttributes;
  return byPath(context, request.fileName, { access }, async (open) => {
    const facts = nodeFacts(await open.backend.stat(open.handle));
    const response = new QueryInformationResponse();
    response.fileAttributes = dosAttributes(facts.attributes);
    response.lastWriteTime = utimeOf(facts.lastWriteTime);
    response.fileSize = dosSize(facts.size);
    return response;
  });
}

/** [MS-CIFS] 3.3.5.12. Unlike in other commands, NORMAL leaves the attributes unchanged and zero clears them. */
export async function setInformation(request: SetInformationRequest, context: Smb1Context): Promise<EmptyBlock> {
  const info = new FileBasicInformation();
  info.fileAttributes = request.fileAttributes & (SETTABLE_ATTRIBUTES | FileAttributes.Directory);
  if (request.fileAttributes === 0) info.fileAttributes = FileAttributes.Normal;
  info.lastWriteTime = filetimeOfUtime(request.lastWriteTime);
  const access = FileAccess.WriteAttributes;
  await byPath(context, request.fileName, { access }, (open) =>
    applyFileInfo(context.core, open, FileInfoClass.Basic, info),
  );
  return new EmptyBlock();
}

/** [MS-CIFS] 3.3.5.29. */
export async function queryInformation2(
  request: QueryInformation2Request,
  context: Smb1Context,
): Promise<QueryInformation2Response> {
  const open = context.diskOpen(request.fid);
  requireAccess(open, FileAccess.ReadAttributes);
  open.tree.require('read');
  const facts = nodeFacts(await open.backend.stat(open.handle));
  const response = new QueryInformation2Response();
  response.times = dosTimes(facts);
  response.fileDataSize = dosSize(facts.size);
  response.fileAllocationSize = dosSize(facts.allocationSize);
  response.fileAttributes = dosAttributes(facts.attributes);
  return response;
}

/** [MS-CIFS] 3.3.5.28. */
export async function setInformation2(request: SetInformation2Request, context: Smb1Context): Promise<EmptyBlock> {
  const open = context.diskOpen(request.fid);
  await applyFileInfo(context.core, open, FileInfoClass.Basic, basicFromDosTimes(request.times));
  return new EmptyBlock();
}

/** [MS-CIFS] 2.2.4.57: the size of the medium, as far as 16-bit fields allow. */
export async function queryInformationDisk(
  _request: EmptyBlock,
  context: Smb1Context,
): Promise<QueryInformationDiskResponse> {
  const tree = context.diskTree;
  tree.require('read');
  const facts = await fsFacts(tree);
  let blocks = 1;
  while (blocks < MOST_BLOCKS && facts.total / (blocks * BLOCK) > MOST_UNITS) blocks *= 2;
  const units = (bytes: number): number => Math.min(MOST_UNITS, Math.floor(bytes / (blocks * BLOCK)));
  const response = new QueryInformationDiskResponse();
  response.blockSize = BLOCK;
  response.blocksPerUnit = blocks;
  response.totalUnits = units(facts.total);
  response.freeUnits = units(facts.available);
  return response;
}
