import { GetDfsReferralRequest, GetDfsReferralResponse } from '#wire/dfsc/get-dfs-referral.js';
import { ConnectionLost, StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Fsctl } from '#wire/fscc/fsctl/fsctl.js';
import { type NetworkInterfaceInfo, NetworkInterfaceInfoResponse } from '#wire/fscc/fsctl/network-interface-info.js';
import { SrvCopychunk, SrvCopychunkCopy, SrvCopychunkResponse } from '#wire/fscc/fsctl/srv-copychunk.js';
import { SrvRequestResumeKeyResponse } from '#wire/fscc/fsctl/srv-request-resume-key.js';
import {
  ValidateNegotiateInfoRequest,
  ValidateNegotiateInfoResponse,
} from '#wire/fscc/fsctl/validate-negotiate-info.js';
import { EMPTY } from '#wire/io/decoder.js';
import { FileId } from '#wire/io/file-id.js';
import { IoctlRequest, type IoctlResponse } from '#wire/smb2/command/ioctl.js';
import { Command } from '#wire/smb2/header.js';
import { packed, unpacked } from '../packing.js';
import type { Control, CopyControl, CopyOutcome, CopySource, DataRange, DeviceControl } from '../protocol.js';
import type { Caller } from './caller.js';
import type { Smb2Handle } from './create.js';
import type { Channel } from './session.js';
import type { OnFile, TreeCall } from './tree-call.js';

/** The chunk size of server-side copies, small enough for every server ([MS-SMB2] 3.3.3). */
const CHUNK_SIZE = 1024 * 1024;
const CHUNKS = 16;
const SMALL_ANSWER = 4096;

interface Ioctl {
  readonly code: number;
  readonly fileId: FileId;
  readonly input: Uint8Array;
  readonly limit: number;
  readonly path?: string;
  readonly accept?: readonly number[];
}

function ioctlCall(caller: Caller, { code, fileId, input, limit, path, accept }: Ioctl): TreeCall {
  const body = new IoctlRequest();
  body.ctlCode = code;
  body.fileId = fileId;
  body.input = input;
  body.maxOutputResponse = caller.answerable(limit);
  const charge = caller.charge(Math.max(input.length, body.maxOutputResponse));
  return { command: Command.Ioctl, body, charge, path, ...(accept ? { accept } : {}) };
}

const ROOM = 65536;

/** The IOCTL request for a control code. */
export function controlCall(caller: Caller, path: string, { code, input, limit }: DeviceControl): OnFile {
  return (fileId) => ioctlCall(caller, { code, fileId, input: input ?? EMPTY, limit: limit ?? ROOM, path });
}

export async function ioctl(
  caller: Caller,
  handle: Smb2Handle,
  request: DeviceControl,
  control?: Control,
): Promise<Uint8Array> {
  const reply = await caller.call(controlCall(caller, handle.path, request)(handle.fileId), control);
  return (reply.body as IoctlResponse).output;
}

/** FSCTL_PIPE_TRANSCEIVE: what exceeds the response stays in the pipe. */
export async function transact(
  caller: Caller,
  handle: Smb2Handle,
  input: Uint8Array,
  limit: number,
  control?: Control,
): Promise<Uint8Array> {
  const { fileId, path } = handle;
  const call = ioctlCall(caller, { code: Fsctl.PipeTransceive, fileId, input, limit, path });
  const reply = await caller.call({ ...call, accept: [NtStatus.BufferOverflow] }, control);
  return (reply.body as IoctlResponse).output;
}

const NOT_HERE: readonly number[] = [
  NtStatus.NotSupported,
  NtStatus.InvalidDeviceRequest,
  NtStatus.NotImplemented,
  NtStatus.ObjectNameNotFound,
  NtStatus.InvalidParameter,
  NtStatus.AccessDenied,
];

/**
 * FSCTL_SRV_COPYCHUNK_WRITE ([MS-SMB2] 3.2.4.20.2). The source may be open on another share of the session; Samba and
 * Windows find it there by its key.
 */
export async function copyRanges(
  caller: Caller,
  { session, key }: CopySource,
  to: Smb2Handle,
  ranges: readonly DataRange[],
  control: CopyControl = {},
): Promise<CopyOutcome> {
  if (session !== caller.session) return 'elsewhere';
  const begin = control.done ?? 0;
  let done = begin;
  for (let left = nextChunks(ranges, done); left.length > 0; left = nextChunks(ranges, done)) {
    const copied = await copyChunks(caller, to, key, left, control);
    if (copied === 0 && done === begin) return 'refused';
    if (copied === 0) throw new StatusError(NtStatus.UnexpectedIoError, { command: 'IOCTL', path: to.path });
    done += copied;
    control.onCopied?.(done);
  }
  return 'copied';
}

/** The chunks of the next request, after `done` bytes have been copied. */
function nextChunks(ranges: readonly DataRange[], done: number): SrvCopychunk[] {
  const chunks: SrvCopychunk[] = [];
  let skip = done;
  for (const { start, end } of ranges) {
    let at = Math.min(start + skip, end);
    skip -= at - start;
    for (; at < end; at += CHUNK_SIZE) {
      if (chunks.length === CHUNKS) return chunks;
      const chunk = new SrvCopychunk();
      chunk.sourceOffset = chunk.targetOffset = at;
      chunk.length = Math.min(CHUNK_SIZE, end - at);
      chunks.push(chunk);
    }
  }
  return chunks;
}

