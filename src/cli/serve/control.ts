import { chmod, lstat, mkdir, readdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { ServerDetails, SmbServer } from '#server/index.js';
import { Failure } from '../failure.js';
import { json, say } from '../terminal.js';

/** Longest answer that is believed. */
const MAX_ANSWER = 256 * 1024 * 1024;
const PATIENCE_MS = 10_000;
const OTHERS = 0o077;

/** What a server says over its control socket. */
export interface ControlAnswer extends ServerDetails {
  readonly pid: number;
  readonly shares: readonly string[];
  readonly listening: { readonly host: string; readonly port: number } | undefined;
}

/** Where the sockets of this user's servers are; on Windows named pipes, which have no place. */
function controlFolder(): string {
  const runtime = process.env.XDG_RUNTIME_DIR;
  return runtime ? join(runtime, 'sombrero') : join(tmpdir(), `sombrero-${userInfo().uid}`);
}

/** Nobody but this user may have made it, or may look into it: /tmp is everybody's. */
async function checkFolder(folder: string): Promise<void> {
  const info = await lstat(folder);
  const mine = info.isDirectory() && info.uid === userInfo().uid && (info.mode & OTHERS) === 0;
  if (!mine) throw new Failure(`${folder} is not this user's alone: use --control SOCKET or --no-control`);
}

/** Sockets of servers that were killed; and of one that had our number. */
async function dropDead(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(/^(\d+)\.sock$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && (pid === process.pid || !runs(pid))) await unlink(join(folder, name)).catch(() => undefined);
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * Lets this user ask what the server holds, over a socket in a directory that is his alone (mode 0700; the socket 0600).
 * Whoever connects is told once, as JSON; nothing is taken from him.
 */
export async function startControl(server: SmbServer, path?: string): Promise<(() => Promise<void>) | undefined> {
  const windows = process.platform === 'win32';
  const place =
    path ?? (windows ? `\\\\.\\pipe\\sombrero-${process.pid}` : join(controlFolder(), `${process.pid}.sock`));
  try {
    if (path === undefined && !windows) {
      await mkdir(controlFolder(), { recursive: true, mode: 0o700 });
      await checkFolder(dirname(place));
      await dropDead(dirname(place));
    }
    return await listen(server, place);
  } catch (error) {
    // Files are served without it, too; who asked for a place of his own wants to know.
    if (path !== undefined) throw error;
    say(`sombrero serve: no control socket: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function listen(server: SmbServer, place: string): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Who goes away before he is told has his reasons.
    socket.on('error', () => socket.destroy());
    answer(server).then(
      (text) => socket.end(text),
      () => socket.destroy(),
    );
  });
  // Of those who come before the mode is set, nobody else may get in.
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(place, resolve);
    });
  } finally {
    process.umask(mask);
  }
  if (process.platform !== 'win32') await chmod(place, 0o600);
  return async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => listener.close(() => resolve()));
  };
}

async function answer(server: SmbServer): Promise<string> {
  const found: ControlAnswer = {
    pid: process.pid,
    shares: server.shares.list().map(({ name }) => name),
    listening: server.address(),
    ...(await server.details()),
  };
  return json(found);
}

/** Asks a server over its socket. */
export async function askControl(place: string): Promise<ControlAnswer> {
  const socket = connect(place);
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of socket.setEncoding('utf8')) {
    length += (chunk as string).length;
    if (length > MAX_ANSWER) throw new Failure(`${place}: the answer has no end`);
    parts.push(chunk as string);
  }
  return JSON.parse(parts.join('')) as ControlAnswer;
}

/** Asks all servers of this user. Sockets that nobody listens on any more are taken away. */
export async function askAll(): Promise<ControlAnswer[]> {
  const folder = controlFolder();
  let names: string[];
  try {
    await checkFolder(folder);
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const answers: ControlAnswer[] = [];
  for (const name of names.filter((file) => file.endsWith('.sock')).sort()) {
    const place = join(folder, name);
    try {
      answers.push(await askControl(place));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') throw error;
      await unlink(place);
    }
  }
  return answers;
}
