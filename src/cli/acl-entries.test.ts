import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessEntry } from '#client/index.js';
import {
  flagsText,
  inheritedFrom,
  inOrder,
  nameOf,
  parseEntry,
  parseWho,
  rightsText,
  sameEntry,
} from './acl-entries.js';

test('entries as they are written on the command line', () => {
  assert.deepEqual(parseEntry('allow:Users:modify:files,dirs'), {
    kind: 'allow',
    sid: 'S-1-5-32-545',
    rights: 'modify',
    forFiles: true,
    forDirectories: true,
  });
  assert.deepEqual(parseEntry('deny:S-1-5-21-1-2-3-4:0x2'), { kind: 'deny', sid: 'S-1-5-21-1-2-3-4', rights: 2 });
  for (const odd of [
    'allow',
    'grant:WD:read',
    'allow:nobody:read',
    'allow:WD:everything',
    'allow:WD:read:all',
    'a:b:c:d:e',
  ])
    assert.throws(() => parseEntry(odd), odd);
  assert.equal(parseWho('creator owner'), 'S-1-3-0');
  assert.equal(parseWho('wd'), 'S-1-1-0');
  for (const odd of ['XX', 'S-1-', 'S-1-5-x', 'S-1-5-']) assert.throws(() => parseWho(odd), odd);
  assert.ok(sameEntry(parseEntry('allow:WD:read'), { kind: 'allow', sid: 'S-1-1-0', rights: 0x120089 }));
  assert.ok(!sameEntry(parseEntry('allow:WD:read'), parseEntry('allow:WD:read:files')));
  assert.equal(nameOf('S-1-1-0'), 'Everyone (S-1-1-0)');
  assert.equal(rightsText(0x1f01ff), 'full');
  assert.equal(rightsText(1), '0x00000001');
  assert.equal(flagsText({ kind: 'allow', sid: 'x', rights: 1, forFiles: true, inherited: true }), 'files,inherited');
});

test('own entries come first, and what is denied', () => {
  const entry = (kind: 'allow' | 'deny', sid: string, inherited = false): AccessEntry => ({
    kind,
    sid,
    rights: 1,
    inherited,
  });
  const mixed = [
    entry('allow', 'a', true),
    entry('deny', 'b', true),
    entry('allow', 'c'),
    entry('deny', 'd'),
    entry('allow', 'e'),
  ];
  assert.deepEqual(
    inOrder(mixed).map(({ sid }) => sid),
    ['d', 'c', 'e', 'b', 'a'],
  );
});

test('what is handed down to files and directories', () => {
  const parent: AccessEntry[] = [
    { kind: 'allow', sid: 'S-1-1-0', rights: 1, forFiles: true, forDirectories: true },
    { kind: 'allow', sid: 'S-1-1-1', rights: 2, forFiles: true },
    { kind: 'deny', sid: 'S-1-1-2', rights: 4, forDirectories: true, onlyOneLevel: true },
    { kind: 'allow', sid: 'S-1-3-0', rights: 8, forFiles: true, forDirectories: true, onlyBelow: true },
    { kind: 'allow', sid: 'S-1-1-3', rights: 16 },
  ];
  assert.deepEqual(inheritedFrom(parent, false, 'S-1-9'), [
    { kind: 'allow', sid: 'S-1-1-0', rights: 1, inherited: true },
    { kind: 'allow', sid: 'S-1-1-1', rights: 2, inherited: true },
    { kind: 'allow', sid: 'S-1-9', rights: 8, inherited: true },
  ]);
  assert.deepEqual(inheritedFrom(parent, true, 'S-1-9'), [
    { kind: 'allow', sid: 'S-1-1-0', rights: 1, inherited: true, forFiles: true, forDirectories: true },
    { kind: 'allow', sid: 'S-1-1-1', rights: 2, inherited: true, forFiles: true, onlyBelow: true },
    { kind: 'deny', sid: 'S-1-1-2', rights: 4, inherited: true },
    { kind: 'allow', sid: 'S-1-9', rights: 8, inherited: true },
    {
      kind: 'allow',
      sid: 'S-1-3-0',
      rights: 8,
      inherited: true,
      forFiles: true,
      forDirectories: true,
      onlyBelow: true,
    },
  ]);
});
