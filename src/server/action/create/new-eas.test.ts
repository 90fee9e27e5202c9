import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ea } from '#fs/capabilities.js';
import { memory } from '#fs/memory/memory.js';
import { FsctlBench } from '#testing/fsctl-bench.js';
import { FileGeneric } from '#wire/dtyp/access-mask.js';
import { statusOf } from '#wire/erref/errors.js';
import { statusName } from '#wire/erref/nt-status.js';
import { CreateDisposition, CreateOptions } from '#wire/smb2/command/create.js';
import { type CreateFacts, create } from '../create.js';

const ea = (name: string, flags = 0): Ea => ({ name, flags, value: Uint8Array.of(1) });

/** CREATE with extended attributes: returns the resulting EA names, or the status. */
async function names(bench: FsctlBench, facts: Partial<CreateFacts>): Promise<string[] | string> {
  const plain = { desiredAccess: FileGeneric.All, shareAccess: 7, options: 0, attributes: 0 };
  const { OpenIf } = CreateDisposition;
  try {
    const { open } = await create(bench.core, bench.tree, { name: 'f', disposition: OpenIf, ...plain, ...facts });
    return ((await open.backend.eas?.list(open.node)) ?? []).map(({ name }) => name);
  } catch (error) {
    return statusName(statusOf(error));
  }
}

test('what is made or overwritten gets them, what is opened keeps its own', async () => {
  const bench = new FsctlBench();
  assert.deepEqual(await names(bench, { eas: [ea('a'), ea('b')] }), ['a', 'b']);
  assert.deepEqual(await names(bench, { eas: [ea('c')] }), ['a', 'b']);
  assert.deepEqual(await names(bench, { disposition: CreateDisposition.OverwriteIf, eas: [ea('B')] }), ['B']);
  assert.deepEqual(await names(bench, { disposition: CreateDisposition.Supersede }), []);
});

test('whoever knows nothing of them gets no file that needs them', async () => {
  const bench = new FsctlBench();
  const options = CreateOptions.NoEaKnowledge;
  assert.equal(await names(bench, { options, eas: [ea('a')] }), 'STATUS_ACCESS_DENIED');
  assert.deepEqual(await names(bench, { eas: [ea('a')] }), ['a']);
  assert.deepEqual(await names(bench, { options }), ['a']);
  assert.deepEqual(await names(bench, { name: 'g', eas: [ea('a', 0x80)] }), ['a']);
  assert.equal(await names(bench, { name: 'g', options }), 'STATUS_ACCESS_DENIED');
});

test('nothing is left of what could not get them', async () => {
  const bench = new FsctlBench();
  const large = { ...ea('a'), value: new Uint8Array(65_535) };
  assert.equal(await names(bench, { eas: [large] }), 'STATUS_EA_TOO_LARGE');
  assert.equal(await names(bench, { disposition: CreateDisposition.Open }), 'STATUS_OBJECT_NAME_NOT_FOUND');
  const plain = memory();
  const without = new FsctlBench(Object.defineProperty(plain, 'eas', { value: undefined }));
  assert.equal(await names(without, { eas: [ea('a')] }), 'STATUS_EAS_NOT_SUPPORTED');
});
