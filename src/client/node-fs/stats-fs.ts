import type { VolumeFacts } from '../protocol.js';

/** "\xffSMB": the type that Linux reports for mounted SMB shares. */
const MAGIC = 0xff534d42;

/** Like `fs.StatsFs`. Servers do not report the number of files. */
export interface StatsFs<N> {
  readonly type: N;
  readonly bsize: N;
  readonly blocks: N;
  readonly bfree: N;
  readonly bavail: N;
  readonly files: N;
  readonly ffree: N;
}

export function statsFs(volume: VolumeFacts, big: boolean): StatsFs<number> | StatsFs<bigint> {
  return big ? new StatFs(volume, BigInt) : new StatFs(volume, Number);
}

/** Named as in Node. */
class StatFs<N> implements StatsFs<N> {
  readonly type: N;
  readonly bsize: N;
  readonly blocks: N;
  readonly bfree: N;
  readonly bavail: N;
  readonly files: N;
  readonly ffree: N;

  constructor({ total, free, available, blockSize }: VolumeFacts, told: (value: number) => N) {
    const blocks = (bytes: number): N => told(Math.floor(bytes / blockSize));
    this.type = told(MAGIC);
    this.bsize = told(blockSize);
    this.blocks = blocks(total);
    this.bfree = blocks(free);
    this.bavail = blocks(available);
    this.files = told(0);
    this.ffree = told(0);
  }
}
