const HALF = 0x7fff;
const MASK = 0xffff;

/**
 * [MS-SMB2] 3.3.1.10 Open.ChannelSequence, OutstandingRequestCount and OutstandingPreRequestCount: tells what a client
 * sent before it lost a channel from what came after, so that nothing old overtakes a replay.
 */
export class ChannelSequence {
  #now: number;
  #outstanding = 0;
  /** Requests of former sequences that are still worked on. */
  #before = 0;

  /** `now`: of the CREATE. */
  constructor(now: number) {
    this.#now = now;
  }

  /** [MS-SMB2] 3.3.5.2.10: counts a request until `done`. False, and nothing counted, for one that comes too late. */
  begin(sequence: number, replays: boolean): boolean {
    const ahead = (sequence - this.#now) & MASK;
    if (ahead > HALF) return false;
    if (ahead > 0) {
      // A replay finds out whether all that went before is through; whatever it finds, a new sequence has begun.
      this.#before += this.#outstanding;
      this.#outstanding = 0;
      this.#now = sequence;
    }
    if (replays && this.#before > 0) return false;
    this.#outstanding++;
    return true;
  }

  /** [MS-SMB2] 3.3.4.1: a request that was counted is answered. */
  done(sequence: number): void {
    if (sequence === this.#now && this.#outstanding > 0) this.#outstanding--;
    else if (this.#before > 0) this.#before--;
  }

  /** The open has a new connection, on which the client counts from here; what came by the old one counts on. */
  resume(sequence: number): void {
    if (sequence === this.#now) return;
    this.#before += this.#outstanding;
    this.#outstanding = 0;
    this.#now = sequence;
  }
}
