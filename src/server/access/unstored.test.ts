import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeInfo } from '#fs/backend.js';
import { FileAccess, FileGeneric } from '#wire/dtyp/access-mask.js';
import { Sid } from '#wire/dtyp/sid.js';
import { WellKnownSid } from '#wire/dtyp/well-known-sids.js';
import { rightsOf } from './rights.js';
import { Token } from './token.js';
import { describeByMode, rightsByMode } from './unstored.js';

const ann = Sid.parse('S-1-5-21-1-2-3-1001');
const token = new Token(ann, [Sid.parse('S-1-5-21-1-2-3-513'), WellKnownSid.everyone]);
const node = (mode: number, owned: boolean, kind: 'file' | 'directory' = 'file'): NodeInfo =>
  ({ kind, posix: { uid: 5, gid: 60, mode, owned } }) as NodeInfo;
const READ = FileGeneric.Read | FileAccess.Execute;
const ALWAYS = FileAccess.ReadAttributes | FileAccess.ReadControl;

test('a file of the process is the asker’s own', () => {
  const shown = describeByMode(node(0o754, true), token);
  assert.equal(shown.ownerSid?.equals(ann), true);
  assert.equal(String(shown.groupSid), 'S-1-22-2-60');
  assert.deepEqual(
    shown.dacl?.aces.map(({ sid, mask, aceFlags }) => `${sid} ${mask.toString(16)} ${aceFlags}`),
    [`${ann} 1f01ff 0`, 'S-1-22-2-60 1200a9 0', 'S-1-1-0 1200a9 0', 'S-1-5-18 1f01ff 0'],
  );
});

test('somebody else’s file is his who has it', () => {
  const shown = describeByMode(node(0o600, false), token);
  assert.equal(String(shown.ownerSid), 'S-1-22-1-5');
  assert.deepEqual(
    shown.dacl?.aces.map(({ sid }) => String(sid)),
    ['S-1-22-1-5', 'S-1-5-18'],
  );
});

test('rights by permission bits', () => {
  const rows: [NodeInfo, number][] = [
    [node(0o600, true), FileGeneric.All],
    [node(0o400, true), READ | FileAccess.WriteDac | FileAccess.WriteAttributes],
    [node(0o604, false), READ | ALWAYS],
    [node(0o660, false), READ | FileGeneric.Write | ALWAYS],
    [node(0o700, false, 'directory'), ALWAYS | FileAccess.Synchronize],
    [node(0o777, false, 'directory'), READ | FileGeneric.Write | FileAccess.DeleteChild],
    [node(0o1777, false, 'directory'), READ | FileGeneric.Write],
    [{ kind: 'file' } as NodeInfo, FileGeneric.All],
  ];
  for (const [info, expected] of rows) assert.equal(rightsByMode(info).toString(16), (expected >>> 0).toString(16));
});

test('what is shown to an owner gives what he has', () => {
  for (const mode of [0o600, 0o644, 0o755, 0o777]) {
    const info = node(mode, true);
    assert.equal(rightsOf(describeByMode(info, token), token), rightsByMode(info));
  }
  assert.equal(rightsOf(describeByMode({ kind: 'file' } as NodeInfo, token), token), FileGeneric.All);
});
