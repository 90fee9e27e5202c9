import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, golden, toHex } from '#testing/golden.js';
import { Decoder } from '../../io/decoder.js';
import { Encoder } from '../../io/encoder.js';
import { Malformed } from '../../io/malformed.js';
import type { EntryFacts } from '../file-facts.js';
import { FileBothDirectoryInformation } from './both-directory.js';
import { DirectoryInfoClass, directoryInfoClasses } from './classes.js';
import { DirectoryList } from './directory-list.js';
import { FileFullDirectoryInformation } from './full-directory.js';
import { FileId64ExtdDirectoryInformation } from './id-64-extd-directory.js';
import { FileIdAllExtdDirectoryInformation } from './id-all-extd-directory.js';
import { FileIdExtdDirectoryInformation } from './id-extd-directory.js';
import { DirectoryPacker } from './packer.js';

const timeB = '2fe3f3f8387bdd01';
const timeH = '1eebf2f8387bdd01';

function entry(
  name: string,
  time: bigint,
  size: number,
  allocationSize: number,
  id: bigint,
  shortName = '',
): EntryFacts {
  const times = { creationTime: time, lastAccessTime: time, lastWriteTime: time, changeTime: time };
  return { ...times, name, size, allocationSize, id, shortName, attributes: 0x20, eaSize: 0, reparseTag: 0 };
}

const b = entry('B', 0x01dd7b38f8f3e32fn, 0, 0, 0x20e30cn);
const hello = entry('hello world.txt', 0x01dd7b38f8f2eb1en, 5, 0x2000, 0x20e30bn, 'HHJBRD~R.TXT');
const helloHex = '680065006c006c006f00200077006f0072006c0064002e00740078007400';
const shortHex = '480048004a004200520044007e0052002e00540058005400';
const headB = `00000000 ${timeB.repeat(4)} 0000000000000000 0000000000000000 20000000 02000000`;
const headH = `00000000 00000000 ${timeH.repeat(4)} 0500000000000000 0020000000000000 20000000 1e000000`;
const zeros = (n: number): string => '00'.repeat(n);

// Recorded from Samba 4.17.12, without the entries of "." and "..".
const recorded: readonly (readonly [number, string])[] = [
  [DirectoryInfoClass.Directory, `48000000 ${headB} 4200 ${zeros(6)} ${headH} ${helloHex}`],
  [DirectoryInfoClass.FullDirectory, `48000000 ${headB} 00000000 4200 ${zeros(2)} ${headH} 00000000 ${helloHex}`],
  [
    DirectoryInfoClass.BothDirectory,
    `60000000 ${headB} 00000000 00 00 ${zeros(24)} 4200 ${headH} 00000000 18 00 ${shortHex} ${helloHex}`,
  ],
  [DirectoryInfoClass.Names, `10000000 00000000 02000000 4200 0000 00000000 00000000 1e000000 ${helloHex}`],
  [
    DirectoryInfoClass.IdBothDirectory,
    `70000000 ${headB} 00000000 00 00 ${zeros(24)} 0000 0ce3200000000000 4200 ${zeros(6)}
     ${headH} 00000000 18 00 ${shortHex} 0000 0be3200000000000 ${helloHex}`,
  ],
  [
    DirectoryInfoClass.IdFullDirectory,
    `58000000 ${headB} 00000000 00000000 0ce3200000000000 4200 ${zeros(6)}
     ${headH} 00000000 00000000 0be3200000000000 ${helloHex}`,
  ],
];

test('a packed listing is what Samba sends', () => {
  for (const [code, hex] of recorded) {
    const row = directoryInfoClasses[code];
    assert.ok(row);
    const packer = new DirectoryPacker(65536);
    assert.equal(packer.add(row.of(b)), true);
    assert.equal(packer.add(row.of(hello)), true);
    const bytes = packer.finish();
    assert.equal(toHex(bytes), hex.replace(/\s+/g, ''), row.name);
    const list = new DirectoryList(code);
    list.layout(new Decoder().reset(bytes));
    assert.deepEqual(list.entries, [row.of(b), row.of(hello)]);
  }
});

test('the size of each class is where its name begins', () => {
  for (const row of Object.values(directoryInfoClasses)) {
    const packer = new DirectoryPacker(1000);
    packer.add(row.of({ ...b, name: '' }));
    assert.equal(packer.size, row.size, row.name);
    assert.equal(row.make().constructor.name, row.name);
  }
});

