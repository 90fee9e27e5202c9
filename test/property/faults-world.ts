/** A possible state of a worker's part of the share, and what it has open. Immutable. */
export interface World {
  /** File numbers by name; directories have none. */
  readonly names: ReadonlyMap<string, number | 'directory'>;
  readonly contents: ReadonlyMap<number, Uint8Array>;
  /** File numbers by handle number. */
  readonly open: ReadonlyMap<number, number>;
  readonly locked: ReadonlySet<number>;
  readonly next: number;
}

/** A request; handles are identified by number. */
export type Deed =
  | { readonly what: 'open'; readonly name: string; readonly create: Creation; readonly durable: boolean; h: number }
  | { readonly what: 'write'; readonly h: number; readonly at: number; readonly data: Uint8Array }
  | { readonly what: 'append'; readonly h: number; readonly data: Uint8Array }
  | { readonly what: 'read' | 'flush' | 'close' | 'lock' | 'unlock'; readonly h: number }
  | { readonly what: 'truncate'; readonly h: number; readonly size: number }
  | { readonly what: 'writeFile' | 'appendFile'; readonly name: string; readonly data: Uint8Array }
  | { readonly what: 'readFile' | 'remove' | 'mkdir' | 'rmdir' | 'stat'; readonly name: string }
  | { readonly what: 'rename'; readonly name: string; readonly to: string; readonly replace: boolean }
  | { readonly what: 'list' };

export type Creation = 'never' | 'if-missing' | 'exclusive' | 'truncate';

/** The result: a value or an error code. */
export type Outcome = { readonly value: string } | { readonly code: string };

export interface Step {
  readonly outcome: Outcome;
  readonly world: World;
}

export const EMPTY: World = {
  names: new Map(),
  contents: new Map(),
  open: new Map(),
  locked: new Set(),
  next: 1,
};
const NONE = new Uint8Array(0);
const OK: Outcome = { value: '' };

export const shown = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function with_<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): Map<K, V> {
  return new Map(map).set(key, value);
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): Map<K, V> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

const failed = (world: World, code: string): Step => ({ outcome: { code }, world });

function filled(world: World, file: number, bytes: Uint8Array): World {
  return { ...world, contents: with_(world.contents, file, bytes) };
}

function overlaid(before: Uint8Array, at: number, data: Uint8Array): Uint8Array {
  const after = new Uint8Array(Math.max(before.length, at + data.length));
  after.set(before);
  after.set(data, at);
  return after;
}

/** Opens or creates a file under a name; returns the new state, or the status of the failure. */
export function made(world: World, name: string, create: Creation): World | string {
  const there = world.names.get(name);
  if (there === 'directory')
    return create === 'exclusive' ? 'STATUS_OBJECT_NAME_COLLISION' : 'STATUS_FILE_IS_A_DIRECTORY';
  if (there !== undefined && create === 'exclusive') return 'STATUS_OBJECT_NAME_COLLISION';
  if (there !== undefined) return create === 'truncate' ? filled(world, there, NONE) : world;
  if (create === 'never') return 'STATUS_OBJECT_NAME_NOT_FOUND';
  const { next } = world;
  return { ...filled(world, next, NONE), names: with_(world.names, name, next), next: next + 1 };
}

function openInto(world: World, { name, create, h }: Extract<Deed, { what: 'open' }>): Step {
  const after = made(world, name, create);
  if (typeof after === 'string') return failed(world, after);
  const file = after.names.get(name) as number;
  return { outcome: OK, world: { ...after, open: with_(after.open, h, file) } };
}

function whole(world: World, deed: Extract<Deed, { what: 'writeFile' | 'appendFile' }>): Step {
  const appends = deed.what === 'appendFile';
  const after = made(world, deed.name, appends ? 'if-missing' : 'truncate');
  if (typeof after === 'string') return failed(world, after);
  const file = after.names.get(deed.name) as number;
  const before = after.contents.get(file) as Uint8Array;
  return { outcome: OK, world: filled(after, file, overlaid(before, appends ? before.length : 0, deed.data)) };
}

