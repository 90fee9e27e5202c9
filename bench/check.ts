/**
 * Runs one check of one package in its own process: `check JSON`, where JSON is a `Check`. Prints `{"ok":…}` or the
 * failure as JSON. Everything read is compared with what must be there.
 */
import { createHash } from 'node:crypto';
import { finished, pipeline } from 'node:stream/promises';
import type { ConnectOptions } from '#client/index.js';
import { Absent, call, type Place, type Subject } from './subject/subject.js';
import { open, place, reasonOf, type SubjectName } from './subjects.js';

export interface Check {
  readonly subject: SubjectName;
  readonly name: CheckName;
  readonly port: number;
  readonly folder: string;
  readonly options?: ConnectOptions;
}

export interface Verdict {
  readonly ok: boolean;
  /** Why it failed. */
  readonly reason?: string;
  /** The package has no such call. */
  readonly absent?: boolean;
}

/** What `prepare` in comparison.ts puts on the share. */
export const HELLO = 'hello, world\n';
export const BIG_SIZE = 5 * 1024 ** 3;
export const BIG_MARK_AT = BIG_SIZE - 4096;
export const MEDIUM_SIZE = 32 * 1024 * 1024;
export const MANY = 64;

const bytes = (text: string): Uint8Array => Buffer.from(text);
const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** The same bytes each time. */
export function medium(): Buffer {
  const data = Buffer.alloc(MEDIUM_SIZE);
  for (let i = 0; i < data.length; i += 4) data.writeUInt32LE((i * 2654435761) >>> 0, i);
  return data;
}

function same(got: Uint8Array | string | number | boolean, wanted: typeof got, what: string): void {
  const equal =
    got instanceof Uint8Array && wanted instanceof Uint8Array ? digest(got) === digest(wanted) : got === wanted;
  if (!equal) throw new Error(`${what} is wrong`);
}

async function isThere(subject: Subject, directory: string, name: string): Promise<boolean> {
  return (await subject.list(directory)).includes(name);
}

const CHECKS = {
  'log on': async (s) => void (await s.list('')),
  'read a file': async (s) => same(await s.readFile('hello.txt'), bytes(HELLO), 'what was read'),
  'write a file': async (s) => {
    await s.writeFile('written.txt', bytes(HELLO));
    same(await s.readFile('written.txt'), bytes(HELLO), 'what was written');
  },
  'overwrite a longer file': async (s) => {
    await s.writeFile('longer.txt', bytes('short'));
    same(await s.readFile('longer.txt'), bytes('short'), 'what was written');
  },
  'read 32 MiB': async (s) => same(await s.readFile('medium'), medium(), 'what was read'),
  'write 32 MiB': async (s) => {
    await s.writeFile('medium-written', medium());
    same((await s.readFile('medium-written')).length, MEDIUM_SIZE, 'size');
  },
  'read as a stream': async (s) => {
    const hash = createHash('sha256');
    for await (const part of await call(s, 'readStream')('medium')) hash.update(part as Uint8Array);
    same(hash.digest('hex'), digest(medium()), 'what was read');
  },
  'write as a stream': async (s) => {
    const stream = await call(s, 'writeStream')('streamed');
    const done = finished(stream);
    await pipeline([medium()], stream);
    await done;
    same(digest(await s.readFile('streamed')), digest(medium()), 'what was written');
  },
  'read beyond 4 GiB': async (s) =>
    same(await call(s, 'readAt')('big', BIG_MARK_AT, HELLO.length), bytes(HELLO), 'what was read'),
  'size of a file of 5 GiB': async (s) => same(await call(s, 'sizeOf')('big'), BIG_SIZE, 'size'),
  '64 files at once': async (s) => {
    const names = Array.from({ length: MANY }, (_, i) => `many/f${i}`);
    const all = await Promise.all(names.map((name) => s.readFile(name)));
    all.forEach((data, i) => {
      same(data, bytes(`${i}`.repeat(2000)), names[i] as string);
    });
  },
  'list 2,000 names': async (s) => same((await s.list('names')).length, 2000, 'how many'),
  'tell files from directories': async (s) => {
    const types = await call(s, 'listTypes')('');
    same(types.get('many') === true && types.get('hello.txt') === false, true, 'type');
  },
  'names beyond ASCII': async (s) => {
    same(await isThere(s, '', 'żółw 文件 😀.txt'), true, 'list');
    same(await s.readFile('żółw 文件 😀.txt'), bytes(HELLO), 'what was read');
  },
  'say that a file is not there': async (s) => same(await call(s, 'exists')('nothing.txt'), false, 'answer'),
  rename: async (s) => {
    await call(s, 'rename')('old.txt', 'new.txt');
    same(await isThere(s, '', 'new.txt'), true, 'list');
  },
  'rename over another file': async (s) => {
    await call(s, 'replace')('from.txt', 'to.txt');
    same(await s.readFile('to.txt'), bytes('from'), 'what is there');
  },
  'remove a file': async (s) => {
    await call(s, 'remove')('doomed.txt');
    same(await isThere(s, '', 'doomed.txt'), false, 'list');
  },
  'make a directory': async (s) => {
    await call(s, 'mkdir')('made');
    same(await isThere(s, '', 'made'), true, 'list');
  },
  'make directories on the way': async (s) => {
    await call(s, 'mkdirDeep')('a/b/c');
    same(await isThere(s, 'a/b', 'c'), true, 'list');
  },
  'remove an empty directory': async (s) => {
    await call(s, 'rmdir')('empty');
    same(await isThere(s, '', 'empty'), false, 'list');
  },
  'remove a directory with all in it': async (s) => {
    await call(s, 'removeTree')('tree');
    same(await isThere(s, '', 'tree'), false, 'list');
  },
  'hear of a change': async (s, where) => {
    const other = await open('sombrero', { ...where, options: { signing: 'enabled' } });
    const changed = call(s, 'watch')('watched', () => {
      setTimeout(() => void other.writeFile('watched/new.txt', bytes(HELLO)), 500);
    });
    await changed;
    await other.close();
  },
} satisfies Record<string, (subject: Subject, where: Place) => Promise<void>>;

export type CheckName = keyof typeof CHECKS;
export const CHECK_NAMES = Object.keys(CHECKS) as CheckName[];

function tell(verdict: Verdict): never {
  process.stdout.write(`\n${JSON.stringify(verdict)}\n`);
  process.exit();
}

const refuse = (error: unknown): never => tell({ ok: false, reason: reasonOf(error), absent: error instanceof Absent });

async function main(text: string): Promise<void> {
  const { subject: name, name: check, port, folder, options } = JSON.parse(text) as Check;
  const where = place(port, folder, options);
  const subject = await open(name, where);
  const run: (subject: Subject, where: Place) => Promise<void> = CHECKS[check];
  await run(subject, where);
  tell({ ok: true });
}

const [argument] = process.argv.slice(2);
if (argument !== undefined && process.argv[1]?.endsWith('check.js')) {
  process.on('uncaughtException', refuse);
  await main(argument).catch(refuse);
}
