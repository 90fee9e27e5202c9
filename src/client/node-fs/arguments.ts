import { inspect } from 'node:util';

type Made<E extends Error> = E & { readonly code: string };

/** What was given instead, in Node's words. */
function received(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') {
    const { name } = value.constructor ?? {};
    return name ? `an instance of ${name}` : inspect(value, { depth: -1 });
  }
  const text = inspect(value);
  return `type ${typeof value} (${text.length > 28 ? `${text.slice(0, 25)}...` : text})`;
}

/** As Node's `ERR_INVALID_ARG_TYPE`; a name with a dot is that of a property. */
export function invalidType(name: string, expected: string, value: unknown): Made<TypeError> {
  const what = name.includes('.') ? 'property' : 'argument';
  const error = new TypeError(`The "${name}" ${what} must be ${expected}. Received ${received(value)}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

/** As Node's `ERR_INVALID_ARG_VALUE`. */
export function invalidValue(name: string, value: unknown, why: string = 'is invalid'): Made<TypeError> {
  const what = name.includes('.') ? 'property' : 'argument';
  const error = new TypeError(`The ${what} '${name}' ${why}. Received ${inspect(value)}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_VALUE' });
}

/** As Node's `ERR_OUT_OF_RANGE`. */
export function outOfRange(name: string, range: string, value: unknown): Made<RangeError> {
  const large = (typeof value === 'number' && Math.abs(value) > 2 ** 32) || typeof value === 'bigint';
  const text = inspect(value, { numericSeparator: large });
  const error = new RangeError(`The value of "${name}" is out of range. It must be ${range}. Received ${text}`);
  return Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
}

/** A number of that range, as Node takes it. */
export function integer(name: string, value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value);
  return value;
}

/** The highest number of 32 bits. */
export const MAX_32 = 0xffffffff;

/** A user or a group; -1 leaves it as it is. */
export function owners(uid: unknown, gid: unknown): void {
  integer('uid', uid, -1, MAX_32);
  integer('gid', gid, -1, MAX_32);
}

/** Options that have to be true or false, where they are there. */
export function flags(options: object, names: readonly string[]): void {
  for (const name of names) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined && typeof value !== 'boolean') {
      throw invalidType(`options.${name}`, 'of type boolean', value);
    }
  }
}

/** Options as an object, and nothing else. */
export function onlyObject<T extends object>(options: T | undefined): T {
  if (options === undefined) return {} as T;
  if (typeof options !== 'object' || options === null) throw invalidType('options', 'of type object', options);
  return options;
}

/** A signal, where there is one. */
export function signalOf(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw invalidType('options.signal', 'an instance of AbortSignal', signal);
}

/** Views of memory, one after the other. */
export function views<T extends readonly NodeJS.ArrayBufferView[]>(buffers: T): T {
  if (Array.isArray(buffers) && buffers.every((buffer) => ArrayBuffer.isView(buffer))) return buffers;
  throw invalidType('buffers', 'an ArrayBufferView[]', buffers);
}

/** Bytes of a part of a view, which must lie within it. */
export function part(
  view: NodeJS.ArrayBufferView,
  offset: number | null | undefined,
  length: number | null | undefined,
): Uint8Array {
  if (!ArrayBuffer.isView(view)) throw invalidType('buffer', 'an instance of Buffer, TypedArray, or DataView', view);
  const from = integer('offset', offset ?? 0, 0, view.byteLength);
  const size = integer('length', length ?? view.byteLength - from, 0, view.byteLength - from);
  return new Uint8Array(view.buffer, view.byteOffset + from, size);
}
