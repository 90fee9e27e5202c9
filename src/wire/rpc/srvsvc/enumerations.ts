import type { NameTable } from '../../io/names.js';
import { LevelContainer, type LevelEntry, ServerRequest, StatusResponse } from '../messages.js';
import type { Ndr } from '../ndr.js';
import { netApiStatusNames } from './interface.js';

/** Common end of all enumeration requests. */
abstract class EnumRequest<T extends LevelEntry> extends ServerRequest {
  abstract infoStruct: LevelContainer<T>;
  preferedMaximumLength = 0xffffffff;
  resumeHandle: number | null = 0;

  protected override fields(ndr: Ndr): void {
    this.qualifiers(ndr);
    ndr.param(() => ndr.group('InfoStruct', () => this.infoStruct.fields(ndr)));
    this.preferedMaximumLength = ndr.u32('PreferedMaximumLength', this.preferedMaximumLength);
    this.resumeHandle = ndr.optionalU32('ResumeHandle', this.resumeHandle);
  }

  /** The parameters before the container. */
  protected qualifiers(_ndr: Ndr): void {}
}

/** Common response of all enumerations. */
abstract class EnumResponse<T extends LevelEntry> extends StatusResponse {
  abstract infoStruct: LevelContainer<T>;
  totalEntries = 0;
  resumeHandle: number | null = 0;

  protected override fields(ndr: Ndr): void {
    ndr.param(() => ndr.group('InfoStruct', () => this.infoStruct.fields(ndr)));
    this.totalEntries = ndr.u32('TotalEntries', this.totalEntries);
    this.resumeHandle = ndr.optionalU32('ResumeHandle', this.resumeHandle);
  }

  protected override statusNames(): NameTable {
    return netApiStatusNames;
  }
}

/** [MS-SRVS] 2.2.4.84, 2.2.4.85 CHARDEV_INFO_0 and _1, which today's servers do not have. */
export class CharDevInfo {
  device: string | null = null;
  status = 0;
  opens: string | null = null;
  time = 0;

  fields(ndr: Ndr, level: number): void {
    ndr.stringPointer(`ch${level}_dev`, this.device, (v) => {
      this.device = v;
    });
    if (level === 0) return;
    this.status = ndr.u32('ch1_status', this.status);
    ndr.stringPointer('ch1_username', this.opens, (v) => {
      this.opens = v;
    });
    this.time = ndr.u32('ch1_time', this.time);
  }
}

/** [MS-SRVS] 2.2.4.86, 2.2.4.87 CHARDEVQ_INFO_0 and _1. */
export class CharDevQInfo {
  device: string | null = null;
  priority = 0;
  devices: string | null = null;
  users = 0;
  ahead = 0;

  fields(ndr: Ndr, level: number): void {
    ndr.stringPointer(`cq${level}_dev`, this.device, (v) => {
      this.device = v;
    });
    if (level === 0) return;
    this.priority = ndr.u32('cq1_priority', this.priority);
    ndr.stringPointer('cq1_devs', this.devices, (v) => {
      this.devices = v;
    });
    this.users = ndr.u32('cq1_numusers', this.users);
    this.ahead = ndr.u32('cq1_numahead', this.ahead);
  }
}

/** [MS-SRVS] 2.2.4.1, 2.2.4.2 CONNECTION_INFO_0 and _1. */
export class ConnectionInfo {
  id = 0;
  type = 0;
  numOpens = 0;
  numUsers = 0;
  /** Seconds. */
  time = 0;
  username: string | null = null;
  netname: string | null = null;

  fields(ndr: Ndr, level: number): void {
    this.id = ndr.u32(`coni${level}_id`, this.id);
    if (level === 0) return;
    this.type = ndr.u32('coni1_type', this.type);
    this.numOpens = ndr.u32('coni1_num_opens', this.numOpens);
    this.numUsers = ndr.u32('coni1_num_users', this.numUsers);
    this.time = ndr.u32('coni1_time', this.time);
    ndr.stringPointer('coni1_username', this.username, (v) => {
      this.username = v;
    });
    ndr.stringPointer('coni1_netname', this.netname, (v) => {
      this.netname = v;
    });
  }
}

