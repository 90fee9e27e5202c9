/**
 * Runs one job of one package in its own process: `worker JSON`, where JSON is a `Job`. Prints a `Figure` as JSON. Only
 * the work is measured, not the start, the logon or the generation of data.
 */
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Figure, type Job, LISTED, largePath, PACKETS, SMALL, smallPath } from './job.js';
import { call, drained, type Subject } from './subject/subject.js';
import { open, place, reasonOf } from './subjects.js';

const PIECE = 1024 * 1024;

async function inLanes(count: number, lanes: number, work: (turn: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function* pieces(count: number): AsyncGenerator<Uint8Array> {
  const piece = Buffer.alloc(PIECE, 0x5a);
  for (let at = 0; at < count; at += PIECE) yield piece.subarray(0, Math.min(PIECE, count - at));
}

/** Incomplete work is not measured. */
function complete(amount: number, wanted: number, what: string): number {
  if (amount !== wanted) throw new Error(`${amount} of ${wanted} ${what}`);
  return amount;
}

type Work = (subject: Subject, job: Job) => () => Promise<number>;

/** Prepares the work; the returned function does it and returns the amount. */
const WORKS: { readonly [W in Job['work']]: Work } = {
  'read-stream': (subject, { count }) => {
    const readStream = call(subject, 'readStream');
    return async () => complete(await drained(await readStream(largePath(count))), count, 'bytes were read');
  },
  'read-large': (subject, { count }) => {
    const readLarge = call(subject, 'readLarge');
    return async () => complete(await readLarge(largePath(count)), count, 'bytes were read');
  },
  download: (subject, { count, folder }) => {
    const download = call(subject, 'download');
    return async () => {
      await download(largePath(count), join(folder, 'downloaded'));
      return count;
    };
  },
  'write-stream': (subject, { count }) => {
    const writeStream = call(subject, 'writeStream');
    return async () => {
      await pipeline(pieces(count), await writeStream('written'));
      return count;
    };
  },
  'write-large': (subject, { count }) => {
    const writeLarge = call(subject, 'writeLarge');
    const data = Buffer.alloc(count, 0x5a);
    return async () => {
      await writeLarge('written', data);
      return count;
    };
  },
  upload: (subject, { count, folder }) => {
    const upload = call(subject, 'upload');
    return async () => {
      await upload(join(folder, largePath(count)), 'written');
      return count;
    };
  },
  'read-small': (subject, { count, lanes }) => {
    return async () => {
      await inLanes(count, lanes, async (turn) => {
        complete((await subject.readFile(`small/${smallPath(turn)}`)).length, SMALL, 'bytes were read');
      });
      return count;
    };
  },
  'write-small': (subject, { count, lanes }) => {
    const data = Buffer.alloc(SMALL, 0x61);
    return async () => {
      await inLanes(count, lanes, (turn) => subject.writeFile(`new/${smallPath(turn)}`, data));
      return count;
    };
  },
  list: (subject, { count }) => {
    return async () => {
      let entries = 0;
      for (let turn = 0; turn < count; turn++) entries += (await subject.list('listed')).length;
      return complete(entries, count * LISTED, 'entries were told');
    };
  },
};

async function main(text: string): Promise<void> {
  const job = JSON.parse(text) as Job;
  const subject = await open(job.subject, place(job.port, job.folder, job.options, PACKETS));
  const perform = WORKS[job.work](subject, job);
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const amount = await perform();
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const figure: Figure = { amount, seconds, cpuSeconds: (user + system) / 1e6 };
  process.stdout.write(`${JSON.stringify(figure)}\n`);
  await subject.close();
  process.exit();
}

function fail(error: unknown): never {
  process.stderr.write(`error: ${reasonOf(error)}\n`);
  process.exit(1);
}

// Some packages throw where nobody can catch it.
process.on('uncaughtException', fail);
await main(process.argv[2] ?? '').catch(fail);
