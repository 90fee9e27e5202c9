import { Sid } from '../../dtyp/sid.js';
import type { Layout } from '../../io/layout.js';
import { HandleRequest, HandleResponse, NtResponse } from '../lsarpc/messages.js';
import { Ndr } from '../ndr.js';

/** [MS-SAMR] 3.1.5.1.4 SamrConnect (opnum 0): the name is a single character. */
export class SamrConnectRequest {
  serverName: number | null = null;
  desiredAccess = 0;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    this.serverName = ndr.optional('ServerName', this.serverName, () => ndr.u16('ServerName', this.serverName ?? 0));
    this.desiredAccess = ndr.u32('DesiredAccess', this.desiredAccess);
  }
}

/** [MS-SAMR] 3.1.5.1.3 SamrConnect2 (opnum 57). */
export class SamrConnect2Request {
  serverName: string | null = null;
  desiredAccess = 0;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    this.serverName = ndr.optionalString('ServerName', this.serverName);
    this.revision(ndr);
    this.desiredAccess = ndr.u32('DesiredAccess', this.desiredAccess);
  }

  protected revision(_ndr: Ndr): void {}
}

/** [MS-SAMR] 3.1.5.1.2 SamrConnect4 (opnum 62), and the similar opnum 61. */
export class SamrConnect4Request extends SamrConnect2Request {
  clientRevision = 2;

  protected override revision(ndr: Ndr): void {
    this.clientRevision = ndr.u32('ClientRevision', this.clientRevision);
  }
}

/** [MS-SAMR] 3.1.5.1.1 SamrConnect5 (opnum 64). */
export class SamrConnect5Request {
  serverName: string | null = null;
  desiredAccess = 0;
  inVersion = 1;
  revision = 3;
  supportedFeatures = 0;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    this.serverName = ndr.optionalString('ServerName', this.serverName);
    this.desiredAccess = ndr.u32('DesiredAccess', this.desiredAccess);
    this.inVersion = ndr.u32('InVersion', this.inVersion);
    const arm = ndr.u32('switch_is', this.inVersion);
    if (arm !== 1) return;
    this.revision = ndr.u32('Revision', this.revision);
    this.supportedFeatures = ndr.u32('SupportedFeatures', this.supportedFeatures);
  }
}
export class SamrConnect5Response extends HandleResponse {
  outVersion = 1;
  revision = 3;
  supportedFeatures = 0;

  protected override fields(ndr: Ndr): void {
    this.outVersion = ndr.u32('OutVersion', this.outVersion);
    ndr.u32('switch_is', this.outVersion);
    this.revision = ndr.u32('Revision', this.revision);
    this.supportedFeatures = ndr.u32('SupportedFeatures', this.supportedFeatures);
    super.fields(ndr);
  }
}

/** [MS-SAMR] 3.1.5.13.1 SamrCloseHandle (opnum 1). */
export class SamrCloseHandleRequest extends HandleRequest {}

/** [MS-SAMR] 3.1.5.11.1 SamrLookupDomainInSamServer (opnum 5). */
export class SamrLookupDomainRequest extends HandleRequest {
  name = '';

  protected override fields(ndr: Ndr): void {
    ndr.param(() =>
      ndr.unicode('Name', this.name, (v) => {
        this.name = v ?? '';
      }),
    );
  }
}

/** A pointer to a SID; also the response of [MS-SAMR] 3.1.5.13.7 SamrRidToSid (opnum 65). */
export class SamrSidResponse extends NtResponse {
  sid: Sid | null = null;

  protected override fields(ndr: Ndr): void {
    this.sid = ndr.optional('Sid', this.sid, () => ndr.sid('Sid', this.sid ?? new Sid()));
  }
}

/** [MS-SAMR] 3.1.5.1.5 SamrOpenDomain (opnum 7). */
export class SamrOpenDomainRequest extends HandleRequest {
  desiredAccess = 0;
  domainId: Sid = new Sid();

  protected override fields(ndr: Ndr): void {
    this.desiredAccess = ndr.u32('DesiredAccess', this.desiredAccess);
    this.domainId = ndr.sid('DomainId', this.domainId);
  }
}

/** [MS-SAMR] 3.1.5.1.7 to 3.1.5.1.9 SamrOpenGroup (opnum 19), SamrOpenAlias (27) and SamrOpenUser (34). */
export class SamrOpenRequest extends HandleRequest {
  desiredAccess = 0;
  rid = 0;

  protected override fields(ndr: Ndr): void {
    this.desiredAccess = ndr.u32('DesiredAccess', this.desiredAccess);
    this.rid = ndr.u32('Rid', this.rid);
  }
}

/** [MS-SAMR] 3.1.5.13.7 SamrRidToSid (opnum 65). */
export class SamrRidToSidRequest extends HandleRequest {
  rid = 0;

  protected override fields(ndr: Ndr): void {
    this.rid = ndr.u32('Rid', this.rid);
  }
}
