import { isZero } from '#trees/zeros.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { FileAttributes } from '#wire/fscc/attributes.js';
import type { Control, DataRange, FileProtocol, Handle, NodeInfo } from '../protocol.js';
import { readRanges, writeAll } from '../transfer.js';
import { dataRanges, makeSparse } from './holes.js';

/** An open file and the protocol it was opened with. */
export interface OpenFile {
  readonly protocol: FileProtocol;
  readonly handle: Handle;
}

export interface CopyControl extends Control {
  /** Bytes copied so far, and in total. */
  readonly onCopied?: ((bytes: number, total: number) => void) | undefined;
}

/** What to copy. */
interface Work {
  readonly ranges: readonly DataRange[];
  /** The ranges contain holes at unknown places; a server-side copy would fill them. */
  readonly holes: boolean;
  /** The target reads as zeros where nothing is written. */
  readonly cleared: boolean;
}

/**
 * Copies the contents of a file into another: on the server if both are open over one session and it supports that,
 * otherwise through this machine. Holes are kept if the server reports them, or if the file seems to have many.
 */
export async function copyData(source: OpenFile, target: OpenFile, control: CopyControl): Promise<void> {
  const info = await source.protocol.inspect(source.handle, control);
  const { size } = info;
  if (size === 0) return;
  let told = 0;
  const onCopied = (bytes: number): void => {
    told = bytes;
    control.onCopied?.(bytes, size);
  };
  const work = await workOf(source, target, info, control);
  const end = await copyRanges(source, target, work, { ...control, onCopied });
  // Only at the end: until then, the target's size shows how far the copy has come.
  if (work.cleared) await target.protocol.truncate(target.handle, Math.min(end, size), control);
  // Holes count as copied, too; completion is reported once.
  if (told !== size) onCopied(size);
}

async function workOf(source: OpenFile, target: OpenFile, info: NodeInfo, control: Control): Promise<Work> {
  const { size, allocationSize, attributes } = info;
  const all = [{ start: 0, end: size }];
  const dense = { ranges: all, holes: false, cleared: false };
  // Not every server sets the attribute on sparse files.
  if ((attributes & FileAttributes.SparseFile) === 0 && allocationSize >= size) return dense;
  const found = await dataRanges(source.protocol, source.handle, size, control);
  const told = found !== undefined && lengthOf(found) < size;
  const holes = !told && allocationSize < size / 2 && (await looksEmpty(source, size, control));
  if (!(told || holes) || !(await clear(target, info, control))) return dense;
  return { ranges: told ? found : all, holes, cleared: true };
}

function lengthOf(ranges: readonly DataRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

const PROBES = 32;
const PROBE = 4096;

/** Samples a file that takes little space: does it contain many zeros, or is it just compressed? */
async function looksEmpty({ protocol, handle }: OpenFile, size: number, control: Control): Promise<boolean> {
  const places = Array.from({ length: PROBES }, (_, i) => Math.floor(((i + 0.5) * size) / PROBES / PROBE) * PROBE);
  const found = await Promise.all(places.map((at) => protocol.read(handle, at, PROBE, control)));
  return found.filter(isZero).length >= PROBES / 4;
}

/**
 * Empties the target so that holes can remain. False if it is longer than the source, as the rest must stay, or may be
 * the source itself.
 */
async function clear({ protocol, handle }: OpenFile, source: NodeInfo, control: Control): Promise<boolean> {
  const { size, id, creationTime } = await protocol.inspect(handle, control);
  if (size > source.size || (id === source.id && creationTime === source.creationTime)) return false;
  await makeSparse(protocol, handle, control);
  if (size > 0) await protocol.truncate(handle, 0, control);
  return true;
}

/** Whether the server may be able to copy between the two files. */
export function isNear(source: OpenFile, target: OpenFile): boolean {
  const within = source.protocol.copiesWithin(source.handle);
  return within !== undefined && within === target.protocol.copiesWithin(target.handle);
}

/** Most session changes during one server-side copy; after that, the data is copied through this machine. */
const MAX_SESSIONS = 100;

/**
 * False if the server does not do it. After a connection loss, the copy resumes after the part that was acknowledged.
 */
async function copyOnServer(
  source: OpenFile,
  target: OpenFile,
  ranges: readonly DataRange[],
  control: Control & { readonly onCopied: (bytes: number) => void },
): Promise<boolean> {
  let done = 0;
  const onCopied = (bytes: number): void => {
    done = bytes;
    control.onCopied(bytes);
  };
  for (let sessions = 0; sessions < MAX_SESSIONS; sessions++) {
    const from = await source.protocol.copySource(source.handle, control);
    if (!from) return false;
    const copied = target.protocol.copyRanges(from, target.handle, ranges, { ...control, done, onCopied });
    const outcome = await copied.catch(ifShorter);
    if (outcome !== 'elsewhere') return outcome === 'copied';
  }
  return false;
}

/** The source has been truncated meanwhile ([MS-SMB2] 3.3.5.15.6): fall back to reading, which finds its end. */
function ifShorter(error: unknown): 'refused' {
  if (error instanceof StatusError && error.status === NtStatus.InvalidViewSize) return 'refused';
  throw error;
}

/** Returns the source's actual end if that was reached early, otherwise infinity. */
async function copyRanges(
  source: OpenFile,
  target: OpenFile,
  { ranges, holes, cleared }: Work,
  control: Control & { readonly onCopied: (bytes: number) => void },
): Promise<number> {
  const { protocol, handle } = target;
  const near = !holes && ranges.length > 0 && isNear(source, target);
  if (near && (await copyOnServer(source, target, ranges, control))) return Number.POSITIVE_INFINITY;
  let copied = 0;
  const put = async (bytes: Uint8Array, at: number): Promise<void> => {
    if (!cleared || !isZero(bytes)) await writeAll(protocol, handle, bytes, at, control);
    copied += bytes.length;
    control.onCopied(copied);
  };
  return readRanges(source.protocol, source.handle, ranges, put, control);
}
