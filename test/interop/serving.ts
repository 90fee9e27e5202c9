/**
 * node build/test/interop/serving.js [OPTIONS]: the server in its own process, so that its memory can be observed from
 * outside. OPTIONS is JSON for `createServer`. Prints the port it listens on, then every unexpected error.
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
// The server ends with its standard input.
process.stdin.on('end', () => process.exit(0)).resume();
