import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Control, DataRange, FileProtocol, Handle } from './protocol.js';

/** Number of requests of this size that may be in flight now; the window adapts to the link. */
function lanesOf({ window }: FileProtocol, chunk: number): number {
  return Math.max(1, Math.floor(window / chunk));
}

/**
 * Keeps `lanes()` pieces in flight until `next` has no more; it is asked again whenever one of the others ends. Settles
 * when all have ended, and throws the first failure.
 */
function inPieces(lanes: () => number, next: () => Promise<unknown> | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let flying = 0;
    let failure: { readonly error: unknown } | undefined;
    const fill = (): void => {
      while (!failure && flying < lanes()) {
        const piece = next();
        if (!piece) break;
        flying++;
        piece.then(ended, failed);
      }
      if (flying > 0) return;
      if (failure) reject(failure.error);
      else resolve();
    };
    const ended = (): void => {
      flying--;
      fill();
    };
    const failed = (error: unknown): void => {
      failure ??= { error };
      ended();
    };
    fill();
  });
}

/** Receives the bytes at `at`, counted from the start of the read. They are lent until it is done. */
export type Taker = (bytes: Uint8Array, at: number) => Promise<void> | void;

/** Reads one range completely, unless the file ends; servers may return less than requested. */
async function lendFully(
  protocol: FileProtocol,
  handle: Handle,
  offset: number,
  { at, stop }: { readonly at: number; readonly stop: number },
  take: Taker,
  control: Control,
): Promise<number> {
  let next = at;
  while (next < stop) {
    const { bytes, release } = await protocol.lend(handle, offset + next, stop - next, control);
    if (bytes.length > 0) {
      const taken = take(bytes, next);
      // If that fails, an aborted consumer may still use the bytes, so they are not reused but left to the garbage
      // collector.
      if (taken !== undefined) await taken;
    }
    release();
    if (bytes.length === 0) break;
    next += bytes.length;
  }
  return next;
}

/**
 * Passes on `length` bytes from `offset` as they arrive, with several requests in flight. Returns the number of bytes.
 */
export async function readEach(
  protocol: FileProtocol,
  handle: Handle,
  offset: number,
  length: number,
  take: Taker,
  control: Control = {},
): Promise<number> {
  let next = 0;
  let end = length;
  const piece = async (at: number, stop: number): Promise<void> => {
    const got = await lendFully(protocol, handle, offset, { at, stop }, take, control);
    if (got < stop) end = Math.min(end, got);
  };
  await inPieces(
    () => lanesOf(protocol, protocol.readSize),
    () => {
      if (next >= end) return undefined;
      const at = next;
      next = Math.min(at + protocol.readSize, length);
      return piece(at, next);
    },
  );
  return end;
}

/** The furthest that a piece may end beyond the start of the oldest one in flight: the largest window. */
const SPAN = 32 * 1024 * 1024;

/**
 * Like `readEach`, for several ranges and with positions in the file. When a piece arrives, everything more than `SPAN`
 * before it has been taken. Returns the end of the file if that is within the ranges, otherwise infinity.
 */
export async function readRanges(
  protocol: FileProtocol,
  handle: Handle,
  ranges: readonly DataRange[],
  take: Taker,
  control: Control = {},
): Promise<number> {
  const flying = new Set<number>();
  let end = Number.POSITIVE_INFINITY;
  let index = 0;
  let at = ranges[0]?.start ?? 0;
  const one = async (start: number, stop: number): Promise<void> => {
    flying.add(start);
    const got = await lendFully(protocol, handle, 0, { at: start, stop }, take, control);
    flying.delete(start);
    if (got < stop) end = Math.min(end, got);
  };
  await inPieces(
    () => lanesOf(protocol, protocol.readSize),
    () => {
      const range = ranges[index];
      if (range === undefined || at >= end) return undefined;
      const stop = Math.min(at + protocol.readSize, range.end);
      const [oldest = at] = flying;
      if (stop - oldest > SPAN) return undefined;
      const start = at;
      at = stop === range.end ? (ranges[++index]?.start ?? 0) : stop;
      return one(start, stop);
    },
  );
  return end;
}

/** Fills `into` with bytes from `offset`. Returns the number of bytes. */
export function readInto(
  protocol: FileProtocol,
  handle: Handle,
  into: Uint8Array,
  offset: number,
  control: Control = {},
): Promise<number> {
  return readEach(protocol, handle, offset, into.length, (bytes, at) => into.set(bytes, at), control);
}

/** Writes all of the data at `offset`, with several requests in flight. */
export async function writeAll(
  protocol: FileProtocol,
  handle: Handle,
  data: Uint8Array,
  offset: number,
  control: Control = {},
): Promise<void> {
  let next = 0;
  await inPieces(
    () => lanesOf(protocol, protocol.writeSize(0)),
    () => {
      if (next >= data.length) return undefined;
      const at = next;
      next = Math.min(at + protocol.writeSize(data.length - at), data.length);
      return writeFully(protocol, handle, data.subarray(at, next), offset + at, control);
    },
  );
}

/** Writes one range completely; servers may accept less than they are given. */
export async function writeFully(
  protocol: FileProtocol,
  handle: Handle,
  data: Uint8Array,
  offset: number,
  control: Control,
): Promise<void> {
  let done = 0;
  while (done < data.length) {
    const count = await protocol.write(handle, offset + done, data.subarray(done), control);
    if (count === 0) throw new StatusError(NtStatus.DiskFull, { command: 'WRITE', path: handle.path });
    done += count;
  }
}

/** The bytes from `start` up to, but not including, `end`, in order; reads ahead while the consumer works. */
export async function* readAhead(
  protocol: FileProtocol,
  handle: Handle,
  start: number,
  end: number,
  control: Control = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunk = protocol.maxRead;
  const ahead: { at: number; length: number; data: Promise<Uint8Array> }[] = [];
  let next = start;
  const fill = (): void => {
    while (ahead.length < lanesOf(protocol, chunk) && next < end) {
      const length = Math.min(chunk, end - next);
      const data = protocol.read(handle, next, length, control);
      // Not awaited if the consumer stops early.
      data.catch(() => undefined);
      ahead.push({ at: next, length, data });
      next += length;
    }
  };
  try {
    for (fill(); ahead.length > 0; fill()) {
      const { at, length, data } = ahead.shift() as (typeof ahead)[0];
      const bytes = await data;
      if (bytes.length === 0) return;
      yield bytes;
      // If the server returned less than requested, read the rest before going on.
      for (let got = bytes.length; got < length; ) {
        const more = await protocol.read(handle, at + got, length - got, control);
        if (more.length === 0) return;
        got += more.length;
        yield more;
      }
    }
  } finally {
    await Promise.allSettled(ahead.map(({ data }) => data));
  }
}
