import { NtTransactFunction } from '#wire/smb1/command/nt-transact.js';
import { IoctlSetup } from '#wire/smb1/nt-transact/ioctl.js';
import type { Control, DeviceControl } from '../protocol.js';
import type { Smb1Caller } from './caller.js';
import type { Smb1Handle } from './files.js';

const ROOM = 65536;

/** NT_TRANSACT_IOCTL ([MS-CIFS] 2.2.7.2, [MS-SMB] 2.2.7.2). */
export async function ioctl(
  caller: Smb1Caller,
  { fid, path }: Smb1Handle,
  { code: functionCode, input: data, limit: maxData = ROOM }: DeviceControl,
  control?: Control,
): Promise<Uint8Array> {
  const setup = Object.assign(new IoctlSetup(), { functionCode, fid, isFctl: 1 });
  const request = { function: NtTransactFunction.Ioctl, setup, maxSetup: 1, maxParameters: 0, maxData, path };
  return (await caller.ntTransact({ ...request, ...(data && { data }) }, control)).data;
}