test('a reparse point shows its tag in EaSize', () => {
  const link = { ...b, attributes: 0x420, eaSize: 7, reparseTag: 0xa000000c };
  assert.equal(FileFullDirectoryInformation.of(link).eaSize, 0xa000000c);
  assert.equal(FileIdExtdDirectoryInformation.of(link).eaSize, 7);
  assert.equal(FileIdExtdDirectoryInformation.of(link).reparsePointTag, 0xa000000c);
});

test('a short name that is too long', () => {
  const bytes = fromHex(`${zeros(60)} 00000000 1a 00 ${zeros(26)} ${zeros(10)}`);
  assert.throws(() => new FileBothDirectoryInformation().layout(new Decoder().reset(bytes)), Malformed);
  assert.throws(() => new Encoder().encode(FileBothDirectoryInformation.of({ ...b, shortName: 'x'.repeat(13) })));
});

test('an unknown class reads as nothing', () => {
  const list = new DirectoryList(99);
  list.layout(new Decoder().reset(fromHex('00000000')));
  assert.deepEqual(list.entries, []);
});

test('the packer fills up to the limit and no further', () => {
  const names = fc.array(fc.string({ minLength: 1, maxLength: 60 }), { maxLength: 40 });
  const codes = fc.constantFrom(...Object.keys(directoryInfoClasses).map(Number));
  fc.assert(
    fc.property(names, codes, fc.integer({ min: 0, max: 4000 }), (all, code, limit) => {
      const row = directoryInfoClasses[code]!;
      const entries = all.map((name) => row.of({ ...b, name }));
      const packer = new DirectoryPacker(limit);
      let taken = 0;
      while (taken < entries.length && packer.add(entries[taken]!)) taken++;
      assert.equal(packer.count, taken);
      const bytes = packer.finish();
      assert.ok(bytes.length <= limit);
      if (taken < entries.length) {
        const next = ((bytes.length + 7) & ~7) + row.size + entries[taken]!.fileName.length * 2;
        assert.ok(next > limit, 'there was room');
      }
      const list = new DirectoryList(code);
      list.layout(new Decoder().reset(bytes));
      assert.deepEqual(list.entries, entries.slice(0, taken));
      // Must equal the chain that the layout verb writes.
      const chained = Object.assign(new DirectoryList(code), { entries: entries.slice(0, taken) });
      assert.equal(toHex(new Encoder().encode(chained)), toHex(bytes));
    }),
  );
});

test('a smaller entry may still fit where a larger did not, in buffers beyond one slab too', () => {
  const row = directoryInfoClasses[DirectoryInfoClass.Names]!;
  const packer = new DirectoryPacker(1 << 20);
  let count = 0;
  while (packer.add(row.of({ ...b, name: `${'x'.repeat(200)}${count}` }))) count++;
  assert.ok(count > 2000);
  const before = packer.size;
  const fits = (1 << 20) - before >= 24;
  assert.equal(packer.add(row.of({ ...b, name: 'x' })), fits);
  const list = new DirectoryList(DirectoryInfoClass.Names);
  list.layout(new Decoder().reset(packer.finish()));
  assert.equal(list.entries.length, count + Number(fits));
});

// After the NextEntryOffset that the chain writes.
golden(
  class FileIdExtd extends FileIdExtdDirectoryInformation {},
  { ...FileIdExtdDirectoryInformation.of({ ...b, id: 0x0102_0000_0000_0000_0003n, eaSize: 1, reparseTag: 2 }) },
  `${headB} 01000000 02000000 0300000000000000 0201000000000000 4200`,
);
golden(
  class FileId64Extd extends FileId64ExtdDirectoryInformation {},
  { ...FileId64ExtdDirectoryInformation.of({ ...b, eaSize: 1, reparseTag: 2 }) },
  `${headB} 01000000 02000000 0ce3200000000000 4200`,
);
golden(
  class FileIdAllExtd extends FileIdAllExtdDirectoryInformation {},
  { ...FileIdAllExtdDirectoryInformation.of({ ...b, eaSize: 1, reparseTag: 2 }) },
  `${headB} 01000000 02000000 0ce3200000000000 0ce3200000000000 0000000000000000 4200`,
);
