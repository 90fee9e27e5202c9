/**
 * node build/test/interop/serving.js [OPTIONS]: the server in a process of its own, whose memory can be looked at from
 * outside. OPTIONS is JSON for `createServer`. Says on which port it listens, then every error it did not expect.
 */
import { memory } from '#fs/index.js';
import { createServer, type ServerOptions } from '#server/index.js';
import { notes } from '#tap/events.js';
import { ACCOUNT } from '#testing/peers.js';

const options = JSON.parse(process.argv[2] ?? '{}') as ServerOptions;
notes.subscribe(({ level, what, details }) => {
  if (level === 'error') console.log(`error: ${what} ${JSON.stringify(details)} ${String(details.error)}`);
});
const users = { [ACCOUNT.user]: { password: ACCOUNT.password } };
const server = createServer({ users, ...options, shares: { memory: memory() } });
const { port } = await server.listen(0);
console.log(`listening on ${port}`);
// The end of the input is the end of the server.
process.stdin.on('end', () => process.exit(0)).resume();
