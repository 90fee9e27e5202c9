import { basename, dirname } from 'node:path';
import { connect } from '#client/index.js';
import { copyFile, localTree, shareTree } from '#transfer/index.js';
import { gathered, type Place, type Subject, typesOf } from './subject.js';

export async function sombrero({ port, user, password, options }: Place): Promise<Subject> {
  const share = await connect(`smb://${user}@127.0.0.1:${port}/share`, { password, ...options });
  return {
    readFile: (path) => share.readFile(path),
    writeFile: (path, data) => share.writeFile(path, data),
    list: (path) => share.readdir(path).names(),
    listTypes: (path) => typesOf(share.readdir(path)),
    readStream: async (path) => share.createReadStream(path),
    writeStream: async (path) => share.createWriteStream(path),
    readLarge: async (path) => {
      await using file = await share.open(path);
      return await file.readEach(0, Number.MAX_SAFE_INTEGER, () => undefined);
    },
    writeLarge: (path, data) => share.writeFile(path, data),
    download: async (path, local) => {
      await copyFile(shareTree(share), path, localTree(dirname(local)), basename(local));
    },
    upload: async (local, path) => {
      await copyFile(localTree(dirname(local)), basename(local), shareTree(share), path);
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
