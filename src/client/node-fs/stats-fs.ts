import type { VolumeFacts } from '../protocol.js';

/** "\xffSMB": what Linux tells of mounted shares. */
const MAGIC = 0xff534d42;

/** As `fs.StatsFs`. Servers do not tell how many files there are. */
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
  return big ? factsOf(volume, BigInt) : factsOf(volume, Number);
}

function factsOf<N>({ total, free, available, blockSize: bsize }: VolumeFacts, told: (value: number) => N): StatsFs<N> {
  const blocks = (bytes: number): N => told(Math.floor(bytes / bsize));
  return {
    type: told(MAGIC),
    bsize: told(bsize),
    blocks: blocks(total),
    bfree: blocks(free),
    bavail: blocks(available),
    files: told(0),
    ffree: told(0),
  };
}
