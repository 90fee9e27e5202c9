/** Most nodes hold either items or child nodes, so each container is only created when needed. */
class Place<T> {
  items: Set<T> | undefined = undefined;
  below: Map<string, Place<T>> | undefined = undefined;

  get isEmpty(): boolean {
    return (this.items === undefined || this.items.size === 0) && (this.below === undefined || this.below.size === 0);
  }
}

/** Items by path within volumes. A look-up costs one step per path component, however many items there are. */
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
    // Removes empty nodes from the bottom up.
    for (let depth = places.length - 1; depth > 0; depth--) {
      if (places[depth]?.isEmpty !== true) return;
      places[depth - 1]?.below?.delete(names[depth - 1] ?? '');
    }
  }

  /** Items at exactly this path. */
  at(volume: string, path: string): Iterable<T> {
    return this.#find(volume, path)?.items ?? [];
  }

  /** Items at the path and at all directories above it, starting at the root of the volume. */
  *onTheWay(volume: string, path: string): Generator<T> {
    for (const { items } of this.#along(componentsOf(volume, path))) if (items) yield* items;
  }

  /** Items below the path, excluding the path itself. */
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

  /** Existing nodes along a path, outermost first. */
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
