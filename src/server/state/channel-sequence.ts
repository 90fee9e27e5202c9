const HALF = 0x7fff;
const MASK = 0xffff;

/**
 * [MS-SMB2] 3.3.1.10 Open.ChannelSequence, OutstandingRequestCount and OutstandingPreRequestCount: distinguishes
 * requests sent before a channel was lost from later ones, so that no old request is executed after a replay.
 */
export class ChannelSequence {
  #now: number;
  #outstanding = 0;
  /** Outstanding requests of earlier sequence numbers. */
  #before = 0;

  /** `now`: the ChannelSequence of the CREATE. */
  constructor(now: number) {
    this.#now = now;
  }

  /**
   * [MS-SMB2] 3.3.5.2.10: counts a request until `done`. False, without counting it, if it is stale, or a replay while
   * earlier requests are still outstanding.
   */
  begin(sequence: number, replays: boolean): boolean {
    const ahead = (sequence - this.#now) & MASK;
    if (ahead > HALF) return false;
    if (ahead > 0) {
      // Even a replay that is refused below starts the new sequence.
      this.#before += this.#outstanding;
      this.#outstanding = 0;
      this.#now = sequence;
    }
    if (replays && this.#before > 0) return false;
    this.#outstanding++;
    return true;
  }

  /** [MS-SMB2] 3.3.4.1: a counted request has been answered. */
  done(sequence: number): void {
    if (sequence === this.#now && this.#outstanding > 0) this.#outstanding--;
    else if (this.#before > 0) this.#before--;
  }

  /** The open has a new connection, whose sequence number applies now; requests of the old one still count. */
  resume(sequence: number): void {
    if (sequence === this.#now) return;
    this.#before += this.#outstanding;
    this.#outstanding = 0;
    this.#now = sequence;
  }
}
