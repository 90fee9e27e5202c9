import { NtCreateAndXRequest } from '#wire/smb1/command/nt-create-andx.js';
import {
  NtTransactCreateData,
  NtTransactCreateRequest,
  NtTransactCreateResponse,
} from '#wire/smb1/nt-transact/create.js';
import { parseEas } from '../action/eas.js';
import type { Smb1Context } from './context.js';
import { createFor } from './nt-create-andx.js';
import { decodeAs, encodeAs, type Transaction, type TransactionResult } from './transact.js';

const EXTENDED_WORDS = 42;

/** [MS-CIFS] 3.3.5.59.1: NT_CREATE_ANDX with a security descriptor and extended attributes. */
export async function ntTransactCreate(
  { parameters, data }: Transaction,
  context: Smb1Context,
): Promise<TransactionResult> {
  const asked = decodeAs(new NtTransactCreateRequest(), parameters, context.unicode);
  const { securityDescriptor, extendedAttributes } = decodeAs(new NtTransactCreateData(asked), data, context.unicode);
  const request = Object.assign(new NtCreateAndXRequest(), {
    flags: asked.flags,
    rootDirectoryFid: asked.rootDirectoryFid,
    desiredAccess: asked.desiredAccess,
    allocationSize: asked.allocationSize,
    extFileAttributes: asked.extFileAttributes,
    shareAccess: asked.shareAccess,
    createDisposition: asked.createDisposition,
    createOptions: asked.createOptions,
    impersonationLevel: asked.impersonationLevel,
    securityFlags: asked.securityFlags,
    fileName: asked.name,
  });
  const created = await createFor(request, context, {
    ...(securityDescriptor.length > 0 && { securityDescriptor }),
    ...(extendedAttributes.length > 0 && { eas: parseEas(extendedAttributes) }),
  });
  const response = Object.assign(new NtTransactCreateResponse(), {
    opLockLevel: created.opLockLevel,
    responseType: created.wordCount === EXTENDED_WORDS ? 1 : 0,
    fid: created.fid,
    createAction: created.createDisposition,
    creationTime: created.createTime,
    lastAccessTime: created.lastAccessTime,
    lastWriteTime: created.lastWriteTime,
    lastChangeTime: created.lastChangeTime,
    extFileAttributes: created.extFileAttributes,
    allocationSize: created.allocationSize,
    endOfFile: created.endOfFile,
    resourceType: created.resourceType,
    nmPipeStatusOrFileStatusFlags: created.nmPipeStatusOrFileStatusFlags,
    directory: created.directory,
    maximalAccessRights: created.maximalAccessRights,
    guestMaximalAccessRights: created.guestMaximalAccessRights,
  });
  return { parameters: encodeAs(response, context.unicode) };
}
