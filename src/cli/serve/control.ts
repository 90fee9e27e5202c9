import { chmod, lstat, mkdir, readdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { ServerDetails, SmbServer } from '#server/index.js';
import { Failure } from '../failure.js';
import { json, say } from '../terminal.js';

/** Limit for the size of an answer. */
const MAX_ANSWER = 256 * 1024 * 1024;
const PATIENCE_MS = 10_000;
const OTHERS = 0o077;

/** A server's answer on its control socket. */
export interface ControlAnswer extends ServerDetails {
  readonly pid: number;
  readonly shares: readonly string[];
  readonly listening: { readonly host: string; readonly port: number } | undefined;
}

/** Where the sockets of this user's servers are. Windows uses named pipes instead. */
function controlFolder(): string {
  const runtime = process.env.XDG_RUNTIME_DIR;
  return runtime ? join(runtime, 'sombrero') : join(tmpdir(), `sombrero-${userInfo().uid}`);
}

/** The directory must belong to this user alone, since anybody can write to /tmp. */
async function checkFolder(folder: string): Promise<void> {
  const info = await lstat(folder);
  const mine = info.isDirectory() && info.uid === userInfo().uid && (info.mode & OTHERS) === 0;
  if (!mine) throw new Failure(`${folder} is not this user's alone: use --control SOCKET or --no-control`);
}

/** Removes sockets left by servers that were killed, and one left by a process with our pid. */
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
 * Lets this user ask for the server's state over a socket (mode 0600) in a private directory (mode 0700). Each
 * connection gets one answer as JSON; nothing is read from it.
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
    // The server can run without it. If the user has named a socket, fail.
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
    // The client may disconnect before it gets the answer.
    socket.on('error', () => socket.destroy());
    answer(server).then(
      (text) => socket.end(text),
      () => socket.destroy(),
    );
  });
  // Until chmod, the umask keeps other users out.
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

/** Asks one server over its socket. */
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

/** Asks all servers of this user. Removes sockets that nobody listens on any more. */
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
