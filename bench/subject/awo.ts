import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { load } from '../packages.js';
import { drained, type Place, type Subject } from './subject.js';

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

/** The package requests a whole piece at once; with 4 MiB that is more than the server allows. */
export const PIECE: number = 2 * 1024 * 1024;

function* piecesOf(data: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

export async function awo({ folder, port, user, password }: Place): Promise<Subject> {
  const { Client } = (load(folder, '@awo00/smb2') as AwoModule).default;
  const client = new Client('127.0.0.1', { port });
  const session = await client.authenticate({ domain: 'WORKGROUP', username: user, password });
  const tree = await session.connectTree('share');
  // Names arrive as './name'.
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
    // It has several requests in flight only if a piece of the stream is larger than one request.
    readLarge: async (path) => drained(await tree.createFileReadStream(path)),
    writeLarge: async (path, data) => pipeline(piecesOf(data, PIECE), await tree.createFileWriteStream(path)),
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
