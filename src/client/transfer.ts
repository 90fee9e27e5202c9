import { inLanes } from '#trees/lanes.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Control, FileProtocol, Handle } from './protocol.js';

function lanesOf(window: number, chunk: number): number {
  return Math.max(1, Math.floor(window / chunk));
}

/** Reads one stretch completely, unless the file ends; servers may return less than asked for. */
async function readFully(
  protocol: FileProtocol,
  handle: Handle,
  into: Uint8Array,
  offset: number,
  control: Control,
): Promise<number> {
  let fill = 0;
  while (fill < into.length) {
    const got = await protocol.readInto(handle, offset + fill, into.subarray(fill), control);
    if (got === 0) break;
    fill += got;
  }
  return fill;
}

/** Fills `into` from `offset` on, with several requests under way. Returns how much there was. */
export async function readInto(
  protocol: FileProtocol,
  handle: Handle,
  into: Uint8Array,
  offset: number,
  control: Control = {},
): Promise<number> {
  const chunk = protocol.maxRead;
  let next = 0;
  let end = into.length;
  const lane = async (): Promise<void> => {
    while (next < end) {
      const at = next;
      const stop = Math.min(at + chunk, into.length);
      next = stop;
      try {
        const got = await readFully(protocol, handle, into.subarray(at, stop), offset + at, control);
        if (at + got < stop) end = Math.min(end, at + got);
      } catch (error) {
        end = 0;
        throw error;
      }
    }
  };
  await inLanes(Math.min(lanesOf(protocol.window, chunk), Math.ceil(into.length / chunk)), lane);
  return end;
}

/** Writes all of the data at `offset`, with several requests under way. */
export async function writeAll(
  protocol: FileProtocol,
  handle: Handle,
  data: Uint8Array,
  offset: number,
  control: Control = {},
): Promise<void> {
  const chunk = protocol.maxWrite;
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < data.length && !failed) {
      const at = next;
      next = Math.min(at + chunk, data.length);
      try {
        await writeFully(protocol, handle, data.subarray(at, next), offset + at, control);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await inLanes(Math.min(lanesOf(protocol.window, chunk), Math.ceil(data.length / chunk)), lane);
}

/** Writes one stretch completely; servers may take less than they are given. */
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

/** The bytes from `start` to `end` (not included) in order, read ahead while the consumer works. */
export async function* readAhead(
  protocol: FileProtocol,
  handle: Handle,
  start: number,
  end: number,
  control: Control = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunk = protocol.maxRead;
  const lanes = lanesOf(protocol.window, chunk);
  const ahead: { at: number; length: number; data: Promise<Uint8Array> }[] = [];
  let next = start;
  const fill = (): void => {
    while (ahead.length < lanes && next < end) {
      const length = Math.min(chunk, end - next);
      const data = protocol.read(handle, next, length, control);
      // Whoever stops reading never looks at it.
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
      // What a server left out has to be asked for again, before the rest.
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