/** [MS-SRVS] 2.2.4.6, 2.2.4.7 FILE_INFO_2 and _3. */
export class FileInfo {
  id = 0;
  permissions = 0;
  numLocks = 0;
  pathname: string | null = null;
  username: string | null = null;

  fields(ndr: Ndr, level: number): void {
    this.id = ndr.u32(`fi${level}_id`, this.id);
    if (level === 2) return;
    this.permissions = ndr.u32('fi3_permissions', this.permissions);
    this.numLocks = ndr.u32('fi3_num_locks', this.numLocks);
    ndr.stringPointer('fi3_pathname', this.pathname, (v) => {
      this.pathname = v;
    });
    ndr.stringPointer('fi3_username', this.username, (v) => {
      this.username = v;
    });
  }
}

/** [MS-SRVS] 2.2.4.11 to 2.2.4.15 SESSION_INFO_0, _1, _2, _10 and _502. */
export class SessionInfo {
  cname: string | null = null;
  username: string | null = null;
  numOpens = 0;
  /** Seconds. */
  time = 0;
  idleTime = 0;
  /** 1 for a guest. */
  userFlags = 0;
  clientType: string | null = null;
  transport: string | null = null;

  fields(ndr: Ndr, level: number): void {
    const label = `sesi${level}`;
    ndr.stringPointer(`${label}_cname`, this.cname, (v) => {
      this.cname = v;
    });
    if (level === 0) return;
    ndr.stringPointer(`${label}_username`, this.username, (v) => {
      this.username = v;
    });
    if (level !== 10) this.numOpens = ndr.u32(`${label}_num_opens`, this.numOpens);
    this.time = ndr.u32(`${label}_time`, this.time);
    this.idleTime = ndr.u32(`${label}_idle_time`, this.idleTime);
    if (level === 10) return;
    this.userFlags = ndr.u32(`${label}_user_flags`, this.userFlags);
    if (level === 1) return;
    ndr.stringPointer(`${label}_cltype_name`, this.clientType, (v) => {
      this.clientType = v;
    });
    if (level === 2) return;
    ndr.stringPointer('sesi502_transport', this.transport, (v) => {
      this.transport = v;
    });
  }
}

/** [MS-SRVS] 2.2.4.93 to 2.2.4.96 SERVER_TRANSPORT_INFO_0 to _3; only the first fields of the last two. */
export class ServerTransportInfo {
  numberOfVcs = 0;
  transportName: string | null = null;
  transportAddress: Uint8Array = new Uint8Array(0);
  networkAddress: string | null = null;
  domain: string | null = null;

  fields(ndr: Ndr, level: number): void {
    const label = `svti${level}`;
    this.numberOfVcs = ndr.u32(`${label}_numberofvcs`, this.numberOfVcs);
    ndr.stringPointer(`${label}_transportname`, this.transportName, (v) => {
      this.transportName = v;
    });
    let length = this.transportAddress.length;
    ndr.pointer(`${label}_transportaddress`, true, () => {
      this.transportAddress = ndr.bytes(`${label}_transportaddress`, length, this.transportAddress);
    });
    length = ndr.u32(`${label}_transportaddresslength`, length);
    ndr.stringPointer(`${label}_networkaddress`, this.networkAddress, (v) => {
      this.networkAddress = v;
    });
    if (level === 0) return;
    ndr.stringPointer(`${label}_domain`, this.domain, (v) => {
      this.domain = v;
    });
  }
}

