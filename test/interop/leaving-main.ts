/**
 * node --unhandled-rejections=strict build/test/interop/leaving-main.js URL DIALECT SEED ROUNDS
 *
 * Starts operations on a share and abandons them at random moments: streams are destroyed, cancelled or aborted,
 * iterations are left early or thrown into, calls are aborted by their signal. Prints `ready` when all are over, and
 * ends on the next line of input. By then nothing may be open at the server, and nothing may keep the process alive.
 */
import { once } from 'node:events';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ConnectOptions, connect, type DialectName } from '#client/index.js';
import { Leaver } from './leaver.js';

const [url = '', dialect = '3.1.1', seed = '1', rounds = '50'] = process.argv.slice(2);
const only = { min: dialect as DialectName, max: dialect as DialectName };
const options: ConnectOptions = { dialects: only, signing: 'enabled' };
const share = await connect(url, options);
const top = 'leaving';
await share.mkdir(`${top}/tree/a/b`, { recursive: true });
await share.writeFile(`${top}/big`, new Uint8Array(4_000_000).fill(3));
for (let i = 0; i < 30; i++) await share.writeFile(`${top}/tree/a/f${i}`, 'x'.repeat(i * 100));

const leaver = new Leaver(Number(seed));
const { below } = leaver;
const big = `${top}/big`;
const signalled = (begin: (signal: AbortSignal) => Promise<unknown>): Promise<void> => leaver.signalled(begin);

async function destroyed(stream: Readable | Writable): Promise<void> {
  stream.on('error', () => undefined);
  if (stream instanceof Readable) stream.resume();
  else stream.write(new Uint8Array(below(2_000_000)));
  await leaver.pause();
  stream.destroy(below(2) === 0 ? new Error('enough') : undefined);
  if (!stream.closed) await once(stream, 'close').catch(() => undefined);
}

async function left(steps: AsyncIterator<unknown, void, undefined>): Promise<void> {
  const pending = Array.from({ length: below(4) }, () => leaver.quiet(steps.next()));
  await leaver.pause();
  await leaver.quiet(below(2) === 0 && steps.throw ? steps.throw(new Error('enough')) : steps.return?.());
  await Promise.all(pending);
}

const OPERATIONS: readonly (() => Promise<unknown>)[] = [
  () => destroyed(share.createReadStream(big)),
  () => destroyed(share.createWriteStream(`${top}/w${below(3)}`)),
  () => signalled((signal) => share.createReadStream(big, { signal }).toArray()),
  () => signalled((signal) => pipeline(share.createReadStream(big), share.createWriteStream(`${top}/p`), { signal })),
  () => signalled((signal) => share.readable(big).pipeTo(share.writable(`${top}/q`), { signal })),
  () => signalled((signal) => new Response(share.readable(big, { signal })).arrayBuffer()),
  async () => {
    const reader = share.readable(big).getReader({ mode: 'byob' });
    const reads = [1000, 70_000].map((size) => leaver.quiet(reader.read(new Uint8Array(size))));
    await leaver.pause();
    await reader.cancel();
    await Promise.all(reads);
  },
  async () => {
    const writer = share.writable(`${top}/r`).getWriter();
    const all = [writer.closed, writer.ready, writer.write(new Uint8Array(below(3_000_000)))].map(leaver.quiet);
    await leaver.pause();
    if (below(2) === 0) all.push(leaver.quiet(writer.close()));
    await leaver.quiet(writer.abort());
    await Promise.all(all);
  },
  () => left(share.watch(top, { recursive: true })),
  () => left(share.fs.watch(`/${top}`)),
  () => left(share.readdir(`${top}/tree`, { recursive: true })),
  () => left(share.readdir(`${top}/tree/a`)),
  () => left(share.glob(`${top}/**`)),
  () => left(share.fs.glob(`/${top}/**`)),
  async () => {
    await using file = await share.open(big);
    await left(below(2) === 0 ? file.chunks() : file.readLines());
  },
  async () => {
    const watcher = share.fs.watcher(`/${top}`).on('error', () => undefined);
    await leaver.pause();
    await watcher.close();
  },
  () => signalled((signal) => share.cp(`${top}/tree`, `${top}/copy${below(2)}`, { recursive: true, signal })),
  () => signalled((signal) => share.copy(big, `${top}/c${below(2)}`, { signal })),
  () => signalled((signal) => share.rm(`${top}/copy${below(2)}`, { recursive: true, force: true, signal })),
  () => signalled((signal) => share.readFile(big, { signal })),
  () => signalled((signal) => share.writeFile(`${top}/v`, 'x', { signal })),
  () => signalled((signal) => share.appendFile(`${top}/v`, 'y', { signal })),
  () => signalled((signal) => share.open(big, { signal }).then((file) => file.close())),
  () => leaver.quiet(share.readFile(big, { timeoutMs: 1 + below(5) })),
];

for (let round = 0; round < Number(rounds); round++) {
  const two = [below(OPERATIONS.length), below(OPERATIONS.length)];
  const late = setTimeout(() => {
    process.stderr.write(`seed ${seed}, round ${round}: one of ${two} does not end\n`);
    process.exit(9);
  }, 30_000);
  await Promise.all(two.map((index) => OPERATIONS[index]?.()));
  clearTimeout(late);
}
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
await share.rm(top, { recursive: true, force: true });
await share.close();
