import { type LocalAddress, reachableAddresses } from '#net/interfaces.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import {
  NetworkInterfaceInfo,
  NetworkInterfaceInfoResponse,
  SockaddrStorage,
} from '#wire/fscc/fsctl/network-interface-info.js';
import type { IoctlRequest } from '#wire/smb2/command/ioctl.js';
import { GlobalCap } from '#wire/smb2/command/negotiate.js';
import type { Smb2Context } from '../context.js';
import type { FsctlAnswer } from './fsctl.js';

/** Actual link speeds are unknown; equal values keep clients from preferring an interface. */
const LINK_SPEED = 1_000_000_000;

/**
 * FSCTL_QUERY_NETWORK_INTERFACE_INFO ([MS-SMB2] 3.3.5.15.11): other addresses where the client may open channels.
 * Loopback is only listed if there is nothing else. Requires no right on the share.
 */
export function networkInterfaces(_request: IoctlRequest, context: Smb2Context): FsctlAnswer {
  const { connection, core } = context;
  const { isPipe } = context.anyTree;
  if ((connection.capabilities & GlobalCap.MultiChannel) === 0) {
    throw new StatusError(isPipe ? NtStatus.FsDriverRequired : NtStatus.InvalidDeviceRequest);
  }
  const hosts = new Set(core.listening.map(({ host }) => host));
  const addresses = [...hosts].flatMap(reachableAddresses);
  const outer = addresses.filter(({ loopback }) => !loopback);
  const response = new NetworkInterfaceInfoResponse();
  response.interfaces = (outer.length > 0 ? outer : addresses).map(infoOf);
  return { output: core.encoder.encode(response) };
}

function infoOf({ index, bytes, scopeId }: LocalAddress): NetworkInterfaceInfo {
  const info = new NetworkInterfaceInfo();
  info.ifIndex = index;
  info.linkSpeed = LINK_SPEED;
  info.sockaddrStorage = SockaddrStorage.of(bytes);
  info.sockaddrStorage.scopeId = scopeId;
  return info;
}
