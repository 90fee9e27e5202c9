import type { Layout } from '../../io/layout.js';
import { Ndr } from '../ndr.js';
import { NetApiStatus, netApiStatusNames } from './interface.js';
import { isShareLevel, ShareInfo } from './share-info.js';

/** [MS-SRVS] 2.2.4.38 SHARE_ENUM_STRUCT with the container of its level; empty for an unknown level. */
export class ShareEnumStruct {
  level = 1;
  entries: ShareInfo[] = [];

  fields(ndr: Ndr): void {
    this.level = ndr.u32('Level', this.level);
    // The union's discriminant repeats the level.
    const arm = ndr.u32('ShareInfo', this.level);
    if (!isShareLevel(arm)) return;
    ndr.pointer(`Level${arm}`, true, () => ndr.group(`Level${arm}`, () => this.#container(ndr, arm)));
  }

  #container(ndr: Ndr, level: number): void {
    const count = ndr.u32('EntriesRead', this.entries.length);
    ndr.pointer('Buffer', this.entries.length > 0, () => {
      this.entries = ndr.array(
        'Buffer',
        count,
        this.entries,
        () => new ShareInfo(),
        (item) => item.fields(ndr, level),
      );
    });
  }
}

/** [MS-SRVS] 3.1.4.8 NetrShareEnum (opnum 15), request. */
export class NetrShareEnumRequest {
  serverName: string | null = null;
  infoStruct: ShareEnumStruct = new ShareEnumStruct();
  preferedMaximumLength = 0xffffffff;
  resumeHandle: number | null = 0;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    ndr.param(() =>
      ndr.stringPointer('ServerName', this.serverName, (v) => {
        this.serverName = v;
      }),
    );
    ndr.param(() => ndr.group('InfoStruct', () => this.infoStruct.fields(ndr)));
    this.preferedMaximumLength = ndr.u32('PreferedMaximumLength', this.preferedMaximumLength);
    ndr.param(() =>
      ndr.u32Pointer('ResumeHandle', this.resumeHandle, (v) => {
        this.resumeHandle = v;
      }),
    );
  }
}

/** [MS-SRVS] 3.1.4.8 NetrShareEnum (opnum 15), response. */
export class NetrShareEnumResponse {
  infoStruct: ShareEnumStruct = new ShareEnumStruct();
  totalEntries = 0;
  resumeHandle: number | null = 0;
  status: number = NetApiStatus.Success;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    ndr.param(() => ndr.group('InfoStruct', () => this.infoStruct.fields(ndr)));
    this.totalEntries = ndr.u32('TotalEntries', this.totalEntries);
    ndr.param(() =>
      ndr.u32Pointer('ResumeHandle', this.resumeHandle, (v) => {
        this.resumeHandle = v;
      }),
    );
    this.status = ndr.u32('Status', this.status, netApiStatusNames);
  }
}
