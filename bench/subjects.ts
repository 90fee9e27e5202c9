/** Five packages behind one face: each call does what its documentation says, nothing is worked around. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile as readLocal, writeFile as writeLocal } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { type ConnectOptions, connect } from '#client/index.js';
import { load } from './packages.js';
import { PASSWORD, USER } from './private-smbd.js';

/** Where the server is, and as whom to go there. */
export interface Place {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Of sombrero, which can be told. */
  readonly options: ConnectOptions;
  /** Where the packages are installed. */
  readonly folder: string;
}

/** A share as a package shows it. A call that the package does not have is absent. Paths have slashes. */
export interface Subject {
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, data: Uint8Array): Promise<void>;
  list(path: string): Promise<string[]>;
  close(): Promise<void>;
  readStream?(path: string): Promise<Readable>;
  writeStream?(path: string): Promise<Writable>;
  /** All of a file, piece by piece into one buffer; how much there was. */
  readThrough?(path: string): Promise<number>;
  /** A stretch of a file. */
  readAt?(path: string, offset: number, length: number): Promise<Uint8Array>;
  /** Name to whether it is a directory. */
  listTypes?(path: string): Promise<Map<string, boolean>>;
  sizeOf?(path: string): Promise<number>;
  exists?(path: string): Promise<boolean>;
  rename?(from: string, to: string): Promise<void>;
  replace?(from: string, to: string): Promise<void>;
  remove?(path: string): Promise<void>;
  mkdir?(path: string): Promise<void>;
  mkdirDeep?(path: string): Promise<void>;
  rmdir?(path: string): Promise<void>;
  removeTree?(path: string): Promise<void>;
  /** Resolves with the first change; `ready` is called when the watch stands, as far as the package tells. */
  watch?(path: string, ready: () => void): Promise<void>;
}

