import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeaseState } from '#wire/smb2/create-context/lease.js';
import { File } from './file.js';
import type { FileProtocol, Handle } from './protocol.js';

const { ReadCaching: R, WriteCaching: W } = LeaseState;

/** An open file without a server, and the states that were acknowledged for it. */
function opened(): { file: File; handle: Handle; acknowledged: number[] } {
  const acknowledged: number[] = [];
  const protocol = {
    acknowledge: async (_handle: Handle, state: number) => void acknowledged.push(state),
  } as unknown as FileProtocol;
  const handle = { path: 'f', existed: true, onBreak: undefined } as unknown as Handle;
  return { file: new File(protocol, handle, 'f', () => undefined), handle, acknowledged };
}

const broken = { from: R | W, to: R, mustAcknowledge: true };

test('a listener that throws is told of where uncaught errors are, and the break acknowledged', (t) => {
  const { file, handle, acknowledged } = opened();
  const thrown: (() => void)[] = [];
  t.mock.method(process, 'nextTick', (callback: () => void) => void thrown.push(callback));
  file.on('break', () => {
    throw new Error('mine');
  });
  assert.doesNotThrow(() => handle.onBreak?.(broken));
  t.mock.restoreAll();
  assert.deepEqual(acknowledged, [R]);
  assert.equal(thrown.length, 1);
  assert.throws(() => thrown[0]?.(), /mine/);
});

test('who listens acknowledges; where nobody does it is done at once', () => {
  const silent = opened();
  silent.handle.onBreak?.(broken);
  assert.deepEqual(silent.acknowledged, [R]);
  const heard = opened();
  let acknowledge: (() => Promise<void>) | undefined;
  heard.file.on('break', (event) => {
    assert.deepEqual([event.from, event.to, event.mustAcknowledge], ['rw', 'r', true]);
    acknowledge = event.acknowledge;
  });
  heard.handle.onBreak?.(broken);
  assert.deepEqual(heard.acknowledged, []);
  void acknowledge?.();
  assert.deepEqual(heard.acknowledged, [R]);
});
