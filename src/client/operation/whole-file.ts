import { UsageError } from '#wire/erref/errors.js';
import { encodingOf, named, wholeNumber } from '../arguments.js';
import type { TransferOptions } from '../call-options.js';
import { isNotFound } from '../errors.js';
import { type OpenOptions, openRequest } from '../open-options.js';
import { normal, toWire } from '../paths.js';
import type { Control } from '../protocol.js';
import { type Place, using } from './place.js';

/** Files up to this size are read and written in one round trip. */
const SMALL = 65536;
/** Largest file that is read into memory. */
const LIMIT = 0x7fffffff;

/** How to read a whole file. */
export interface ReadFileOptions extends TransferOptions {
  /** A file larger than this is an error, before anything is read; 2 GiB by default. */
  readonly limit?: number | undefined;
}

/** Throws if a file is too large to read into memory. */
export function checkSize(path: string, size: number, { limit = LIMIT }: ReadFileOptions): void {
  if (size > Math.min(limit, LIMIT)) throw new UsageError(`${path} has ${size} bytes: read it as a stream`);
}

/** Like `ReadFileOptions`, with the encoding to decode. */
export interface ReadTextOptions extends ReadFileOptions {
  readonly encoding: BufferEncoding;
}

/** Normalizes the arguments: an encoding and options, or options with an encoding. */
export function readOptions(
  first: BufferEncoding | ReadFileOptions | ReadTextOptions | undefined,
  second: ReadFileOptions | undefined,
): { readonly options: ReadFileOptions; readonly encoding: BufferEncoding | undefined } {
  const { encoding, ...options }: Partial<ReadTextOptions> =
    typeof first === 'string' ? { ...second, encoding: first } : (first ?? {});
  return { options, encoding: encoding == null ? undefined : encodingOf(encoding) };
}

/** How to treat an existing file: Node's flags. */
export type WriteFlag = 'w' | 'wx' | 'a' | 'ax' | 'r+';

/** How to write a whole file. */
export interface WriteFileOptions extends TransferOptions {
  /** How to encode text; UTF-8 by default. */
  readonly encoding?: BufferEncoding | undefined;
  /** 'w' (the default) replaces the file, 'wx' fails if it exists, 'a' appends, 'r+' overwrites in place. */
  readonly flag?: WriteFlag | undefined;
}

/** Reads a whole file: a small one in one round trip, a large one with many concurrent requests. */
export async function readFile(
  place: Place,
  path: string,
  control: Control,
  options: ReadFileOptions,
): Promise<Uint8Array> {
  const { protocol } = place;
  const length = Math.min(SMALL, protocol.maxRead);
  const open = openRequest(toWire(path), { access: 'read' });
  const { info, outputs } = await protocol.visit(open, [{ verb: 'read', offset: 0, length }], control);
  const start = outputs[0] as Uint8Array;
  if (start.length < length && start.length >= info.size) {
    checkSize(path, start.length, options);
    options.onProgress?.({ bytes: start.length, total: start.length });
    // The response lies in a message buffer that will be reused.
    return new Uint8Array(start);
  }
  return using(place, path, { access: 'read' }, control, (file) => file.readFile({ ...options, ...control }));
}

const CREATE: Readonly<Record<WriteFlag, NonNullable<OpenOptions['create']>>> = {
  w: 'truncate',
  wx: 'exclusive',
  a: 'if-missing',
  ax: 'exclusive',
  'r+': 'never',
};

/** The create mode for a flag. */
export function createOf(flag: WriteFlag): NonNullable<OpenOptions['create']> {
  return named('flag', CREATE, flag);
}

export async function writeFile(
  place: Place,
  path: string,
  bytes: Uint8Array,
  control: Control,
  options: WriteFileOptions,
): Promise<void> {
  const { flag = 'w', onProgress } = options;
  const create = createOf(flag);
  const open: OpenOptions = { access: 'write', create };
  const { protocol } = place;
  if (flag !== 'a' && bytes.length <= Math.min(SMALL, protocol.maxWrite)) {
    const steps = bytes.length === 0 ? [] : [{ verb: 'write', offset: 0, data: bytes } as const];
    await protocol.visit(openRequest(toWire(path), open), steps, control);
    onProgress?.({ bytes: bytes.length, total: bytes.length });
    return;
  }
  const transfer = { ...control, onProgress };
  if (flag !== 'a') return using(place, path, open, control, (file) => file.write(bytes, 0, transfer));
  // Appending queries the size first, so appends to one file are queued, whichever way its name is spelled.
  await place.appending.take(normal(path).toLowerCase(), control.signal, async () => {
    const add = (create: typeof open.create): Promise<void> =>
      using(place, path, { access: 'write', create }, control, (file) => file.appendFile(bytes, transfer));
    try {
      await add('never');
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // Only as a second attempt: impacket's server would empty an existing file.
      await add('if-missing');
    }
  });
}

/** Truncates or extends a file to a size. */
export async function truncate(place: Place, path: string, size: number, control: Control): Promise<void> {
  const length = wholeNumber('a size', size);
  await using(place, path, { access: 'write' }, control, (file) => file.truncate(length, control));
}