export const SUBJECTS = ['sombrero', '@marsaud/smb2', '@awo00/smb2', 'v9u-smb2', 'samba-client'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

export const place = (port: number, folder: string, options: ConnectOptions = {}): Place => ({
  port,
  user: USER,
  password: PASSWORD,
  options,
  folder,
});

async function gathered(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

async function sombrero({ port, user, password, options }: Place): Promise<Subject> {
  const share = await connect(`smb://${user}@127.0.0.1:${port}/share`, { password, ...options });
  return {
    readFile: (path) => share.readFile(path),
    writeFile: (path, data) => share.writeFile(path, data),
    list: (path) => share.readdir(path).names(),
    listTypes: (path) => gatherNames(share.readdir(path)),
    readStream: async (path) => share.createReadStream(path),
    writeStream: async (path) => share.createWriteStream(path),
    readThrough: async (path) => {
      const file = await share.open(path);
      const buffer = new Uint8Array(8 * 1024 * 1024);
      let at = 0;
      for (let got = -1; got !== 0; at += got) got = await file.read(buffer, at);
      await file.close();
      return at;
    },
    readAt: (path, offset, length) =>
      gathered(share.createReadStream(path, { start: offset, end: offset + length - 1 })),
    sizeOf: async (path) => (await share.stat(path)).size,
    exists: (path) => share.exists(path),
    rename: (from, to) => share.rename(from, to, { replace: false }),
    replace: (from, to) => share.rename(from, to),
    remove: (path) => share.rm(path),
    mkdir: async (path) => void (await share.mkdir(path)),
    mkdirDeep: async (path) => void (await share.mkdir(path, { recursive: true })),
    rmdir: (path) => share.rmdir(path),
    removeTree: (path) => share.rm(path, { recursive: true }),
    watch: async (path, ready) => {
      const first = share.watch(path)[Symbol.asyncIterator]().next();
      ready();
      await first;
    },
    close: () => share.close(),
  };
}

async function gatherNames(
  entries: AsyncIterable<{ name: string; isDirectory(): boolean }>,
): Promise<Map<string, boolean>> {
  const names = new Map<string, boolean>();
  for await (const entry of entries) names.set(entry.name, entry.isDirectory());
  return names;
}

/** `@marsaud/smb2` and what was made of it have one face. */
interface MarsaudClient {
  readFile(path: string): Promise<Buffer>;
  writeFile(path: string, data: Buffer): Promise<void>;
  readdir(path: string): Promise<string[]>;
  readdir(path: string, options: { stats: true }): Promise<{ name: string; isDirectory(): boolean }[]>;
  createReadStream(path: string, options?: { start?: number; end?: number }): Promise<Readable>;
  createWriteStream(path: string): Promise<Writable>;
  getSize(path: string): Promise<number>;
  exists(path: string): Promise<boolean>;
  rename(from: string, to: string, options?: { replace: boolean }): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  disconnect(): void;
}

type MarsaudClass = new (options: Record<string, unknown>) => MarsaudClient;
const backslashes = (path: string): string => path.replaceAll('/', '\\');

async function marsaud(name: string, { folder, port, user, password }: Place): Promise<Subject> {
  const SMB2 = load(folder, name) as MarsaudClass;
  const options = {
    share: '\\\\127.0.0.1\\share',
    domain: 'WORKGROUP',
    username: user,
    password,
    port,
    autoCloseTimeout: 0,
  };
  const client = new SMB2(options);
  const at = backslashes;
  // It connects with its first call.
  await client.exists('');
  return {
    readFile: (path) => client.readFile(at(path)),
    writeFile: (path, data) => client.writeFile(at(path), Buffer.from(data)),
    list: (path) => client.readdir(at(path)),
    listTypes: async (path) => gatherNames(from(await client.readdir(at(path), { stats: true }))),
    readStream: (path) => client.createReadStream(at(path)),
    writeStream: (path) => client.createWriteStream(at(path)),
    readAt: async (path, start, length) =>
      gathered(await client.createReadStream(at(path), { start, end: start + length - 1 })),
    sizeOf: (path) => client.getSize(at(path)),
    exists: (path) => client.exists(at(path)),
    rename: (before, after) => client.rename(at(before), at(after)),
    replace: (before, after) => client.rename(at(before), at(after), { replace: true }),
    remove: (path) => client.unlink(at(path)),
    mkdir: (path) => client.mkdir(at(path)),
    rmdir: (path) => client.rmdir(at(path)),
    close: async () => client.disconnect(),
  };
}

async function* from<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

interface AwoEntry {
  readonly filename: string;
  readonly type: string;
}

interface AwoTree {
  readFile(path: string): Promise<Buffer>;
  createFile(path: string, data: Buffer): Promise<void>;
  readDirectory(path: string): Promise<AwoEntry[]>;
  createFileReadStream(path: string): Promise<Readable>;
  createFileWriteStream(path: string): Promise<Writable>;
  exists(path: string): Promise<boolean>;
  renameFile(from: string, to: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  createDirectory(path: string): Promise<void>;
  removeDirectory(path: string): Promise<void>;
  watchDirectory(path: string, onChange: () => void): Promise<() => Promise<void>>;
}

interface AwoModule {
  readonly default: {
    readonly Client: new (
      host: string,
      options: { port: number },
    ) => {
      authenticate(who: Record<string, string>): Promise<{ connectTree(share: string): Promise<AwoTree> }>;
      close(): Promise<void>;
    };
  };
}

async function awo({ folder, port, user, password }: Place): Promise<Subject> {
  const { Client } = (load(folder, '@awo00/smb2') as AwoModule).default;
  const client = new Client('127.0.0.1', { port });
  const session = await client.authenticate({ domain: 'WORKGROUP', username: user, password });
  const tree = await session.connectTree('share');
  // They come as './name'.
  const names = async (path: string): Promise<AwoEntry[]> =>
    (await tree.readDirectory(`/${path}`)).map((entry) => ({
      ...entry,
      filename: entry.filename.replace(/^\.\//, ''),
    }));
  return {
    readFile: (path) => tree.readFile(path),
    writeFile: (path, data) => tree.createFile(path, Buffer.from(data)),
    list: async (path) => (await names(path)).map(({ filename }) => filename),
    listTypes: async (path) =>
      new Map((await names(path)).map(({ filename, type }) => [filename, type === 'Directory'])),
    readStream: (path) => tree.createFileReadStream(path),
    writeStream: (path) => tree.createFileWriteStream(path),
    exists: (path) => tree.exists(path),
    rename: (before, after) => tree.renameFile(before, after),
    replace: (before, after) => tree.renameFile(before, after),
    remove: (path) => tree.removeFile(path),
    mkdir: (path) => tree.createDirectory(path),
    rmdir: (path) => tree.removeDirectory(path),
    watch: (path, ready) =>
      new Promise((resolve, reject) => {
        tree.watchDirectory(path, () => resolve()).then(ready, reject);
      }),
    close: () => client.close(),
  };
}

interface SambaClient {
  getFile(path: string, local: string): Promise<unknown>;
  sendFile(local: string, path: string): Promise<unknown>;
  list(path: string): Promise<{ name: string; type: string; size: number }[]>;
  fileExists(path: string): Promise<boolean>;
  deleteFile(path: string): Promise<unknown>;
  mkdir(path: string): Promise<unknown>;
  dir(path: string): Promise<unknown>;
}

type SambaClass = new (options: Record<string, unknown>) => SambaClient;

/** Runs smbclient for each call, and can only move whole files of this machine. */
async function samba({ folder, port, user, password }: Place): Promise<Subject> {
  const Client = load(folder, 'samba-client') as SambaClass;
  const client = new Client({ address: '//127.0.0.1/share', username: user, password, port });
  const own = mkdtempSync(join(tmpdir(), 'bench-files-'));
  process.once('exit', () => rmSync(own, { recursive: true }));
  let next = 0;
  const local = (): string => join(own, String(next++));
  const all = async (path: string): Promise<{ name: string; type: string }[]> =>
    (await client.list(`${path}/*`)).filter(({ name }) => name !== '.' && name !== '..');
  await client.list('*');
  return {
    readFile: async (path) => {
      const file = local();
      await client.getFile(path, file);
      return readLocal(file);
    },
    writeFile: async (path, data) => {
      const file = local();
      await writeLocal(file, data);
      await client.sendFile(file, path);
    },
    list: async (path) => (await all(path)).map(({ name }) => name),
    listTypes: async (path) => new Map((await all(path)).map(({ name, type }) => [name, type === 'D'])),
    sizeOf: async (path) => (await client.list(path))[0]?.size ?? -1,
    exists: (path) => client.fileExists(path),
    remove: async (path) => void (await client.deleteFile(path)),
    mkdir: async (path) => void (await client.mkdir(path)),
    close: async () => undefined,
  };
}

/** What Node needs so that a package runs at all: theirs hash with MD4 of an OpenSSL that still has it. */
export const NODE_FLAGS: Readonly<Partial<Record<SubjectName, readonly string[]>>> = {
  '@marsaud/smb2': ['--openssl-legacy-provider'],
  'v9u-smb2': ['--openssl-legacy-provider'],
};

const STATUS_NAMES: Readonly<Record<string, string>> = {
  c000006d: 'STATUS_LOGON_FAILURE',
  c0000022: 'STATUS_ACCESS_DENIED',
  c0000034: 'STATUS_OBJECT_NAME_NOT_FOUND',
  c0000035: 'STATUS_OBJECT_NAME_COLLISION',
  c00000bb: 'STATUS_NOT_SUPPORTED',
  '103': 'STATUS_PENDING',
};

/** What went wrong, in one line. `@awo00/smb2` throws whole responses. */
export function reasonOf(error: unknown): string {
  const { header } = (error ?? {}) as { header?: { status?: number } };
  if (header?.status !== undefined) {
    const code = header.status.toString(16);
    return STATUS_NAMES[code] ?? `status 0x${code}`;
  }
  const text = error instanceof Error ? error.message : String(error);
  const telling = text.split('\n').find((line) => /STATUS_\w+/.test(line)) ?? text.split('\n')[0] ?? '';
  return telling
    .replace(/\/tmp\/\S*/g, '…')
    .trim()
    .slice(0, 160);
}

/** Loads a package and connects with it. */
export function open(name: SubjectName, where: Place): Promise<Subject> {
  switch (name) {
    case 'sombrero':
      return sombrero(where);
    case '@awo00/smb2':
      return awo(where);
    case 'samba-client':
      return samba(where);
    case '@marsaud/smb2':
    case 'v9u-smb2':
      return marsaud(name, where);
  }
}
