import type { Clock } from '#engine/transport.js';
import type { MediumChange } from '#fs/backend.js';

/** How long a deed of ours may be under way, unless its end is said. */
const DEED_MS = 3000;
/**
 * Looking at a node costs more than writing a little to it. Who writes all the time has it looked at so often, and others
 * who write to it are not heard of so long.
 */
const LOOK_MS = 50;
/** How long the medium may take to tell us of it when it has ended. */
const ECHO_MS = 250;
/** Places remembered at most: beyond it the oldest is news if it comes. */
const MAX_PLACES = 65_536;

type Kind = MediumChange['what'];

/** What we do to a place, and what others have told of it. */
interface Place {
  /** Begun, and not ended. */
  running: number;
  /** When the medium has told of it at the latest. */
  until: number;
  readonly kinds: Set<Kind>;
  /** It has not been told yet that the node is another one. */
  untold: boolean;
  /** The medium has told of it before it ended. */
  early: boolean;
  /** The medium, which cannot tell states apart, has told of it before it ended. */
  seen: boolean;
  /** The state of the node that is known, and since when. */
  stamp: string | undefined;
  stamped: number;
  /** What was news last, and by whom it was told. */
  news: Kind | undefined;
  by: unknown;
}

/**
 * Tells what others do on a medium from the echo of what we do there. As long as a deed is under way, what comes of its
 * place is ours; afterwards one state of the node is, the one that is told next: whatever differs from that is news.
 */
export class Echoes {
  readonly #clock: Clock;
  /** Those that something was done to last stand last, so that a sweep need not look at all of them. */
  readonly #places = new Map<string, Place>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A deed begins. What is new echoes as changed, too. */
  begin(key: string, kind: Kind): void {
    const place = this.#touch(key);
    if (place.running++ === 0) place.early = false;
    place.until = this.#clock.now() + DEED_MS;
    place.untold = true;
    place.kinds.add(kind);
    if (kind === 'added') place.kinds.add('modified');
  }

  /** It has ended. */
  end(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    place.running = Math.max(0, place.running - 1);
    // Such a medium tells at once, and once.
    if (place.running === 0 && place.seen) this.#places.delete(key);
    else place.until = this.#clock.now() + (place.running > 0 ? DEED_MS : place.early ? LOOK_MS : ECHO_MS);
    place.untold = true;
  }

  /** Whether a report is of what we did, or of what has been told already by somebody else than `by`. */
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
    // Whoever did this has undone what we did.
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

/** Whether the present state of a node is known, or ours. */
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
