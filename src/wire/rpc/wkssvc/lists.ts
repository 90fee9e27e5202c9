import { LevelContainer, type LevelEntry, levelUnion, ServerRequest } from '../messages.js';
import type { Ndr } from '../ndr.js';
import { NetrStatusResponse } from '../srvsvc/single.js';

/** Request of an enumeration: the container, the preferred length, and where to resume. */
abstract class ListRequest<T extends LevelEntry> extends ServerRequest {
  abstract info: LevelContainer<T>;
  preferredMaximumLength = 0xffffffff;
  resumeHandle: number | null = 0;

  protected override fields(ndr: Ndr): void {
    ndr.param(() => ndr.group('Info', () => this.info.fields(ndr)));
    this.preferredMaximumLength = ndr.u32('PreferredMaximumLength', this.preferredMaximumLength);
    this.resumeHandle = ndr.optionalU32('ResumeHandle', this.resumeHandle);
  }
}

abstract class ListResponse<T extends LevelEntry> extends NetrStatusResponse {
  abstract info: LevelContainer<T>;
  totalEntries = 0;
  resumeHandle: number | null = 0;

  protected override fields(ndr: Ndr): void {
    ndr.param(() => ndr.group('Info', () => this.info.fields(ndr)));
    this.totalEntries = ndr.u32('TotalEntries', this.totalEntries);
    this.resumeHandle = ndr.optionalU32('ResumeHandle', this.resumeHandle);
  }
}

/** [MS-WKST] 2.2.5.9 to 2.2.5.11 WKSTA_USER_INFO_0, _1 and _1101. */
export class WkstaUserInfo {
  username: string | null = null;
  logonDomain: string | null = null;
  otherDomains: string | null = null;
  logonServer: string | null = null;

  fields(ndr: Ndr, level: number): void {
    const text = (name: string, key: 'username' | 'logonDomain' | 'otherDomains' | 'logonServer'): void =>
      ndr.stringPointer(`wkui${level}_${name}`, this[key], (v) => {
        this[key] = v;
      });
    if (level === 1101) return text('oth_domains', 'otherDomains');
    text('username', 'username');
    if (level === 0) return;
    text('logon_domain', 'logonDomain');
    text('oth_domains', 'otherDomains');
    text('logon_server', 'logonServer');
  }
}

const users = (): LevelContainer<WkstaUserInfo> => new LevelContainer([0, 1], () => new WkstaUserInfo());

/** [MS-WKST] 3.2.4.3 NetrWkstaUserEnum (opnum 2). */
export class NetrWkstaUserEnumRequest extends ListRequest<WkstaUserInfo> {
  info: LevelContainer<WkstaUserInfo> = users();
}
export class NetrWkstaUserEnumResponse extends ListResponse<WkstaUserInfo> {
  info: LevelContainer<WkstaUserInfo> = users();
}

/** Opnum 3, by which a program asks about the user of its own machine; not available over the network. */
export class NetrWkstaUserGetInfoRequest extends ServerRequest {
  level = 0;

  protected override fields(ndr: Ndr): void {
    this.level = ndr.u32('Level', this.level);
  }
}
export class NetrWkstaUserGetInfoResponse extends NetrStatusResponse {
  level = 0;
  info: WkstaUserInfo | null = null;

  protected override fields(ndr: Ndr): void {
    Object.assign(
      this,
      levelUnion(ndr, this.level, [0, 1, 1101], this.info, () => new WkstaUserInfo()),
    );
  }
}

/** [MS-WKST] 2.2.5.12 WKSTA_TRANSPORT_INFO_0. */
export class WkstaTransportInfo {
  qualityOfService = 0;
  numberOfVcs = 0;
  transportName: string | null = null;
  transportAddress: string | null = null;
  wanIsh = 0;

  fields(ndr: Ndr): void {
    this.qualityOfService = ndr.u32('wkti0_quality_of_service', this.qualityOfService);
    this.numberOfVcs = ndr.u32('wkti0_number_of_vcs', this.numberOfVcs);
    ndr.stringPointer('wkti0_transport_name', this.transportName, (v) => {
      this.transportName = v;
    });
    ndr.stringPointer('wkti0_transport_address', this.transportAddress, (v) => {
      this.transportAddress = v;
    });
    this.wanIsh = ndr.u32('wkti0_wan_ish', this.wanIsh);
  }
}

const transports = (): LevelContainer<WkstaTransportInfo> => new LevelContainer([0], () => new WkstaTransportInfo());

/** [MS-WKST] 3.2.4.4 NetrWkstaTransportEnum (opnum 5). */
export class NetrWkstaTransportEnumRequest extends ListRequest<WkstaTransportInfo> {
  info: LevelContainer<WkstaTransportInfo> = transports();
}
export class NetrWkstaTransportEnumResponse extends ListResponse<WkstaTransportInfo> {
  info: LevelContainer<WkstaTransportInfo> = transports();
}

/** [MS-WKST] 2.2.5.20 to 2.2.5.22 USE_INFO_0 to _2. */
export class UseInfo {
  local: string | null = null;
  remote: string | null = null;
  password: string | null = null;
  status = 0;
  asgType = 0;
  refCount = 0;
  useCount = 0;
  username: string | null = null;
  domainName: string | null = null;

  fields(ndr: Ndr, level: number): void {
    const text = (name: string, key: 'local' | 'remote' | 'password' | 'username' | 'domainName'): void =>
      ndr.stringPointer(`ui${level}_${name}`, this[key], (v) => {
        this[key] = v;
      });
    text('local', 'local');
    text('remote', 'remote');
    if (level === 0) return;
    text('password', 'password');
    this.status = ndr.u32(`ui${level}_status`, this.status);
    this.asgType = ndr.u32(`ui${level}_asg_type`, this.asgType);
    this.refCount = ndr.u32(`ui${level}_refcount`, this.refCount);
    this.useCount = ndr.u32(`ui${level}_usecount`, this.useCount);
    if (level === 1) return;
    text('username', 'username');
    text('domainname', 'domainName');
  }
}

const uses = (): LevelContainer<UseInfo> => new LevelContainer([0, 1, 2], () => new UseInfo());

/** [MS-WKST] 3.2.4.10 NetrUseEnum (opnum 11). */
export class NetrUseEnumRequest extends ListRequest<UseInfo> {
  info: LevelContainer<UseInfo> = uses();
}
export class NetrUseEnumResponse extends ListResponse<UseInfo> {
  info: LevelContainer<UseInfo> = uses();
}

/** [MS-WKST] 3.2.4.8 NetrUseGetInfo (opnum 9). */
export class NetrUseGetInfoRequest extends ServerRequest {
  useName = '';
  level = 0;

  protected override fields(ndr: Ndr): void {
    this.useName = ndr.string('UseName', this.useName);
    this.level = ndr.u32('Level', this.level);
  }
}
export class NetrUseGetInfoResponse extends NetrStatusResponse {
  level = 0;
  info: UseInfo | null = null;

  protected override fields(ndr: Ndr): void {
    Object.assign(
      this,
      levelUnion(ndr, this.level, [0, 1, 2, 3], this.info, () => new UseInfo()),
    );
  }
}