/** FSCTL_SRV_REQUEST_RESUME_KEY ([MS-SMB2] 3.2.4.20.2.1). */
export async function copySource(
  caller: Caller,
  handle: Smb2Handle,
  control?: Control,
): Promise<CopySource | undefined> {
  const { session } = caller;
  const { fileId, path } = handle;
  const call = ioctlCall(caller, { code: Fsctl.SrvRequestResumeKey, fileId, input: EMPTY, limit: SMALL_ANSWER, path });
  try {
    const reply = await caller.call(call, control);
    const { resumeKey } = unpacked(new SrvRequestResumeKeyResponse(), (reply.body as IoctlResponse).output);
    return { session, key: resumeKey.slice() };
  } catch (error) {
    if (error instanceof StatusError && NOT_HERE.includes(error.status)) return undefined;
    throw error;
  }
}

function lengthOf(chunks: readonly SrvCopychunk[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

async function copyChunks(
  caller: Caller,
  to: Smb2Handle,
  sourceKey: Uint8Array,
  chunks: SrvCopychunk[],
  control?: Control,
): Promise<number> {
  const input = Object.assign(new SrvCopychunkCopy(), { sourceKey, chunks });
  const code = Fsctl.SrvCopychunkWrite;
  const call = ioctlCall(caller, { code, fileId: to.fileId, input: packed(input), limit: SMALL_ANSWER, path: to.path });
  try {
    const reply = await caller.call(call, control);
    const { totalBytesWritten } = unpacked(new SrvCopychunkResponse(), (reply.body as IoctlResponse).output);
    return Math.min(totalBytesWritten, lengthOf(chunks));
  } catch (error) {
    if (error instanceof StatusError && NOT_HERE.includes(error.status)) return 0;
    throw error;
  }
}

const NO_DFS: readonly number[] = [
  ...NOT_HERE,
  NtStatus.FsDriverRequired,
  NtStatus.NotFound,
  NtStatus.ObjectPathNotFound,
  NtStatus.NoSuchDevice,
  NtStatus.DfsUnavailable,
];
/** Buffer sizes for a referral: the usual one, and the largest ([MS-DFSC] 3.1.4.2). */
const REFERRAL_SIZES = [8192, 56 * 1024];

/** FSCTL_DFS_GET_REFERRALS ([MS-SMB2] 3.2.4.20.3). Undefined if the server knows of no DFS there. */
export async function getReferral(
  caller: Caller,
  path: string,
  control?: Control,
): Promise<GetDfsReferralResponse | undefined> {
  const input = new GetDfsReferralRequest();
  input.requestFileName = path;
  for (const limit of REFERRAL_SIZES) {
    const ioctl = { code: Fsctl.DfsGetReferrals, fileId: FileId.related, input: packed(input), limit, path };
    const call = ioctlCall(caller, { ...ioctl, accept: [...NO_DFS, NtStatus.BufferOverflow] });
    const reply = await caller.call(call, control);
    if (reply.header.status === NtStatus.BufferOverflow) continue;
    if (reply.header.status !== NtStatus.Success) return undefined;
    return unpacked(new GetDfsReferralResponse(), (reply.body as IoctlResponse).output);
  }
  throw new StatusError(NtStatus.BufferOverflow, { command: 'IOCTL', path, hint: 'the referral has too many targets' });
}

/** FSCTL_QUERY_NETWORK_INTERFACE_INFO ([MS-SMB2] 3.2.4.20.10). Empty if the server reports none. */
export async function queryInterfaces(caller: Caller, control?: Control): Promise<NetworkInterfaceInfo[]> {
  const ioctl = { code: Fsctl.QueryNetworkInterfaceInfo, fileId: FileId.related, input: EMPTY, limit: 65536 };
  const reply = await caller.call(ioctlCall(caller, { ...ioctl, accept: NOT_HERE }), control);
  if (reply.header.status !== NtStatus.Success) return [];
  return unpacked(new NetworkInterfaceInfoResponse(), (reply.body as IoctlResponse).output).interfaces;
}

// Servers before Windows Server 2012 do not support the request; their error response must be signed, too.
const UNKNOWN: readonly number[] = [NtStatus.InvalidDeviceRequest, NtStatus.FileClosed, NtStatus.NotSupported];

/** Validates the NEGOTIATE exchange with a signed request ([MS-SMB2] 3.2.5.5), which detects a downgrade attack. */
export async function validateNegotiation(caller: Caller, channel: Channel, control?: Control): Promise<void> {
  const { request, response } = channel.line.agreement;
  const input = new ValidateNegotiateInfoRequest();
  input.capabilities = request.capabilities;
  input.guid = request.clientGuid;
  input.securityMode = request.securityMode;
  input.dialects = request.dialects;
  const ioctl = { code: Fsctl.ValidateNegotiateInfo, fileId: FileId.related, input: packed(input), limit: 24 };
  const call = ioctlCall(caller, { ...ioctl, accept: UNKNOWN });
  const reply = await caller.signedCall(call, channel, control).catch((error) => {
    // [MS-SMB2] 3.3.5.15.12: on a mismatch, the server closes the connection. It may also have been lost by chance, so
    // another attempt is allowed, which has to be validated again.
    if (error instanceof ConnectionLost && error.retryable) throw tampered(error);
    throw error;
  });
  if (reply.header.status !== NtStatus.Success) return;
  const output = unpacked(new ValidateNegotiateInfoResponse(), (reply.body as IoctlResponse).output);
  const same =
    output.capabilities === response.capabilities &&
    output.guid === response.serverGuid &&
    output.securityMode === response.securityMode &&
    output.dialect === response.dialectRevision;
  if (!same) throw tampered();
}

function tampered(cause?: ConnectionLost): ConnectionLost {
  const message = cause ? 'the server does not confirm the negotiation' : 'the server confirms another negotiation';
  const code = 'SMB_NEGOTIATION_TAMPERED';
  return new ConnectionLost(message, { retryable: cause !== undefined, code, ...(cause && { cause }) });
}
