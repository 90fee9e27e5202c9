import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '#auth/mechanism.js';
import { MemoryCoordinator } from '#coord/memory/memory-coordinator.js';
import { memory } from '#fs/index.js';
import { defaultLimits } from './limits.js';
import type { Protocol } from './protocol.js';
import { Session } from './state/session.js';
import { ShareTable } from './state/share.js';
import { statusOf } from './status.js';

const IDENTITY = { kind: 'user', account: 'ann', domain: '', workstation: 'DESK' } as unknown as Identity;

function speaking(pending: number, ...sessions: Session[]): Protocol {
  const ended = (): Promise<void> => Promise.resolve();
  const held = (): Session[] => sessions;
  return { pending, held, receive: () => undefined, idle: true, endSessions: ended, closed: ended };
}

test('what connections hold is counted, a session that goes over two of them once', async () => {
  const [first, second] = [new Session('1', IDENTITY, defaultLimits), new Session('2', IDENTITY, defaultLimits)];
  const table = new ShareTable();
  first.connectTree(table, table.set('docs', memory()));
  first.connectTree(table, undefined);
  second.connectTree(table, undefined);
  second.waiting = 3;
  const coordinator = new MemoryCoordinator();
  const claim = {
    path: 'a',
    stream: '',
    access: 1,
    share: 7,
    deleteOnClose: false,
    overwrites: false,
    volume: 'v',
    file: 1n,
  };
  await coordinator.opens.claim(claim);
  const protocols = [speaking(2, first), speaking(5, first, second)];
  assert.deepEqual(await statusOf(4, 2, protocols, 1, coordinator), {
    connections: 4,
    unauthenticatedConnections: 2,
    sessions: 2,
    trees: 3,
    opens: 0,
    disconnectedOpens: 0,
    watches: 3,
    pendingRequests: 7,
    claims: 1,
    locks: 0,
  });
});
