import type { NameTable } from '../../io/names.js';
import { levelUnion, ServerRequest, StatusResponse } from '../messages.js';
import type { Ndr } from '../ndr.js';
import { FileInfo } from './enumerations.js';
import { netApiStatusNames } from './interface.js';

/** A response of [MS-SRVS] with only a status. */
export class NetrStatusResponse extends StatusResponse {
  protected override statusNames(): NameTable {
    return netApiStatusNames;
  }
}

/** [MS-SRVS] 3.1.4.3 NetrFileGetInfo (opnum 10). */
export class NetrFileGetInfoRequest extends ServerRequest {
  fileId = 0;
  level = 3;

  protected override fields(ndr: Ndr): void {
    this.fileId = ndr.u32('FileId', this.fileId);
    this.level = ndr.u32('Level', this.level);
  }
}
export class NetrFileGetInfoResponse extends NetrStatusResponse {
  level = 3;
  info: FileInfo | null = null;

  protected override fields(ndr: Ndr): void {
    Object.assign(
      this,
      levelUnion(ndr, this.level, [2, 3], this.info, () => new FileInfo()),
    );
  }
}

/** [MS-SRVS] 3.1.4.4 NetrFileClose (opnum 11). */
export class NetrFileCloseRequest extends ServerRequest {
  fileId = 0;

  protected override fields(ndr: Ndr): void {
    this.fileId = ndr.u32('FileId', this.fileId);
  }
}

/** [MS-SRVS] 3.1.4.6 NetrSessionDel (opnum 13). */
export class NetrSessionDelRequest extends ServerRequest {
  clientName: string | null = null;
  userName: string | null = null;

  protected override fields(ndr: Ndr): void {
    this.clientName = ndr.optionalString('ClientName', this.clientName);
    this.userName = ndr.optionalString('UserName', this.userName);
  }
}

/** [MS-SRVS] 3.1.4.12, 3.1.4.13 NetrShareDel (opnum 18) and NetrShareDelSticky (19). */
export class NetrShareDelRequest extends ServerRequest {
  netName = '';
  reserved = 0;

  protected override fields(ndr: Ndr): void {
    this.netName = ndr.string('NetName', this.netName);
    this.reserved = ndr.u32('Reserved', this.reserved);
  }
}

/** [MS-SRVS] 3.1.4.16 NetrShareCheck (opnum 20). */
export class NetrShareCheckRequest extends ServerRequest {
  device = '';

  protected override fields(ndr: Ndr): void {
    this.device = ndr.string('Device', this.device);
  }
}
export class NetrShareCheckResponse extends NetrStatusResponse {
  type = 0;

  protected override fields(ndr: Ndr): void {
    this.type = ndr.u32('Type', this.type);
  }
}

/** [MS-SRVS] 3.1.4.19 NetrServerDiskEnum (opnum 23): drive letters. */
export class NetrServerDiskEnumRequest extends ServerRequest {
  level = 0;
  disks: string[] = [];
  preferedMaximumLength = 0xffffffff;
  resumeHandle: number | null = 0;

  protected override fields(ndr: Ndr): void {
    this.level = ndr.u32('Level', this.level);
    this.disks = diskList(ndr, this.disks);
    this.preferedMaximumLength = ndr.u32('PreferedMaximumLength', this.preferedMaximumLength);
    this.resumeHandle = ndr.optionalU32('ResumeHandle', this.resumeHandle);
  }
}
export class NetrServerDiskEnumResponse extends NetrStatusResponse {
  disks: string[] = [];
  totalEntries = 0;
  resumeHandle: number | null = 0;

  protected override fields(ndr: Ndr): void {
    this.disks = diskList(ndr, this.disks);
    this.totalEntries = ndr.u32('TotalEntries', this.totalEntries);
    this.resumeHandle = ndr.optionalU32('ResumeHandle', this.resumeHandle);
  }
}

/** [MS-SRVS] 2.2.4.92 DISK_ENUM_CONTAINER with 2.2.4.91 DISK_INFO. */
function diskList(ndr: Ndr, v: string[]): string[] {
  let list: string[] = [];
  ndr.param(() => {
    const count = ndr.u32('EntriesRead', v.length);
    ndr.pointer('Buffer', true, () => {
      const items = v.map((disk) => ({ disk }));
      ndr.u32('MaximumCount', count);
      ndr.u32('Offset', 0);
      list = ndr
        .array(
          'Disk',
          count,
          items,
          () => ({ disk: '' }),
          (item) => {
            ndr.u32('Offset', 0);
            item.disk = ndr.wideChars('Disk', item.disk);
          },
        )
        .map(({ disk }) => disk);
    });
  });
  return list;
}

/** [MS-SRVS] 3.1.4.30 NetprNameValidate (opnum 33). */
export class NetprNameValidateRequest extends ServerRequest {
  name = '';
  nameType = 0;
  flags = 0;

  protected override fields(ndr: Ndr): void {
    this.name = ndr.string('Name', this.name);
    this.nameType = ndr.u32('NameType', this.nameType);
    this.flags = ndr.u32('Flags', this.flags);
  }
}

/** [MS-SRVS] 3.1.4.38, 3.1.4.39 and others: a refusal with an optional index of the invalid parameter. */
export class NetrParmErrResponse extends NetrStatusResponse {
  parmErr: number | null = null;

  protected override fields(ndr: Ndr): void {
    this.parmErr = ndr.optionalU32('ParmErr', this.parmErr);
  }
}
