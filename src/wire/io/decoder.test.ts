import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '#testing/golden.js';
import { Decoder, MAX_SIZE } from './decoder.js';
import { Dissector } from './dissector.js';
import { Encoder } from './encoder.js';
import type { Layout } from './layout.js';
import { Malformed } from './malformed.js';

class Item {
  value = 0;
  name = '';
  layout(io: Layout): void {
    this.value = io.u16('Value', this.value);
    const length = io.length16('NameLength');
    this.name = io.utf16At('Name', length, this.name);
  }
}
const item = (value: number, name: string): Item => Object.assign(new Item(), { value, name });

class Listing {
  items: Item[] = [];
  layout(io: Layout): void {
    const offset = io.offset16('Offset');
    io.length32('Length', offset);
    this.items = io.chain('Items', this.items, () => new Item(), 8, offset);
  }
}

test('a chain survives the round trip, whatever slab it lies in', () => {
  const listing = new Listing();
  for (let i = 0; i < 50; i++) listing.items.push(item(i, 'x'.repeat(i)));
  const bytes = new Encoder(64).encode(listing);
  const read = new Listing();
  read.layout(new Decoder().reset(bytes));
  assert.deepEqual(read, listing);
});

test('a chain that points backwards, past the end or nowhere is malformed', () => {
  for (const next of ['03000000', 'ff000000', '01000000']) {
    const bytes = fromHex(`0600 10000000 ${next} 0100 0000 0000000000000000`);
    assert.throws(() => new Listing().layout(new Decoder().reset(bytes)), Malformed);
  }
});

test('an offset is told apart up to 2^53, and at the ends beyond', () => {
  const read = (hex: string): number => new Decoder().reset(fromHex(hex)).offset64('X', 0);
  const rows: [string, number][] = [
    ['ffffffff ffff1f00', Number.MAX_SAFE_INTEGER],
    ['00000000 00002000', 2 ** 53],
    ['feffffff ffffff7f', 2 ** 53],
    ['ffffffff ffffff7f', Number.POSITIVE_INFINITY],
    ['00000000 00000080', -1],
    ['ffffffff ffffffff', -1],
  ];
  for (const [hex, offset] of rows) assert.equal(read(hex), offset, hex);
});

test('a size beyond 2^53 is rounded, and never negative', () => {
  const read = (hex: string): number => new Decoder().reset(fromHex(hex)).size64('X', 0);
  const rows: [string, number][] = [
    ['ffffffff ffff1f00', Number.MAX_SAFE_INTEGER],
    ['00000000 00002000', 2 ** 53],
    ['01000000 00002000', 2 ** 53],
    ['00000000 00000040', 2 ** 62],
    ['ffffffff ffffff7f', MAX_SIZE],
    ['ffffffff ffffffff', MAX_SIZE],
  ];
  for (const [hex, size] of rows) {
    assert.equal(read(hex), size, hex);
    const encoder = new Encoder().begin();
    encoder.size64('X', size);
    assert.equal(new Decoder().reset(encoder.end()).size64('X', 0), size, hex);
  }
});

test('a u64 is a safe integer, all ones, or malformed', () => {
  const read = (hex: string): number => new Decoder().reset(fromHex(hex)).u64('X', 0);
  assert.equal(read('ffffffffffff1f00'), Number.MAX_SAFE_INTEGER);
  assert.equal(read('ffffffffffffffff'), -1);
  assert.throws(() => read('0000000000002000'), Malformed);
});

test('the dissector tells each field, its place and its tree', () => {
  const listing = new Listing();
  listing.items.push(item(7, 'ab'));
  const bytes = new Encoder().encode(listing);
  const io = new Dissector().reset(bytes);
  new Listing().layout(io);
  const flat = (fields: typeof io.fields, depth = 0): string[] =>
    fields.flatMap((f) => [
      `${' '.repeat(depth)}${f.name}@${f.at}+${f.size}`,
      ...flat([...(f.children ?? [])], depth + 1),
    ]);
  assert.deepEqual(flat(io.fields), [
    'Offset@0+2',
    'Length@2+4',
    'Items[0]@8+12',
    ' NextEntryOffset@8+4',
    ' Value@12+2',
    ' NameLength@14+2',
    ' Name@16+4',
  ]);
});
