import type { Readable, Writable } from 'node:stream';
import { load } from '../packages.js';
import { gathered, type Place, type Subject, typesOf } from './subject.js';

/** The common interface of `@marsaud/smb2` and the packages derived from it. */
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

export async function marsaud(name: string, { folder, port, user, password, packets }: Place): Promise<Subject> {
  const SMB2 = load(folder, name) as MarsaudClass;
  const options = {
    share: '\\\\127.0.0.1\\share',
    domain: 'WORKGROUP',
    username: user,
    password,
    port,
    autoCloseTimeout: 0,
    packetConcurrency: packets,
  };
  const client = new SMB2(options);
  const at = backslashes;
  // It connects with the first call.
  await client.exists('');
  return {
    readFile: (path) => client.readFile(at(path)),
    writeFile: (path, data) => client.writeFile(at(path), Buffer.from(data)),
    list: (path) => client.readdir(at(path)),
    listTypes: async (path) => typesOf(from(await client.readdir(at(path), { stats: true }))),
    readLarge: async (path) => (await client.readFile(at(path))).length,
    writeLarge: (path, data) => client.writeFile(at(path), Buffer.from(data.buffer, data.byteOffset, data.length)),
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
