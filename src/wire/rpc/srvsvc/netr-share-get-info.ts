import type { Layout } from '../../io/layout.js';
import { Ndr } from '../ndr.js';
import { NetApiStatus, netApiStatusNames } from './interface.js';
import { isShareLevel, ShareInfo } from './share-info.js';

/** [MS-SRVS] 3.1.4.10 NetrShareGetInfo (opnum 16), request. */
export class NetrShareGetInfoRequest {
  serverName: string | null = null;
  netName = '';
  level = 1;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    ndr.param(() =>
      ndr.stringPointer('ServerName', this.serverName, (v) => {
        this.serverName = v;
      }),
    );
    this.netName = ndr.string('NetName', this.netName);
    this.level = ndr.u32('Level', this.level);
  }
}

/** [MS-SRVS] 3.1.4.10 NetrShareGetInfo (opnum 16), response. */
export class NetrShareGetInfoResponse {
  level = 1;
  /** Null on failure and for an unknown level. */
  info: ShareInfo | null = null;
  status: number = NetApiStatus.Success;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    ndr.param(() => ndr.group('InfoStruct', () => this.#union(ndr)));
    this.status = ndr.u32('Status', this.status, netApiStatusNames);
  }

  #union(ndr: Ndr): void {
    this.level = ndr.u32('Level', this.level);
    if (!isShareLevel(this.level)) return;
    const { level } = this;
    const info = this.info ?? new ShareInfo();
    const present = ndr.pointer(`ShareInfo${level}`, this.info !== null, () =>
      ndr.group(`ShareInfo${level}`, () => info.fields(ndr, level)),
    );
    this.info = present ? info : null;
  }
}
