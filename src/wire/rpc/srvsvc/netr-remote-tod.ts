import type { Layout } from '../../io/layout.js';
import { Ndr } from '../ndr.js';
import { NetApiStatus, netApiStatusNames } from './interface.js';

/** [MS-SRVS] 2.2.4.105 TIME_OF_DAY_INFO. */
export class TimeOfDayInfo {
  /** Seconds since 1970, UTC. */
  elapsedt = 0;
  msecs = 0;
  hours = 0;
  mins = 0;
  secs = 0;
  hunds = 0;
  /** Minutes west of Greenwich. */
  timezone = 0;
  /** Length of a clock tick, in 100 microseconds. */
  tinterval = 310;
  day = 0;
  month = 0;
  year = 0;
  weekday = 0;

  fields(ndr: Ndr): void {
    this.elapsedt = ndr.u32('tod_elapsedt', this.elapsedt);
    this.msecs = ndr.u32('tod_msecs', this.msecs);
    this.hours = ndr.u32('tod_hours', this.hours);
    this.mins = ndr.u32('tod_mins', this.mins);
    this.secs = ndr.u32('tod_secs', this.secs);
    this.hunds = ndr.u32('tod_hunds', this.hunds);
    this.timezone = ndr.i32('tod_timezone', this.timezone);
    this.tinterval = ndr.u32('tod_tinterval', this.tinterval);
    this.day = ndr.u32('tod_day', this.day);
    this.month = ndr.u32('tod_month', this.month);
    this.year = ndr.u32('tod_year', this.year);
    this.weekday = ndr.u32('tod_weekday', this.weekday);
  }
}

/** [MS-SRVS] 3.1.4.21 NetrRemoteTOD (opnum 28), request. */
export class NetrRemoteTodRequest {
  serverName: string | null = null;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    ndr.param(() =>
      ndr.stringPointer('ServerName', this.serverName, (v) => {
        this.serverName = v;
      }),
    );
  }
}

/** [MS-SRVS] 3.1.4.21 NetrRemoteTOD (opnum 28), response. */
export class NetrRemoteTodResponse {
  info: TimeOfDayInfo | null = null;
  status: number = NetApiStatus.Success;

  layout(io: Layout): void {
    const ndr = new Ndr(io);
    const info = this.info ?? new TimeOfDayInfo();
    ndr.param(() => {
      const present = ndr.pointer('BufferPtr', this.info !== null, () =>
        ndr.group('BufferPtr', () => info.fields(ndr)),
      );
      this.info = present ? info : null;
    });
    this.status = ndr.u32('Status', this.status, netApiStatusNames);
  }
}
