// node build/examples/server.js [FOLDER [PORT]]: serves a folder and a scratch share until Ctrl-C.
import { localDirectory, memory } from 'sombrero/fs';
import { createServer } from 'sombrero/server';

const [folder = '.', port = '4450'] = process.argv.slice(2);

const server = createServer({
  shares: { docs: localDirectory(folder), scratch: memory() },
  users: { ann: { password: 'secret' } },
});
const { host, port: listening } = await server.listen(Number(port), '127.0.0.1');
console.log(`serving smb://ann@${host}:${listening}/docs`);

await new Promise((resolve) => process.once('SIGINT', resolve));
await server.close();
