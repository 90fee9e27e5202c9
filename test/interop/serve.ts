import assert from 'node:assert/strict';
import { createHash, randomFillSync } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { localDirectory, memory } from '#fs/index.js';
import { createServer, type ServerOptions, type SmbServer } from '#server/index.js';
import { type NoteEvent, notes } from '#tap/events.js';
import {
  ACCOUNT,
  type Cleanup,
  credentials,
  type Finished,
  inReverse,
  smbclient,
  temporaryFolder,
} from '#testing/peers.js';

export interface Served {
  readonly server: SmbServer;
  readonly port: number;
  /** The folder behind the share `local`. */
  readonly folder: string;
  /** A folder for the peer's own files. */
  readonly work: string;
  /** What the server has logged. */
  readonly notes: readonly NoteEvent[];
}

/**
 * Our server on a free port, with the shares `local` and `memory` and the account that foreign peers know. It ends with
 * the test, which fails if the server met an unexpected error.
 */
export async function serve(t: Cleanup, options: ServerOptions = {}): Promise<Served> {
  const cleanup = inReverse(t);
  const root = await temporaryFolder(cleanup);
  const [folder, work] = [join(root, 'share'), join(root, 'work')];
  await Promise.all([mkdir(folder), mkdir(work)]);
  const told: NoteEvent[] = [];
  const unsubscribe = notes.subscribe((note) => told.push(note));
  const server = createServer({
    users: { [ACCOUNT.user]: { password: ACCOUNT.password } },
    ...options,
    shares: { local: localDirectory(folder), memory: memory(), ...options.shares },
  });
  const { port } = await server.listen(0);
  cleanup.after(async () => {
    await server.close();
    unsubscribe();
    const { connections, unauthenticatedConnections, ...held } = await server.status();
    assert.deepEqual({ connections, unauthenticatedConnections }, { connections: 0, unauthenticatedConnections: 0 });
    assert.deepEqual(held, {
      sessions: 0,
      trees: 0,
      opens: 0,
      disconnectedOpens: 0,
      watches: 0,
      pendingRequests: 0,
      claims: 0,
      locks: 0,
    });
    assert.deepEqual(told.filter(({ level }) => level === 'error').map(described), []);
  });
  return { server, port, folder, work, notes: told };
}

/** A note as one line, including the stack of its error. */
export function described({ what, details }: NoteEvent): string {
  const { error } = details;
  return `${what} ${JSON.stringify(details)} ${error instanceof Error ? error.stack : ''}`;
}

/** Runs smbclient with the account on a share of the server. */
export function client(served: Pick<Served, 'port'>, share: string, ...args: string[]): Promise<Finished> {
  return smbclient(`//127.0.0.1/${share}`, '-p', served.port, '-U', credentials(), ...args);
}

/** Like `client`, for commands that must all succeed; returns the output. */
export async function succeed(served: Pick<Served, 'port'>, share: string, ...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await client(served, share, ...args);
  const said = stdout + stderr;
  assert.equal(status, 0, said);
  assert.doesNotMatch(said, /NT_STATUS_/, args.join(' '));
  return said;
}

/** Random bytes, which cannot be compressed. */
export function noise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1 << 30) randomFillSync(bytes, at, Math.min(1 << 30, length - at));
  return bytes;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** A dialect as smbclient names it, and the protection the client asks for. */
export interface Row {
  readonly dialect: string;
  readonly protection: 'default' | 'sign' | 'encrypt';
}

export const DIALECTS: readonly string[] = ['NT1', 'SMB2_02', 'SMB2_10', 'SMB3_00', 'SMB3_02', 'SMB3_11'];

/** The server options needed for a row: SMB1 is off by default. */
export function letting({ dialect }: Row, options: ServerOptions = {}): ServerOptions {
  return dialect === 'NT1' ? { dialects: { min: 'NT1' }, ...options } : options;
}

/** Every dialect with each protection it supports. */
export function matrix(dialects: readonly string[]): Row[] {
  return dialects.flatMap((dialect) => {
    const protections: Row['protection'][] = dialect.startsWith('SMB3')
      ? ['default', 'sign', 'encrypt']
      : ['default', 'sign'];
    return protections.map((protection) => ({ dialect, protection }));
  });
}

/** The smbclient flags for a row of the matrix. */
export function flags({ dialect, protection }: Row): string[] {
  const old = dialect === 'NT1' ? ['--option=client min protocol=NT1'] : [];
  return ['-m', dialect, ...old, ...(protection === 'default' ? [] : [`--client-protection=${protection}`])];
}