function renamed(world: World, { name, to, replace }: Extract<Deed, { what: 'rename' }>): Step {
  const from = world.names.get(name);
  const there = world.names.get(to);
  if (from === undefined) return failed(world, 'STATUS_OBJECT_NAME_NOT_FOUND');
  if (there !== undefined && !replace) return failed(world, 'STATUS_OBJECT_NAME_COLLISION');
  return { outcome: OK, world: { ...world, names: with_(without(world.names, name), to, from) } };
}

function named(world: World, deed: Extract<Deed, { what: 'readFile' | 'remove' | 'mkdir' | 'rmdir' | 'stat' }>): Step {
  const { what, name } = deed;
  const there = world.names.get(name);
  if (what === 'mkdir') {
    if (there !== undefined) return failed(world, 'STATUS_OBJECT_NAME_COLLISION');
    return { outcome: OK, world: { ...world, names: with_(world.names, name, 'directory') } };
  }
  if (there === undefined) return failed(world, 'STATUS_OBJECT_NAME_NOT_FOUND');
  if (what === 'stat') {
    const value = there === 'directory' ? 'directory' : String(world.contents.get(there)?.length);
    return { outcome: { value }, world };
  }
  if (what === 'rmdir') {
    if (there !== 'directory') return failed(world, 'STATUS_NOT_A_DIRECTORY');
  } else if (there === 'directory') return failed(world, 'STATUS_FILE_IS_A_DIRECTORY');
  else if (what === 'readFile') return { outcome: { value: shown(world.contents.get(there) as Uint8Array) }, world };
  return { outcome: OK, world: { ...world, names: without(world.names, name) } };
}

function onHandle(world: World, deed: Extract<Deed, { h: number }>): Step {
  if (deed.what === 'open') return openInto(world, deed);
  const file = world.open.get(deed.h) as number;
  const before = world.contents.get(file) as Uint8Array;
  switch (deed.what) {
    case 'write':
      return { outcome: OK, world: filled(world, file, overlaid(before, deed.at, deed.data)) };
    case 'append':
      return { outcome: OK, world: filled(world, file, overlaid(before, before.length, deed.data)) };
    case 'truncate':
      return {
        outcome: OK,
        world: filled(world, file, overlaid(new Uint8Array(deed.size), 0, before.subarray(0, deed.size))),
      };
    case 'read':
      return { outcome: { value: shown(before) }, world };
    case 'flush':
      return { outcome: OK, world };
    case 'lock':
      return { outcome: OK, world: { ...world, locked: new Set([...world.locked, deed.h]) } };
    case 'unlock':
      return { outcome: OK, world: { ...world, locked: unlocked(world, deed.h) } };
    case 'close':
      return { outcome: OK, world: { ...world, open: without(world.open, deed.h), locked: unlocked(world, deed.h) } };
  }
}

function unlocked({ locked }: World, h: number): Set<number> {
  return new Set([...locked].filter((other) => other !== h));
}

/** The effect of a deed if nothing goes wrong. */
export function done(world: World, deed: Deed): Step {
  switch (deed.what) {
    case 'writeFile':
    case 'appendFile':
      return whole(world, deed);
    case 'readFile':
    case 'remove':
    case 'mkdir':
    case 'rmdir':
    case 'stat':
      return named(world, deed);
    case 'rename':
      return renamed(world, deed);
    case 'list':
      return { outcome: { value: [...world.names.keys()].sort().join() }, world };
    default:
      return onHandle(world, deed);
  }
}

/** A key that is different for different worlds. */
export function keyOf({ names, contents, open, locked }: World): string {
  const files = [...contents].map(([file, bytes]) => `${file}:${shown(bytes)}`);
  return JSON.stringify([[...names].sort(), files.sort(), [...open].sort(), [...locked].sort()]);
}
