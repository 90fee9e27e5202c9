// node build/examples/copy-tree.js [URL]: copies a tree on the server, finds files in it, and gives up in time.
import { connect, errnoCode } from 'sombrero/client';

const [url = 'smb://ann@127.0.0.1:4450/scratch'] = process.argv.slice(2);

const share = await connect(url, { password: 'secret' });
await share.mkdir('photos/2024', { recursive: true });
await share.writeFile('photos/2024/a.jpg', new Uint8Array(3_000_000));
await share.writeFile('photos/notes.txt', 'of photos');

await share.cp('photos', 'copy', {
  recursive: true,
  preserveTimestamps: true,
  filter: (from) => !from.endsWith('.txt'),
});
await share.copy('photos/2024/a.jpg', 'copy/b.jpg', {
  onProgress: ({ bytes, total }) => bytes === total && console.log(`${bytes} bytes`),
});
for await (const { path } of share.glob('**/*.jpg', { exclude: ['photos'] })) console.log(path);

try {
  await share.readFile('copy/b.jpg', { timeoutMs: 0.001 });
} catch (error) {
  console.log(errnoCode(error));
}
await share.close();
