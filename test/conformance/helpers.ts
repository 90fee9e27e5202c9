import assert from 'node:assert/strict';
import type { DirectoryEntry, OpenAccess, ReadableBackend, WritableBackend } from '#fs/backend.js';
import { StatusError } from '#wire/erref/errors.js';
import { statusName } from '#wire/erref/nt-status.js';

export const READ: OpenAccess = { read: true, write: false };
export const WRITE: OpenAccess = { read: false, write: true };
export const BOTH: OpenAccess = { read: true, write: true };
export const NEITHER: OpenAccess = { read: false, write: false };

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const SECOND = 10_000_000n;

export async function fails(what: () => unknown, ...statuses: readonly number[]): Promise<void> {
  try {
    await what();
  } catch (error) {
    assert.ok(error instanceof StatusError, `not a status: ${String(error)}`);
    assert.ok(statuses.includes(error.status), `${error.message}, not ${statuses.map(statusName).join(' or ')}`);
    return;
  }
  assert.fail(`should fail with ${statuses.map(statusName).join(' or ')}`);
}

export async function entriesOf<H>(backend: ReadableBackend<H>, path: string): Promise<DirectoryEntry[]> {
  const { handle } = await backend.open(path, NEITHER);
  const entries: DirectoryEntry[] = [];
  for await (const batch of backend.list(handle)) entries.push(...batch);
  await backend.close(handle);
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const namesOf = async <H>(backend: ReadableBackend<H>, path: string): Promise<string[]> =>
  (await entriesOf(backend, path)).map((entry) => entry.name);

export async function put<H>(backend: WritableBackend<H>, path: string, content = ''): Promise<void> {
  const { handle } = await backend.create(path, 'file', 0);
  await backend.write(handle, bytes(content), 0);
  await backend.close(handle);
}

export async function mkdir<H>(backend: WritableBackend<H>, path: string): Promise<void> {
  await backend.close((await backend.create(path, 'directory', 0)).handle);
}

export async function textOf<H>(backend: ReadableBackend<H>, handle: H, offset = 0, length = 4096): Promise<string> {
  const into = new Uint8Array(length);
  const count = await backend.read(handle, into, offset);
  return new TextDecoder().decode(into.subarray(0, count));
}

export async function contentOf<H>(backend: ReadableBackend<H>, path: string): Promise<string> {
  const { handle } = await backend.open(path, READ);
  const text = await textOf(backend, handle);
  await backend.close(handle);
  return text;
}
