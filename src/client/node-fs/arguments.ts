import { inspect } from 'node:util';

type Made<E extends Error> = E & { readonly code: string };

function received(value: unknown): string {
  return typeof value === 'object' ? inspect(value, { depth: 0 }) : `type ${typeof value} (${inspect(value)})`;
}

/** As Node's `ERR_INVALID_ARG_TYPE`. */
export function invalidType(name: string, expected: string, value: unknown): Made<TypeError> {
  const what = value === undefined ? 'undefined' : received(value);
  const error = new TypeError(`The "${name}" argument must be ${expected}. Received ${what}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

/** As Node's `ERR_INVALID_ARG_VALUE`. */
export function invalidValue(name: string, value: unknown, why: string = 'is invalid'): Made<TypeError> {
  const error = new TypeError(`The argument '${name}' ${why}. Received ${inspect(value)}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_VALUE' });
}

/** As Node's `ERR_OUT_OF_RANGE`. */
export function outOfRange(name: string, range: string, value: unknown): Made<RangeError> {
  const error = new RangeError(
    `The value of "${name}" is out of range. It must be ${range}. Received ${inspect(value)}`,
  );
  return Object.assign(error, { code: 'ERR_OUT_OF_RANGE' });
}

/** A number of that range, as Node takes it. */
export function integer(name: string, value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < min || value > max) throw outOfRange(name, `>= ${min} && <= ${max}`, value);
  return value;
}

/** Bytes of a part of a view, which must lie within it. */
export function part(
  view: NodeJS.ArrayBufferView,
  offset: number | null | undefined,
  length: number | null | undefined,
): Uint8Array {
  const from = integer('offset', offset ?? 0, 0, view.byteLength);
  const size = integer('length', length ?? view.byteLength - from, 0, view.byteLength - from);
  return new Uint8Array(view.buffer, view.byteOffset + from, size);
}