const charDevs = (): LevelContainer<CharDevInfo> => new LevelContainer([0, 1], () => new CharDevInfo());
const charDevQs = (): LevelContainer<CharDevQInfo> => new LevelContainer([0, 1], () => new CharDevQInfo());
const connections = (): LevelContainer<ConnectionInfo> => new LevelContainer([0, 1], () => new ConnectionInfo());
const files = (): LevelContainer<FileInfo> => new LevelContainer([2, 3], () => new FileInfo());
const sessions = (): LevelContainer<SessionInfo> => new LevelContainer([0, 1, 2, 10, 502], () => new SessionInfo());
const transports = (): LevelContainer<ServerTransportInfo> =>
  new LevelContainer([0, 1], () => new ServerTransportInfo());

/** [MS-SRVS] 3.1.4: NetrCharDevEnum (opnum 0), obsolete. */
export class NetrCharDevEnumRequest extends EnumRequest<CharDevInfo> {
  infoStruct: LevelContainer<CharDevInfo> = charDevs();
}
export class NetrCharDevEnumResponse extends EnumResponse<CharDevInfo> {
  infoStruct: LevelContainer<CharDevInfo> = charDevs();
}

/** [MS-SRVS] 3.1.4: NetrCharDevQEnum (opnum 3), obsolete. */
export class NetrCharDevQEnumRequest extends EnumRequest<CharDevQInfo> {
  userName: string | null = null;
  infoStruct: LevelContainer<CharDevQInfo> = charDevQs();

  protected override qualifiers(ndr: Ndr): void {
    this.userName = ndr.optionalString('UserName', this.userName);
  }
}
export class NetrCharDevQEnumResponse extends EnumResponse<CharDevQInfo> {
  infoStruct: LevelContainer<CharDevQInfo> = charDevQs();
}

/** [MS-SRVS] 3.1.4.1 NetrConnectionEnum (opnum 8). */
export class NetrConnectionEnumRequest extends EnumRequest<ConnectionInfo> {
  /** A share name, or a client name with two leading backslashes. */
  qualifier: string | null = null;
  infoStruct: LevelContainer<ConnectionInfo> = connections();

  protected override qualifiers(ndr: Ndr): void {
    this.qualifier = ndr.optionalString('Qualifier', this.qualifier);
  }
}
export class NetrConnectionEnumResponse extends EnumResponse<ConnectionInfo> {
  infoStruct: LevelContainer<ConnectionInfo> = connections();
}

/** [MS-SRVS] 3.1.4.2 NetrFileEnum (opnum 9). */
export class NetrFileEnumRequest extends EnumRequest<FileInfo> {
  basePath: string | null = null;
  userName: string | null = null;
  infoStruct: LevelContainer<FileInfo> = files();

  protected override qualifiers(ndr: Ndr): void {
    this.basePath = ndr.optionalString('BasePath', this.basePath);
    this.userName = ndr.optionalString('UserName', this.userName);
  }
}
export class NetrFileEnumResponse extends EnumResponse<FileInfo> {
  infoStruct: LevelContainer<FileInfo> = files();
}

/** [MS-SRVS] 3.1.4.5 NetrSessionEnum (opnum 12). */
export class NetrSessionEnumRequest extends EnumRequest<SessionInfo> {
  clientName: string | null = null;
  userName: string | null = null;
  infoStruct: LevelContainer<SessionInfo> = sessions();

  protected override qualifiers(ndr: Ndr): void {
    this.clientName = ndr.optionalString('ClientName', this.clientName);
    this.userName = ndr.optionalString('UserName', this.userName);
  }
}
export class NetrSessionEnumResponse extends EnumResponse<SessionInfo> {
  infoStruct: LevelContainer<SessionInfo> = sessions();
}

/** [MS-SRVS] 3.1.4.23 NetrServerTransportEnum (opnum 26). */
export class NetrServerTransportEnumRequest extends EnumRequest<ServerTransportInfo> {
  infoStruct: LevelContainer<ServerTransportInfo> = transports();
}
export class NetrServerTransportEnumResponse extends EnumResponse<ServerTransportInfo> {
  infoStruct: LevelContainer<ServerTransportInfo> = transports();
}
