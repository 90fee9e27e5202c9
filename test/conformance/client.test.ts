import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectOptions, connect } from '#client/index.js';
import { localDirectory, memory } from '#fs/index.js';
import { createServer, type ServerOptions } from '#server/index.js';
import { type ClientPlace, clientSuite } from './client/suite.js';

type Served = NonNullable<ServerOptions['shares']>[string];

async function served(
  backend: Served,
  options: ConnectOptions & { readonly server?: Partial<ServerOptions> } = {},
): Promise<ClientPlace> {
  const { server: more, ...policy } = options;
  const server = createServer({ shares: { files: backend }, users: { ann: { password: 'secret' } }, ...more });
  const { port } = await server.listen(0);
  const visit = () => connect(`smb://ann:secret@127.0.0.1:${port}/files`, policy);
  const share = await visit();
  return {
    share,
    another: visit,
    opens: async () => (await server.status()).opens,
    close: async () => {
      await share.close();
      await server.close();
    },
  };
}

const only = (name: NonNullable<NonNullable<ConnectOptions['dialects']>['min']>): ConnectOptions => ({
  dialects: { min: name, max: name },
});

const LACKS = { 'links in listings': 'our server follows links itself', snapshots: 'neither medium has any' };

clientSuite('our server, memory, 3.1.1', async () => ({ ...(await served(memory())), lacks: LACKS }));
clientSuite('our server, memory, 2.0.2', async () => ({
  ...(await served(memory(), only('2.0.2'))),
  lacks: { ...LACKS, leases: 'they came with 2.1' },
}));
clientSuite('our server, a directory, 3.1.1 encrypted', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sombrero-'));
  const place = await served(localDirectory(root), { encryption: 'required' });
  return {
    ...place,
    lacks: LACKS,
    close: async () => {
      await place.close();
      await rm(root, { recursive: true });
    },
  };
});
