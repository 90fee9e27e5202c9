import type { Readable, Writable } from 'node:stream';
import type { ConnectOptions } from '#client/index.js';

/** Where the server is, and as whom to go there. */
export interface Place {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Of sombrero, which can be told. */
  readonly options: ConnectOptions;
  /** Of @marsaud/smb2 and v9u-smb2, how many requests for data may be under way; what they have by themselves if absent. */
  readonly packets?: number | undefined;
  /** Where the packages are installed, and files may lie. */
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
  /** All of a large file by the fastest call there is, and dropped; how much there was. */
  readLarge?(path: string): Promise<number>;
  /** Makes a large file out of memory by the fastest call there is. */
  writeLarge?(path: string, data: Uint8Array): Promise<void>;
  /** Makes a file of this machine out of one of the share, and the other way round. */
  download?(path: string, local: string): Promise<void>;
  upload?(local: string, path: string): Promise<void>;
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

/** Name to whether it is a directory. */
export async function typesOf(
  entries: AsyncIterable<{ name: string; isDirectory(): boolean }>,
): Promise<Map<string, boolean>> {
  const names = new Map<string, boolean>();
  for await (const entry of entries) names.set(entry.name, entry.isDirectory());
  return names;
}

/** A package has no such call. */
export class Absent extends Error {}

export function call<K extends keyof Subject>(subject: Subject, name: K): NonNullable<Subject[K]> {
  const found = subject[name];
  if (found === undefined) throw new Absent(`no call for it`);
  return found as NonNullable<Subject[K]>;
}

/** Reads a stream to its end; how much there was. */
export async function drained(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const part of stream) bytes += part.length;
  return bytes;
}

export async function gathered(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
