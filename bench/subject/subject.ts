import type { Readable, Writable } from 'node:stream';
import type { ConnectOptions } from '#client/index.js';

/** Where the server is, and which account to use. */
export interface Place {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Options for sombrero only. */
  readonly options: ConnectOptions;
  /** For @marsaud/smb2 and v9u-smb2: requests for data in flight; their own default if absent. */
  readonly packets?: number | undefined;
  /** Where the packages are installed; local files go there too. */
  readonly folder: string;
}

/** A share as a package presents it. Calls that the package lacks are absent. Paths use slashes. */
export interface Subject {
  readFile(path: string): Promise<Uint8Array>;
  writeFile(path: string, data: Uint8Array): Promise<void>;
  list(path: string): Promise<string[]>;
  close(): Promise<void>;
  readStream?(path: string): Promise<Readable>;
  writeStream?(path: string): Promise<Writable>;
  /** Reads a large file with the fastest call and discards the data; returns its length. */
  readLarge?(path: string): Promise<number>;
  /** Writes a large file from memory with the fastest call. */
  writeLarge?(path: string, data: Uint8Array): Promise<void>;
  /** Copies a file from the share to this machine, and back. */
  download?(path: string, local: string): Promise<void>;
  upload?(local: string, path: string): Promise<void>;
  /** Reads a range of a file. */
  readAt?(path: string, offset: number, length: number): Promise<Uint8Array>;
  /** Maps names to whether they are directories. */
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
  /** Resolves with the first change; `ready` is called when the watch is set up, as far as the package tells. */
  watch?(path: string, ready: () => void): Promise<void>;
}

/** Maps names to whether they are directories. */
export async function typesOf(
  entries: AsyncIterable<{ name: string; isDirectory(): boolean }>,
): Promise<Map<string, boolean>> {
  const names = new Map<string, boolean>();
  for await (const entry of entries) names.set(entry.name, entry.isDirectory());
  return names;
}

/** The package has no such call. */
export class Absent extends Error {}

export function call<K extends keyof Subject>(subject: Subject, name: K): NonNullable<Subject[K]> {
  const found = subject[name];
  if (found === undefined) throw new Absent(`no call for it`);
  return found as NonNullable<Subject[K]>;
}

/** Reads a stream to its end; returns its length. */
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
