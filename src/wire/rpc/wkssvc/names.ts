import { ServerRequest } from '../messages.js';
import type { Ndr } from '../ndr.js';
import { NetrStatusResponse } from '../srvsvc/single.js';
import { JoinStatus } from './interface.js';

/** [MS-WKST] 3.2.4.15 NetrGetJoinInformation (opnum 20). */
export class NetrGetJoinInformationRequest extends ServerRequest {
  nameBuffer: string | null = null;

  protected override fields(ndr: Ndr): void {
    this.nameBuffer = ndr.optionalString('NameBuffer', this.nameBuffer);
  }
}
export class NetrGetJoinInformationResponse extends NetrStatusResponse {
  nameBuffer: string | null = null;
  bufferType: number = JoinStatus.Unknown;

  protected override fields(ndr: Ndr): void {
    this.nameBuffer = ndr.optionalString('NameBuffer', this.nameBuffer);
    this.bufferType = ndr.u16('BufferType', this.bufferType);
  }
}

/** [MS-WKST] 3.2.4.24 NetrEnumerateComputerNames (opnum 30). */
export class NetrEnumerateComputerNamesRequest extends ServerRequest {
  nameType = 0;
  reserved = 0;

  protected override fields(ndr: Ndr): void {
    this.nameType = ndr.u16('NameType', this.nameType);
    this.reserved = ndr.u32('Reserved', this.reserved);
  }
}
export class NetrEnumerateComputerNamesResponse extends NetrStatusResponse {
  /** Null on failure. */
  computerNames: string[] | null = null;

  protected override fields(ndr: Ndr): void {
    this.computerNames = ndr.optional('ComputerNames', this.computerNames, () => {
      const names = (this.computerNames ?? []).map((name) => ({ name }));
      let read: { name: string }[] = [];
      ndr.param(() => {
        const count = ndr.u32('EntriesRead', names.length);
        ndr.pointer('ComputerNames', names.length > 0, () => {
          read = ndr.array(
            'ComputerNames',
            count,
            names,
            () => ({ name: '' }),
            (item) =>
              ndr.unicode('ComputerName', item.name, (v) => {
                item.name = v ?? '';
              }),
          );
        });
      });
      return read.map(({ name }) => name);
    });
  }
}

/** [MS-WKST] 2.2.5.11 STAT_WORKSTATION_0: 13 64-bit and 27 32-bit fields, of which we fill in only the start time. */
const LONG_COUNTERS = 12;
const COUNTERS = 27;

/** [MS-WKST] 3.2.4.11 NetrWorkstationStatisticsGet (opnum 13). */
export class NetrWorkstationStatisticsGetRequest extends ServerRequest {
  serviceName: string | null = null;
  level = 0;
  options = 0;

  protected override fields(ndr: Ndr): void {
    this.serviceName = ndr.optionalString('ServiceName', this.serviceName);
    this.level = ndr.u32('Level', this.level);
    this.options = ndr.u32('Options', this.options);
  }
}
export class NetrWorkstationStatisticsGetResponse extends NetrStatusResponse {
  /** FILETIME at which counting began; null on failure. */
  statisticsStartTime: bigint | null = null;

  protected override fields(ndr: Ndr): void {
    this.statisticsStartTime = ndr.optional('Buffer', this.statisticsStartTime, () => {
      const start = ndr.x64('StatisticsStartTime', this.statisticsStartTime ?? 0n);
      for (let i = 0; i < LONG_COUNTERS; i++) ndr.x64(`Counter64[${i}]`, 0n);
      for (let i = 0; i < COUNTERS; i++) ndr.u32(`Counter[${i}]`, 0);
      return start;
    });
  }
}

/** [MS-WKST] 3.2.4.16, 3.2.4.22 NetrGetJoinableOUs (opnum 21) and NetrGetJoinableOUs2 (26), response. */
export class NetrGetJoinableOusResponse extends NetrStatusResponse {
  ouCount = 0;

  protected override fields(ndr: Ndr): void {
    this.ouCount = ndr.u32('OUCount', this.ouCount);
    ndr.optional('OUs', null, () => undefined);
  }
}
