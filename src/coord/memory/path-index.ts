class Place<T> {
  readonly items: Set<T> = new Set();
  readonly below: Map<string, Place<T>> = new Map();
}

/** What stands at paths of volumes, found by its place at the cost of the path's components, however much stands elsewhere. */
export class PathIndex<T> {
  readonly #volumes = new Place<T>();

  get isEmpty(): boolean {
    return this.#volumes.below.size === 0;
  }

  add(volume: string, path: string, item: T): void {
    let place = this.#volumes;
    for (const name of componentsOf(volume, path)) {
      let next = place.below.get(name);
      if (next === undefined) {
        next = new Place();
        place.below.set(name, next);
      }
      place = next;
    }
    place.items.add(item);
  }

  remove(volume: string, path: string, item: T): void {
    const names = componentsOf(volume, path);
    const places = [...this.#along(names)];
    if (places.length > names.length) places.at(-1)?.items.delete(item);
    // What holds nothing any more goes, from below.
    for (let depth = places.length - 1; depth > 0; depth--) {
      const place = places[depth];
      if (place === undefined || place.items.size > 0 || place.below.size > 0) return;
      places[depth - 1]?.below.delete(names[depth - 1] ?? '');
    }
  }

  /** What stands at the path itself. */
  at(volume: string, path: string): Iterable<T> {
    return this.#find(volume, path)?.items ?? [];
  }

  /** What stands at the path and at all directories above it, from the root of the volume down. */
  *onTheWay(volume: string, path: string): Generator<T> {
    for (const { items } of this.#along(componentsOf(volume, path))) yield* items;
  }

  /** What stands below the path, not at it. */
  *below(volume: string, path: string): Generator<T> {
    const waiting = [...(this.#find(volume, path)?.below.values() ?? [])];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      yield* place.items;
      for (const next of place.below.values()) waiting.push(next);
    }
  }

  #find(volume: string, path: string): Place<T> | undefined {
    const names = componentsOf(volume, path);
    const places = [...this.#along(names)];
    return places[names.length];
  }

  /** The places that there are on the way to a path. */
  *#along(names: readonly string[]): Generator<Place<T>> {
    let place: Place<T> | undefined = this.#volumes;
    yield place;
    for (const name of names) {
      place = place.below.get(name);
      if (place === undefined) return;
      yield place;
    }
  }
}

function componentsOf(volume: string, path: string): string[] {
  return path === '' ? [volume] : [volume, ...path.split('/')];
}
