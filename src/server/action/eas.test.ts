import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FsctlBench } from '#testing/fsctl-bench.js';
import { fromHex, toHex } from '#testing/golden.js';
import { FileAccess } from '#wire/dtyp/access-mask.js';
import { statusOf } from '#wire/erref/errors.js';
import { statusName } from '#wire/erref/nt-status.js';
import { FileInfoClass } from '#wire/fscc/file-info/classes.js';
import { FileFullEaInformation, FullEaEntry } from '#wire/fscc/file-info/full-ea.js';
import { FileGetEaInformation, GetEaEntry } from '#wire/fscc/file-info/get-ea.js';
import { Decoder, EMPTY } from '#wire/io/decoder.js';
import { Encoder } from '#wire/io/encoder.js';
import type { DiskOpen } from '../state/open.js';
import { type EaQuery, queryEas } from './eas.js';
import { queryFileInfo } from './query-info.js';
import { setFileInfo } from './set-info.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const ea = (name: string, value: string, flags = 0): FullEaEntry => FullEaEntry.of(name, bytes(value), flags);
const list = (...entries: FullEaEntry[]): Uint8Array =>
  new Encoder().encode(Object.assign(new FileFullEaInformation(), { entries }));
const names = (...wanted: string[]): Uint8Array => {
  const entries = wanted.map((eaName) => Object.assign(new GetEaEntry(), { eaName }));
  return new Encoder().encode(Object.assign(new FileGetEaInformation(), { entries }));
};
const ALL: EaQuery = { list: EMPTY, index: 0, restart: true, single: false, room: 65_536 };

/** A file, and requests for its extended attributes. */
class EaBench extends FsctlBench {
  async set(open: DiskOpen, input: Uint8Array): Promise<string> {
    const outcome = setFileInfo(this.core, open, FileInfoClass.FullEa, input);
    return outcome.then(
      () => 'STATUS_SUCCESS',
      (error) => statusName(statusOf(error)),
    );
  }

  /** Returns the status, and `name=value` for each attribute. */
  async query(open: DiskOpen, query: Partial<EaQuery> = {}): Promise<string[]> {
    try {
      const answer = await queryEas(this.core, open, { ...ALL, ...query });
      const info = new FileFullEaInformation();
      info.layout(new Decoder().reset(answer.bytes));
      const texts = info.entries.map(({ eaName, eaValue }) => `${eaName}=${new TextDecoder().decode(eaValue)}`);
      return [statusName(answer.status), ...texts];
    } catch (error) {
      return [statusName(statusOf(error))];
    }
  }
}

async function filled(): Promise<{ bench: EaBench; file: DiskOpen }> {
  const bench = new EaBench();
  const file = await bench.open('f');
  assert.equal(await bench.set(file, list(ea('one', '1'), ea('two', 'zwei'), ea('three', '3'))), 'STATUS_SUCCESS');
  return { bench, file };
}

test('attributes are set, replaced and taken away without regard to case', async () => {
  const { bench, file } = await filled();
  await bench.set(file, list(ea('TWO', '2'), ea('three', ''), ea('none', '')));
  assert.deepEqual(await bench.query(file), ['STATUS_SUCCESS', 'one=1', 'two=2']);
  await bench.set(file, list(ea('One', ''), ea('two', '')));
  assert.deepEqual(await bench.query(file), ['STATUS_NO_EAS_ON_FILE']);
});

test('the bytes are those of the specification, and EaSize is their number', async () => {
  const { bench, file } = await filled();
  const { bytes } = await queryEas(bench.core, file, ALL);
  const expected = `10000000 00 03 0100 6f6e6500 31 000000
    10000000 00 03 0400 74776f00 7a776569
    00000000 00 05 0100 746872656500 33`;
  assert.equal(toHex(bytes), toHex(fromHex(expected)));
  const size = await queryFileInfo(bench.core, file, FileInfoClass.Ea, 4);
  assert.equal(new DataView(size.bytes.buffer, size.bytes.byteOffset).getUint32(0, true), bytes.length);
});

test('an enumeration goes on where it ended, or begins where it is told to', async () => {
  const { bench, file } = await filled();
  assert.deepEqual(await bench.query(file, { single: true }), ['STATUS_SUCCESS', 'one=1']);
  assert.deepEqual(await bench.query(file, { restart: false }), ['STATUS_SUCCESS', 'two=zwei', 'three=3']);
  assert.deepEqual(await bench.query(file, { restart: false }), ['STATUS_NO_MORE_EAS']);
  assert.deepEqual(await bench.query(file, { index: 3, restart: false }), ['STATUS_SUCCESS', 'three=3']);
  assert.deepEqual(await bench.query(file, { index: 4 }), ['STATUS_NONEXISTENT_EA_ENTRY']);
  assert.deepEqual(await bench.query(file, { room: 40 }), ['STATUS_BUFFER_OVERFLOW', 'one=1', 'two=zwei']);
  assert.deepEqual(await bench.query(file, { room: 12 }), ['STATUS_BUFFER_TOO_SMALL']);
});

test('a list of names is answered name by name, with nothing for those that are not there', async () => {
  const { bench, file } = await filled();
  const asked = names('THREE', 'four', 'three', 'one');
  assert.deepEqual(await bench.query(file, { list: asked }), ['STATUS_SUCCESS', 'three=3', 'four=', 'one=1']);
  assert.deepEqual(await bench.query(file, { list: names('a:b') }), ['STATUS_INVALID_EA_NAME']);
  assert.deepEqual(await bench.query(file, { list: fromHex('ff000000 01 6100') }), ['STATUS_EA_LIST_INCONSISTENT']);
});

test('what is no list, no name, or too much is refused as a whole', async () => {
  const { bench, file } = await filled();
  const before = await bench.query(file);
  for (const name of ['', 'a*b', 'a\\b', 'a=b', 'tab\t', 'ümlaut']) {
    assert.equal(await bench.set(file, list(ea('good', '1'), ea(name, '1'))), 'STATUS_INVALID_EA_NAME', name);
  }
  assert.equal(await bench.set(file, list(ea('a', '1', 1))), 'STATUS_INVALID_EA_NAME');
  const cutOff = list(ea('a', '1'), ea('b', '2')).subarray(0, -1);
  assert.equal(await bench.set(file, cutOff), 'STATUS_EA_LIST_INCONSISTENT');
  assert.equal(await bench.set(file, EMPTY), 'STATUS_INVALID_PARAMETER');
  const half = 'x'.repeat(33_000);
  assert.equal(await bench.set(file, list(ea('a', half), ea('b', half))), 'STATUS_EA_TOO_LARGE');
  assert.deepEqual(await bench.query(file), before);
});

test('reading and writing them are rights of their own', async () => {
  const { bench } = await filled();
  const reader = await bench.open('f', 0, FileAccess.ReadEa);
  const writer = await bench.open('f', 0, FileAccess.WriteEa);
  assert.equal(await bench.set(reader, list(ea('a', '1'))), 'STATUS_ACCESS_DENIED');
  assert.equal(await bench.set(writer, list(ea('a', '1'))), 'STATUS_SUCCESS');
  assert.deepEqual(await bench.query(writer), ['STATUS_ACCESS_DENIED']);
  assert.equal((await bench.query(reader)).length, 5);
});

test('a list that is longer than any file has is not gone through', async () => {
  const { bench, file } = await filled();
  assert.equal(await bench.set(file, new Uint8Array(70_000)), 'STATUS_EA_TOO_LARGE');
  assert.deepEqual(await bench.query(file, { list: new Uint8Array(70_000) }), ['STATUS_EA_TOO_LARGE']);
});
