import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { FileProtocol } from '../protocol.js';
import { writeAtomically } from './atomic-write.js';

test('what a write has not made itself stays when it fails', async () => {
  const rows: [command: string | undefined, removed: string[]][] = [
    ['WRITE', ['f']],
    ['SET_INFO', ['f']],
    ['CREATE', []],
    ['SESSION_SETUP', []],
    ['TREE_CONNECT', []],
    [undefined, []],
  ];
  for (const [command, expected] of rows) {
    const removed: string[] = [];
    const fails = new StatusError(NtStatus.AccessDenied, { command });
    const protocol: Partial<FileProtocol> = {
      maxWrite: 100,
      visit: () => Promise.reject(fails),
      remove: async (path) => void removed.push(path),
    };
    const write = { path: 'f', partial: 'f.part', data: new Uint8Array(1), times: {}, replace: true };
    await assert.rejects(writeAtomically(protocol as FileProtocol, write, {}), fails);
    assert.deepEqual(removed, expected, command);
  }
});
