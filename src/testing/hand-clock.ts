import type { Clock } from '#engine/transport.js';
import { turn } from './smb2-peer.js';

/** A clock that moves only when it is wound. */
export class HandClock implements Clock {
  time = 0;
  readonly waiting: { readonly at: number; readonly callback: () => void }[] = [];
  readonly now = (): number => this.time;
  readonly after = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.time + ms, callback };
    this.waiting.push(timer);
    return () => {
      const at = this.waiting.indexOf(timer);
      if (at !== -1) this.waiting.splice(at, 1);
    };
  };

  async wind(ms: number): Promise<void> {
    this.time += ms;
    for (const timer of this.waiting.filter(({ at }) => at <= this.time)) {
      this.waiting.splice(this.waiting.indexOf(timer), 1);
      timer.callback();
    }
    await turn();
  }
}
