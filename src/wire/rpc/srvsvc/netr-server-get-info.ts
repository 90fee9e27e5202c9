import type { Layout } from '../../io/layout.js';
import { Ndr } from '../ndr.js';
import { NetApiStatus, netApiStatusNames } from './interface.js';
import { hasServerFields, isServerLevel, ServerInfo } from './server-info.js';

/** [MS-SRVS] 3.1.4.17 NetrServerGetInfo (opnum 21), request. */
export class NetrServerGetInfoRequest {
  serverName: string | null = null;
  level = 101;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    ndr.param(() =>
      ndr.stringPointer('ServerName', this.serverName, (v) => {
        this.serverName = v;
      }),
    );
    this.level = ndr.u32('Level', this.level);
  }
}

/** [MS-SRVS] 3.1.4.17 NetrServerGetInfo (opnum 21), response. */
export class NetrServerGetInfoResponse {
  level = 101;
  /** Null on failure and for an unknown level. */
  info: ServerInfo | null = null;
  status: number = NetApiStatus.Success;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    ndr.param(() => ndr.group('InfoStruct', () => this.#union(ndr)));
    this.status = ndr.u32('Status', this.status, netApiStatusNames);
  }

  #union(ndr: Ndr): void {
    this.level = ndr.u32('Level', this.level);
    if (!isServerLevel(this.level)) return;
    const { level } = this;
    const info = this.info ?? new ServerInfo();
    const present = ndr.pointer(`ServerInfo${level}`, this.info !== null, () => {
      if (hasServerFields(level)) ndr.group(`ServerInfo${level}`, () => info.fields(ndr, level));
    });
    this.info = present ? info : null;
  }
}
