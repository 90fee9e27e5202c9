import { NetApiStatus } from '#wire/rpc/srvsvc/interface.js';
import { NetrRemoteTodRequest, NetrRemoteTodResponse, TimeOfDayInfo } from '#wire/rpc/srvsvc/netr-remote-tod.js';
import { NetrServerGetInfoRequest, NetrServerGetInfoResponse } from '#wire/rpc/srvsvc/netr-server-get-info.js';
import { hasServerFields, isServerLevel, ServerInfo, ServerType } from '#wire/rpc/srvsvc/server-info.js';
import {
  NetprNameValidateRequest,
  NetrServerDiskEnumRequest,
  NetrServerDiskEnumResponse,
  NetrStatusResponse,
} from '#wire/rpc/srvsvc/single.js';
import { isShareName } from '../../state/share.js';
import { on, type RpcOperation } from '../interface.js';

/** The version of Windows 7, also reported by Samba; clients restrict themselves with older ones. */
export const VERSION = { major: 6, minor: 1 } as const;

export const SERVER_TYPE: number = ServerType.Workstation | ServerType.Server | ServerType.Nt | ServerType.ServerNt;

/** [MS-SRVS] 3.1.4.17: general server information; configuration levels are denied to everybody. */
export const getServerInfo: RpcOperation = on(
  NetrServerGetInfoRequest,
  NetrServerGetInfoResponse,
  (request, response, { core }) => {
    const { level } = request;
    response.level = level;
    if (!isServerLevel(level)) return NetApiStatus.ErrorInvalidLevel;
    if (!hasServerFields(level)) return NetApiStatus.ErrorAccessDenied;
    response.info = Object.assign(new ServerInfo(), {
      name: core.name,
      versionMajor: VERSION.major,
      versionMinor: VERSION.minor,
      type: SERVER_TYPE,
      comment: '',
      users: core.limits.connections,
      userpath: '',
    });
    return NetApiStatus.Success;
  },
);

/** [MS-SRVS] 3.1.4.21: time of day in UTC, and the server's time zone offset. */
export const remoteTod: RpcOperation = on(
  NetrRemoteTodRequest,
  NetrRemoteTodResponse,
  (_request, response, { core }) => {
    const now = core.clock.now();
    const date = new Date(now);
    response.info = Object.assign(new TimeOfDayInfo(), {
      elapsedt: Math.floor(now / 1000),
      msecs: Math.floor(now) % 2 ** 32,
      hours: date.getUTCHours(),
      mins: date.getUTCMinutes(),
      secs: date.getUTCSeconds(),
      hunds: Math.floor(date.getUTCMilliseconds() / 10),
      timezone: date.getTimezoneOffset(),
      day: date.getUTCDate(),
      month: date.getUTCMonth() + 1,
      year: date.getUTCFullYear(),
      weekday: date.getUTCDay(),
    });
    return NetApiStatus.Success;
  },
);

/** [MS-SRVS] 3.1.4.19: there are no drive letters. */
export const enumDisks: RpcOperation = on(
  NetrServerDiskEnumRequest,
  NetrServerDiskEnumResponse,
  (request, response) => {
    response.resumeHandle = request.resumeHandle === null ? null : 0;
    return request.level === 0 ? NetApiStatus.Success : NetApiStatus.ErrorInvalidLevel;
  },
);

/** [MS-SRVS] 2.2.2.8 NAMETYPE_SHARE. */
const SHARE_NAME = 9;

/** [MS-SRVS] 3.1.4.30: only share names are supported. */
export const validateName: RpcOperation = on(NetprNameValidateRequest, NetrStatusResponse, ({ name, nameType }) => {
  if (nameType !== SHARE_NAME) return NetApiStatus.ErrorInvalidLevel;
  return isShareName(name) ? NetApiStatus.Success : NetApiStatus.ErrorInvalidName;
});
