// node build/examples/change-rights.js: takes a right away while a file is open, and gives it back.
import { connect, StatusError } from 'sombrero/client';
import { memory } from 'sombrero/fs';
import { createServer } from 'sombrero/server';

const backend = memory();
const server = createServer({ users: { ann: { password: 'secret' } } });
server.shares.set('docs', { backend, users: { ann: 'write' } });
const { port } = await server.listen(0);

const share = await connect(`smb://ann:secret@127.0.0.1:${port}/docs`);
await share.writeFile('a.txt', 'hello');
const file = await share.open('a.txt');
const into = new Uint8Array(5);

server.shares.set('docs', { backend, users: {} });
try {
  await file.read(into, 0);
} catch (error) {
  if (!(error instanceof StatusError)) throw error;
  console.log(error.code);
}

server.shares.set('docs', { backend, users: { ann: 'read' } });
await file.read(into, 0);
console.log(new TextDecoder().decode(into));

await share.close();
await server.close();
