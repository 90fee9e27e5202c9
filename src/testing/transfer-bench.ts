import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { connectOver } from '#client/connect.js';
import type { DialectName, Share } from '#client/index.js';
import type { ReadableBackend } from '#fs/backend.js';
import { type Backend, memory } from '#fs/index.js';
import { memoryPair } from '#net/memory.js';
import { createServer } from '#server/index.js';
import type { FileTree, SourceFile, TransferEvent } from '#transfer/index.js';

/** A share in memory; with `dialect`, the only dialect it speaks. */
export async function memoryShare(
  t: TestContext,
  backend: ReadableBackend<unknown> = memory(),
  dialect?: DialectName,
): Promise<Share> {
  const dialects = dialect && { min: dialect, max: dialect };
  const server = createServer({
    shares: { docs: backend as Backend },
    users: { ann: { password: 'secret' } },
    ...(dialects && { dialects }),
  });
  const [ours, theirs] = memoryPair();
  server.accept(theirs);
  const connected = await connectOver(ours, 'smb://ann:secret@memory/docs', dialects && { dialects });
  t.after(async () => {
    await connected.close();
    await server.close();
  });
  return connected;
}

/** Writes files into a directory, dated 2020. */
export function fill(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
    utimesSync(join(root, path), 1_600_000_000, 1_600_000_000);
  }
}

/** Paths and contents of all files below a directory. */
export function contents(root: string): Record<string, string> {
  const all = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    all
      .filter((path) => statSync(join(root, path)).isFile())
      .map((path) => [path, readFileSync(join(root, path), 'latin1')]),
  );
}

/** Records the events of a transfer. */
export class Log {
  readonly events: TransferEvent[] = [];
  readonly add = (event: TransferEvent): void => void this.events.push(event);
  failures(): string[] {
    return this.events
      .flatMap((event) => (event.kind === 'failed' ? [`${event.path}: ${(event.error as Error).message}`] : []))
      .sort();
  }
  of(kind: TransferEvent['kind']): string[] {
    return this.events.flatMap((event) => (event.kind === kind && 'path' in event ? [event.path] : [])).sort();
  }
}

/** A tree whose files fail once, after `after` bytes. */
export function breaking(tree: FileTree, after: number, error: Error): FileTree {
  let left = after;
  return Object.assign(Object.create(tree) as FileTree, {
    readSmall: undefined,
    show: (path: string) => tree.show(path),
    list: (path: string, control: object) => tree.list(path, control),
    remove: (path: string, directory: boolean, control: object) => tree.remove(path, directory, control),
    stat: (path: string, control: object) => tree.stat(path, control),
    async open(path: string, control: object): Promise<SourceFile> {
      const file = await tree.open(path, control);
      return {
        inspect: (c) => file.inspect(c),
        close: () => file.close(),
        read: (into, position, c) => {
          left -= into.length;
          if (left < 0) throw error;
          return file.read(into, position, c);
        },
      };
    },
  });
}
