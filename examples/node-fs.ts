// node build/examples/node-fs.js [URL]: code written for fs.promises works on a share, and a watcher reports changes.
import { once } from 'node:events';
import { connect } from 'sombrero/client';

const [url = 'smb://ann@127.0.0.1:4450/scratch'] = process.argv.slice(2);

/** Knows nothing of SMB. */
async function backUp(fs: Pick<typeof import('node:fs/promises'), 'readFile' | 'writeFile'>, path: string) {
  await fs.writeFile(`${path}.bak`, await fs.readFile(path));
}

const share = await connect(url, { password: 'secret' });
const { fs } = share;
await fs.mkdir('/notes', { recursive: true });
await fs.writeFile('/notes/a.txt', 'hello');

const watcher = fs.watcher('/notes', { ignoreInitial: true });
await once(watcher, 'ready');
const added = once(watcher, 'add');
await backUp(fs as never, '/notes/a.txt');
console.log('add', (await added)[0]);
await watcher.close();

console.log((await fs.readdir('/notes', { withFileTypes: true })).map((entry) => `${entry.name} ${entry.isFile()}`));
await fs.readFile('/notes/none').catch((error) => console.log(error.message));
await share.close();
