/** Most places hold either items or further places: the other one is not made. */
class Place<T> {
  items: Set<T> | undefined = undefined;
  below: Map<string, Place<T>> | undefined = undefined;

  get isEmpty(): boolean {
    return (this.items === undefined || this.items.size === 0) && (this.below === undefined || this.below.size === 0);
  }
}

/** What stands at paths of volumes, found by its place at the cost of the path's components, however much stands elsewhere. */
export class PathIndex<T> {
  readonly #volumes = new Place<T>();

  get isEmpty(): boolean {
    return this.#volumes.isEmpty;
  }

  add(volume: string, path: string, item: T): void {
    let place = this.#volumes;
    for (const name of componentsOf(volume, path)) {
      place.below ??= new Map();
      let next = place.below.get(name);
      if (next === undefined) {
        next = new Place();
        place.below.set(name, next);
      }
      place = next;
    }
    place.items ??= new Set();
    place.items.add(item);
  }

  remove(volume: string, path: string, item: T): void {
    const names = componentsOf(volume, path);
    const places = this.#along(names);
    if (places.length > names.length) places[names.length]?.items?.delete(item);
    // What holds nothing any more goes, from below.
    for (let depth = places.length - 1; depth > 0; depth--) {
      if (places[depth]?.isEmpty !== true) return;
      places[depth - 1]?.below?.delete(names[depth - 1] ?? '');
    }
  }

  /** What stands at the path itself. */
  at(volume: string, path: string): Iterable<T> {
    return this.#find(volume, path)?.items ?? [];
  }

  /** What stands at the path and at all directories above it, from the root of the volume down. */
  *onTheWay(volume: string, path: string): Generator<T> {
    for (const { items } of this.#along(componentsOf(volume, path))) if (items) yield* items;
  }

  /** What stands below the path, not at it. */
  *below(volume: string, path: string): Generator<T> {
    const waiting = [...(this.#find(volume, path)?.below?.values() ?? [])];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      if (place.items) yield* place.items;
      if (place.below) for (const next of place.below.values()) waiting.push(next);
    }
  }

  #find(volume: string, path: string): Place<T> | undefined {
    const names = componentsOf(volume, path);
    return this.#along(names)[names.length];
  }

  /** The places that there are on the way to a path, the outermost first. */
  #along(names: readonly string[]): Place<T>[] {
    let place = this.#volumes;
    const places = [place];
    for (const name of names) {
      const next = place.below?.get(name);
      if (next === undefined) break;
      places.push(next);
      place = next;
    }
    return places;
  }
}

function componentsOf(volume: string, path: string): string[] {
  return path === '' ? [volume] : [volume, ...path.split('/')];
}
