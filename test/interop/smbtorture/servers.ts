import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cleanup, inReverse, run, temporaryFolder } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { root } from '../../root.js';
import { SHARE_DELAY, WRITE_TIME_DELAY } from './program.js';
import type { Holdings } from './serving.js';
import { SHARES, SMBD_GLOBAL } from './torture-shares.js';

/** A server that smbtorture is run against. */
export interface Aim {
  readonly port: number;
  /** Name and version. */
  readonly version: string;
  readonly pid: number;
  /** What it holds; only our server can tell. */
  holdings(): Promise<Holdings | undefined>;
}

/** Our server in its own process. */
export class Ours implements Aim {
  readonly port: number;
  readonly version: string;
  /** Contains the folders of its shares. */
  readonly folder: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, port: number, version: string, folder: string) {
    this.#child = child;
    this.port = port;
    this.version = version;
    this.folder = folder;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  async holdings(): Promise<Holdings> {
    if (this.#child.exitCode !== null) throw new Error('the server has gone');
    this.#child.send('holdings');
    const [held] = (await once(this.#child, 'message')) as [Holdings];
    return held;
  }
}

/** Starts our server; it ends with the test. Its output, mainly faults, goes to stderr. */
export async function startOurs(t: Cleanup, backEnd: string = 'local'): Promise<Ours> {
  const cleanup = inReverse(t);
  const folder = await temporaryFolder(cleanup);
  const child = fork(join(root, 'build/test/interop/smbtorture/serving.js'), [folder, '0', backEnd], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const exit = once(child, 'exit');
  cleanup.after(async () => {
    child.kill();
    await exit;
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return new Ours(child, port, `sombrero ${version}`, folder);
}

/** Starts smbd with the same shares; needs root. */
export async function startTheirs(t: Cleanup): Promise<Aim> {
  const delays = [`smbd:sharedelay = ${SHARE_DELAY}`, `smbd:writetimeupdatedelay = ${WRITE_TIME_DELAY}`];
  const smbd = await startSmbd(t, { global: [...SMBD_GLOBAL, ...delays], shares: SHARES });
  const { stdout } = await run('smbd', ['--version']);
  const version = `smbd ${/\S+$/.exec(stdout.trim())?.[0] ?? ''}`;
  return { port: smbd.port, version, pid: smbd.server.pid, holdings: () => Promise.resolve(undefined) };
}
