import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { NtStatus } from '#wire/erref/nt-status.js';
import { classicExchange } from '../classic.test.samples.js';
import { Recorder } from '../model.js';
import { ladder, wantsColour } from './ladder.js';
import { sideBySide } from './side-by-side.js';
import { printable } from './text.js';

function recorded(options?: Parameters<typeof classicExchange>[0]): Recorder {
  const recorder = new Recorder();
  for (const event of classicExchange(options)) recorder.add(event);
  return recorder;
}

test('the ladder', () => {
  const lines = ladder(recorded()).split('\n');
  assert.equal(lines[0], 'client 127.0.0.1:50123 ──▶ server 127.0.0.1:139   NT LM 0.12 over NetBIOS session service');
  assert.deepEqual(lines.slice(2, 13), [
    'step      ms',
    '  –      0.0  client  ──▶  server  SESSION REQUEST',
    '                                     calling DESK<00> · called *SMBSERVER<20> · 72 bytes on the wire',
    '  –      1.0  client  ◀──  server  POSITIVE SESSION RESPONSE',
    '                                     4 bytes on the wire · after 1.0 ms',
    '  1      2.0  client  ──▶  server  SMB_COM_NEGOTIATE',
    '                                     dialects PC NETWORK PROGRAM 1.0, NT LM 0.12',
    '                                     75 bytes on the wire',
    '  2      3.0  client  ◀──  server  SMB_COM_NEGOTIATE                    STATUS_SUCCESS',
    '                                     dialect NT LM 0.12 · challenge 0102030405060708',
    '                                     security user level · signing off · capabilities 0x00000004',
  ]);
  for (const line of lines) assert.ok(line.length <= 100, line);
  assert.match(lines.at(-2) ?? '', /^12 packets, \d+ bytes, 11\.0 ms$/);
});

test('a refusal is told by the name of its status', () => {
  const text = ladder(recorded({ openStatus: NtStatus.AccessDenied }));
  assert.match(text, /◀── {2}server {2}SMB_COM_OPEN_ANDX {20}STATUS_ACCESS_DENIED/);
});

test('colours for terminals that want them, the same text in them', () => {
  const recorder = recorded();
  const coloured = ladder(recorder, { colour: true });
  assert.ok(coloured.includes('\x1b[32mSTATUS_SUCCESS\x1b[0m'));
  assert.equal(stripVTControlCharacters(coloured), ladder(recorder));
  assert.equal(wantsColour({ isTTY: true }, {}), true);
  assert.equal(wantsColour({ isTTY: true }, { NO_COLOR: '1' }), false);
  assert.equal(wantsColour({ isTTY: true }, { TERM: 'dumb' }), false);
  assert.equal(wantsColour({}, {}), false);
});

test('a peer cannot steer the terminal', () => {
  assert.equal(printable('a\x1b[2Jb\u0007\u202e'), 'a␛[2Jb␇�');
});

test('two exchanges side by side, step by step', () => {
  const { packets } = recorded();
  const lines = sideBySide([
    { title: 'one', packets },
    { title: 'other', packets: packets.slice(2) },
  ]).split('\n');
  for (const line of lines) assert.ok(line.length <= 100, line);
  assert.match(lines[0] ?? '', /^step +one +│ other$/);
  assert.match(lines[2] ?? '', /^ {2}– {2}──▶ SESSION REQUEST$/);
  assert.ok(lines.some((line) => /^ {2}1 {2}──▶ SMB_COM_NEGOTIATE +│? *──▶ SMB_COM_NEGOTIATE$/.test(line)));
});
