/**
 * One job of one package in a process of its own: `worker JSON`, where JSON is a `Job`. Prints a `Figure` as JSON. Only
 * the work is measured, not starting and logging on.
 */
import { pipeline } from 'node:stream/promises';
import { type Figure, type Job, LISTED, SMALL, smallPath } from './job.js';
import { open, place, reasonOf, type Subject } from './subjects.js';

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

async function readLarge(subject: Subject): Promise<number> {
  if (!subject.readStream) return (await subject.readFile('large')).length;
  let bytes = 0;
  for await (const chunk of await subject.readStream('large')) bytes += (chunk as Uint8Array).length;
  return bytes;
}

async function writeLarge(subject: Subject, count: number): Promise<number> {
  if (subject.writeStream) await pipeline(pieces(count), await subject.writeStream('written'));
  else await subject.writeFile('written', Buffer.alloc(count, 0x5a));
  return count;
}

/** Who leaves something out is not measured. */
function complete(amount: number, wanted: number, what: string): number {
  if (amount !== wanted) throw new Error(`${amount} of ${wanted} ${what}`);
  return amount;
}

async function perform(subject: Subject, { work, count, lanes }: Job): Promise<number> {
  switch (work) {
    case 'read':
      return complete(await readLarge(subject), count, 'bytes were read');
    case 'read-through':
      return subject.readThrough?.('large') ?? 0;
    case 'write':
      return writeLarge(subject, count);
    case 'read-small':
      await inLanes(count, lanes, async (turn) => {
        complete((await subject.readFile(`small/${smallPath(turn)}`)).length, SMALL, 'bytes were read');
      });
      return count;
    case 'write-small': {
      const data = Buffer.alloc(SMALL, 0x61);
      await inLanes(count, lanes, (turn) => subject.writeFile(`new/${smallPath(turn)}`, data));
      return count;
    }
    case 'list': {
      let entries = 0;
      for (let turn = 0; turn < count; turn++) entries += (await subject.list('listed')).length;
      return complete(entries, count * LISTED, 'entries were told');
    }
  }
}

async function main(text: string): Promise<void> {
  const job = JSON.parse(text) as Job;
  const subject = await open(job.subject, place(job.port, job.folder, job.options));
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const amount = await perform(subject, job);
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

// Some throw where nobody can catch it.
process.on('uncaughtException', fail);
await main(process.argv[2] ?? '').catch(fail);
