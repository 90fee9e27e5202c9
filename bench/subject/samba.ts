import { mkdtempSync } from 'node:fs';
import { readFile as readLocal, writeFile as writeLocal } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from '../packages.js';
import type { Place, Subject } from './subject.js';

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

/** Runs smbclient for each call, and can only transfer whole local files. */
export async function samba({ folder, port, user, password }: Place): Promise<Subject> {
  const Client = load(folder, 'samba-client') as SambaClass;
  const client = new Client({ address: '//127.0.0.1/share', username: user, password, port });
  const own = mkdtempSync(join(folder, 'files-'));
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
    download: async (path, file) => void (await client.getFile(path, file)),
    upload: async (file, path) => void (await client.sendFile(file, path)),
    sizeOf: async (path) => (await client.list(path))[0]?.size ?? -1,
    exists: (path) => client.fileExists(path),
    remove: async (path) => void (await client.deleteFile(path)),
    mkdir: async (path) => void (await client.mkdir(path)),
    close: async () => undefined,
  };
}
