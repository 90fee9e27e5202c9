import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { ClientConnection, FileProtocol, Handle } from '../protocol.js';
import { serverUse } from './server-use.js';
import { enumerateShares } from './share-list.js';

const refuse = async (): Promise<never> => {
  throw new StatusError(NtStatus.AccessDenied, { command: 'TEST' });
};

/** A server that fails at one step, and what was released. */
function server(step: 'tree' | 'open' | 'transact'): { connection: ClientConnection; left: string[] } {
  const left: string[] = [];
  const protocol: Partial<FileProtocol> = {
    open: step === 'open' ? refuse : async ({ path }) => ({ path }) as Handle,
    transact: refuse,
    close: async () => void left.push('pipe'),
    disconnect: async () => void left.push('IPC$'),
  };
  const tree = step === 'tree' ? refuse : async () => ({ protocol });
  return { connection: { host: 'nas', tree } as unknown as ClientConnection, left };
}

for (const [step, left] of [
  ['tree', []],
  ['open', ['IPC$']],
  ['transact', ['pipe', 'IPC$']],
] as const) {
  test(`a server that does not let us ask it says so, and nothing stays open: ${step}`, async () => {
    for (const ask of [serverUse, enumerateShares]) {
      const asked = server(step);
      await assert.rejects(ask(asked.connection, {}), { code: 'STATUS_ACCESS_DENIED' });
      assert.deepEqual(asked.left, left);
    }
  });
}
