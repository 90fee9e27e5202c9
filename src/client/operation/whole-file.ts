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
/** Largest file that is taken into memory. */
const LIMIT = 0x7fffffff;

/** How to read a whole file. */
export interface ReadFileOptions extends TransferOptions {
  /** More bytes than these are an error, before they are read; 2 GiB when absent. */
  readonly limit?: number | undefined;
}

/** Throws where a file is larger than what is to be taken into memory. */
export function checkSize(path: string, size: number, { limit = LIMIT }: ReadFileOptions): void {
  if (size > Math.min(limit, LIMIT)) throw new UsageError(`${path} has ${size} bytes: read it as a stream`);
}

/** As `ReadFileOptions`, with what to make text of. */
export interface ReadTextOptions extends ReadFileOptions {
  readonly encoding: BufferEncoding;
}

/** Options as they may be given: an encoding and options, or options with an encoding. */
export function readOptions(
  first: BufferEncoding | ReadFileOptions | ReadTextOptions | undefined,
  second: ReadFileOptions | undefined,
): { readonly options: ReadFileOptions; readonly encoding: BufferEncoding | undefined } {
  const { encoding, ...options }: Partial<ReadTextOptions> =
    typeof first === 'string' ? { ...second, encoding: first } : (first ?? {});
  return { options, encoding: encoding == null ? undefined : encodingOf(encoding) };
}

/** What happens to what is there: as Node's flags. */
export type WriteFlag = 'w' | 'wx' | 'a' | 'ax' | 'r+';

/** How to write a whole file. */
export interface WriteFileOptions extends TransferOptions {
  /** What to make of text; UTF-8 when absent. */
  readonly encoding?: BufferEncoding | undefined;
  /** 'w' (the default) replaces what is there, 'wx' wants nothing to be there, 'a' adds to it, 'r+' writes over it. */
  readonly flag?: WriteFlag | undefined;
}

/** All of a file: a small one in one round trip, a large one with many requests under way. */
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
    // The answer lies in a message's memory.
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

/** How a file is opened for a flag. */
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
  // Where the end is has to be asked for: who adds to the same file waits, in whatever case it is spelled.
  await place.appending.take(normal(path).toLowerCase(), control.signal, async () => {
    const add = (create: typeof open.create): Promise<void> =>
      using(place, path, { access: 'write', create }, control, (file) => file.appendFile(bytes, transfer));
    try {
      await add('never');
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // Not at first: impacket's server empties what it finds so.
      await add('if-missing');
    }
  });
}

/** Cuts or extends a file to a size. */
export async function truncate(place: Place, path: string, size: number, control: Control): Promise<void> {
  const length = wholeNumber('a size', size);
  await using(place, path, { access: 'write' }, control, (file) => file.truncate(length, control));
}
