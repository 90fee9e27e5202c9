import type { Clock } from '#engine/transport.js';
import type { MediumChange } from '#fs/backend.js';

/** How long one of our operations may be in progress if its end is never reported. */
const DEED_MS = 3000;
/**
 * Minimum interval between checks of a node's state, since a check costs more than a small write. While we write
 * continuously, changes by others to the same node go unnoticed for this long.
 */
const LOOK_MS = 50;
/** How long after an operation the medium may still report it. */
const ECHO_MS = 250;
/** Maximum number of tracked places; beyond it the oldest is dropped, and its echo would count as news. */
const MAX_PLACES = 65_536;

type Kind = MediumChange['what'];

/** Our operations on one place, and what the medium has reported about it. */
interface Place {
  /** Number of operations in progress. */
  running: number;
  /** Latest time at which the medium is expected to report our operations. */
  until: number;
  readonly kinds: Set<Kind>;
  /** Our operation's resulting state of the node has not been reported yet. */
  untold: boolean;
  /** Reported while the operation was still in progress. */
  early: boolean;
  /** Reported while the operation was in progress, by a medium that gives no stamps. */
  seen: boolean;
  /** Last known state of the node, and when it was read. */
  stamp: string | undefined;
  stamped: number;
  /** Last reported change that was news, and its reporter. */
  news: Kind | undefined;
  by: unknown;
}

/**
 * Distinguishes changes made by others on a medium from the echo of our own. While an operation is in progress, all
 * matching reports of its place are ours; afterwards only the next reported state of the node is. Anything else is
 * news.
 */
export class Echoes {
  readonly #clock: Clock;
  /** Most recently used places come last, so that a sweep can stop early. */
  readonly #places = new Map<string, Place>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An operation begins. Creating a node is also echoed as a modification. */
  begin(key: string, kind: Kind): void {
    const place = this.#touch(key);
    if (place.running++ === 0) place.early = false;
    place.until = this.#clock.now() + DEED_MS;
    place.untold = true;
    place.kinds.add(kind);
    if (kind === 'added') place.kinds.add('modified');
  }

  /** The operation has ended. */
  end(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    place.running = Math.max(0, place.running - 1);
    // A medium without stamps reports at once, and only once.
    if (place.running === 0 && place.seen) this.#places.delete(key);
    else place.until = this.#clock.now() + (place.running > 0 ? DEED_MS : place.early ? LOOK_MS : ECHO_MS);
    place.untold = true;
  }

  /** Whether a report is an echo of our own operation, or of news already reported by another reporter than `by`. */
  isEcho(key: string, { what, stamp }: MediumChange, by: unknown): boolean {
    const place = this.#touch(key);
    const now = this.#clock.now();
    if (now > place.until) {
      place.running = 0;
      place.kinds.clear();
      place.news = undefined;
    }
    if (what === 'modified') return isKnown(place, stamp, now);
    if (place.kinds.has(what)) {
      place.seen ||= place.running > 0 && stamp === undefined;
      return true;
    }
    // Whoever did this has undone our operation.
    place.kinds.delete('added');
    place.kinds.delete('removed');
    const told = place.news === what && place.by !== by;
    place.news = what;
    place.by = by;
    place.until = Math.max(place.until, now + ECHO_MS);
    return told;
  }

  #touch(key: string): Place {
    const now = this.#clock.now();
    for (const [old, place] of this.#places) {
      if (place.until >= now && this.#places.size <= MAX_PLACES) break;
      this.#places.delete(old);
    }
    const place = this.#places.get(key) ?? newPlace();
    this.#places.delete(key);
    this.#places.set(key, place);
    return place;
  }
}

function newPlace(): Place {
  return {
    running: 0,
    until: 0,
    kinds: new Set(),
    untold: false,
    early: false,
    seen: false,
    stamp: undefined,
    stamped: Number.NEGATIVE_INFINITY,
    news: undefined,
    by: undefined,
  };
}

/** Whether the node's present state is already known, or our own doing. */
function isKnown(place: Place, stampOf: MediumChange['stamp'], now: number): boolean {
  const ours = place.kinds.has('modified');
  if (place.running > 0 && ours) {
    place.early = true;
    place.seen ||= stampOf === undefined;
    return true;
  }
  if (ours && place.untold && now - place.stamped < LOOK_MS) {
    place.until = now + LOOK_MS;
    return true;
  }
  const stamp = stampOf?.();
  if (stamp === undefined) return ours;
  place.stamped = now;
  if (stamp === place.stamp) return true;
  const isFirst = place.untold;
  place.stamp = stamp;
  place.untold = false;
  return ours && isFirst;
}
