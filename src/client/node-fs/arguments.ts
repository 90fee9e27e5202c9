import { inspect } from 'node:util';

type Made<E extends Error> = E & { readonly code: string };

/** The "Received …" part of Node's messages. */
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

/** Like Node's `ERR_INVALID_ARG_TYPE`; a name with a dot refers to a property. */
export function invalidType(name: string, expected: string, value: unknown): Made<TypeError> {
  const what = name.includes('.') ? 'property' : 'argument';
  const error = new TypeError(`The "${name}" ${what} must be ${expected}. Received ${received(value)}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

/** Like Node's `ERR_INVALID_ARG_VALUE`. */
export function invalidValue(name: string, value: unknown, why: string = 'is invalid'): Made<TypeError> {
  const what = name.includes('.') ? 'property' : 'argument';
  const error = new TypeError(`The ${what} '${name}' ${why}. Received ${inspect(value)}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_VALUE' });
}

/** Like Node's `ERR_OUT_OF_RANGE`. */
export function outOfRange(name: string, range: string, value: unknown): Made<RangeError> {
  const large = (typeof value === 'number' && Math.abs(value) > 2 ** 32) || typeof value === 'bigint';
  const text = inspect(value, { numericSeparator: large });
  const error = new RangeError(`The value of "${name}" is out of range. It must be ${range}. Received ${text}`);
  return Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
}

/** Checks that a value is an integer in a range, with Node's errors. */
export function integer(name: string, value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value);
  return value;
}

/** The largest unsigned 32-bit number. */
export const MAX_32 = 0xffffffff;

/** Checks a user and a group ID; -1 means unchanged. */
export function owners(uid: unknown, gid: unknown): void {
  integer('uid', uid, -1, MAX_32);
  integer('gid', gid, -1, MAX_32);
}

/** Checks that the named options are booleans, if present. */
export function flags(options: object, names: readonly string[]): void {
  for (const name of names) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined && typeof value !== 'boolean') {
      throw invalidType(`options.${name}`, 'of type boolean', value);
    }
  }
}

/** Checks that options are an object. */
export function onlyObject<T extends object>(options: T | undefined): T {
  if (options === undefined) return {} as T;
  if (typeof options !== 'object' || options === null) throw invalidType('options', 'of type object', options);
  return options;
}

/** Checks a signal, if present. */
export function signalOf(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw invalidType('options.signal', 'an instance of AbortSignal', signal);
}

/** Checks an array of buffer views. */
export function views<T extends readonly NodeJS.ArrayBufferView[]>(buffers: T): T {
  if (Array.isArray(buffers) && buffers.every((buffer) => ArrayBuffer.isView(buffer))) return buffers;
  throw invalidType('buffers', 'an ArrayBufferView[]', buffers);
}

/** The bytes of a part of a view; throws unless the part lies within it. */
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
