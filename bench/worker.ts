/**
 * One job of one package in a process of its own: `worker JSON`, where JSON is a `Job`. Prints a `Figure` as JSON. Only
 * the work is measured, not starting and logging on.
 */
import { pipeline } from 'node:stream/promises';
import type { ConnectOptions } from '#client/index.js';
import { open, place, reasonOf, type Subject, type SubjectName } from './subjects.js';

export interface Job {
  readonly subject: SubjectName;
  readonly port: number;
  readonly folder: string;
  readonly options?: ConnectOptions;
  readonly work: 'read' | 'read-through' | 'write' | 'read-small' | 'write-small' | 'list';
  /** Bytes of the large file, number of small ones, turns of the list. */
  readonly count: number;
  /** Operations under way at a time. */
  readonly lanes: number;
}

export interface Figure {
  /** Bytes, files or entries. */
  readonly amount: number;
  readonly seconds: number;
  /** Processor time of the client, its children included where there are any. */
  readonly cpuSeconds: number;
}

const SMALL = 4096;
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

async function perform(subject: Subject, { work, count, lanes }: Job): Promise<number> {
  switch (work) {
    case 'read':
      return readLarge(subject);
    case 'read-through':
      return subject.readThrough?.('large') ?? 0;
    case 'write':
      return writeLarge(subject, count);
    case 'read-small':
      await inLanes(count, lanes, (turn) => subject.readFile(`small/f${turn}`));
      return count;
    case 'write-small': {
      const data = Buffer.alloc(SMALL, 0x61);
      await inLanes(count, lanes, (turn) => subject.writeFile(`new/f${turn}`, data));
      return count;
    }
    case 'list': {
      let entries = 0;
      for (let turn = 0; turn < count; turn++) entries += (await subject.list('small')).length;
      return entries;
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
