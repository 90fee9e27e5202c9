// node build/examples/locks-and-leases.js [URL]: two clients of one file, one of which holds a lease and then a lock.
import { once } from 'node:events';
import { connect } from 'sombrero/client';

const [url = 'smb://ann@127.0.0.1:4450/scratch'] = process.argv.slice(2);

const [mine, theirs] = await Promise.all([connect(url, { password: 'secret' }), connect(url, { password: 'secret' })]);
const file = await mine.open('counter', { access: 'read-write', create: 'if-missing', lease: 'rwh' });
console.log(`may cache: ${file.caching}`);

// Another client opens it: what is cached must be written before that client may go on.
file.once('break', async (event) => {
  await file.write('cached', 0);
  await event.acknowledge();
});
const broken = once(file, 'break');
const other = await theirs.open('counter', { access: 'read-write' });
await broken;
console.log(`they read '${await other.readFile('utf8')}', may cache: ${file.caching}`);

const lock = await file.lock({ offset: 0, length: 100 });
try {
  await other.lock({ offset: 50, length: 1 });
} catch (error) {
  console.log((error as { code: string }).code);
}
const waiting = other.lock({ offset: 50, length: 1, wait: true, timeoutMs: 10_000 });
await lock.release();
await (await waiting).release();

await Promise.all([mine.close(), theirs.close()]);
