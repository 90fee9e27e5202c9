import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { UsageError } from '#wire/erref/errors.js';
import { defaultPort, parseSmbUrl } from './url.js';

function parts(text: string): unknown[] {
  const url = parseSmbUrl(text);
  return [url.domain, url.user, url.password, url.host, url.port, url.share, url.path];
}

test('an SMB URL is taken apart', () => {
  const none = undefined;
  assert.deepEqual(parts('smb://nas'), [none, none, none, 'nas', none, none, '']);
  assert.deepEqual(parts('smb://nas/photos'), [none, none, none, 'nas', none, 'photos', '']);
  assert.deepEqual(parts('SMB://ann@nas:4450/photos/2024/a.jpg'), [
    none,
    'ann',
    none,
    'nas',
    4450,
    'photos',
    '2024/a.jpg',
  ]);
  assert.deepEqual(parts('smb://CORP;ann:pw@[fe80::1%eth0]:445/c$'), [
    'CORP',
    'ann',
    'pw',
    'fe80::1%eth0',
    445,
    'c$',
    '',
  ]);
  assert.deepEqual(parts('smb://[::1]/x/'), [none, none, none, '::1', none, 'x', '']);
});

test('percent-encoding is undone, and # ? @ : are ordinary where they can be', () => {
  assert.deepEqual(parts('smb://a%3Bb:p%40s%2Fs%3A1@h/My%20Docs/50%25/a#1?.txt').slice(1), [
    'a;b',
    'p@s/s:1',
    'h',
    undefined,
    'My Docs',
    '50%/a#1?.txt',
  ]);
  assert.equal(parseSmbUrl('smb://u:p@ss:w@h/s').password, 'p@ss:w');
  assert.equal(parseSmbUrl('smb://u:@h/s').password, '');
});

test('bad URLs are refused without telling the password', () => {
  const bad = [
    'http://ann:hush@nas/x',
    'nas/x',
    'smb://',
    'smb://ann:hush@/x',
    'smb://ann:hush@nas:0/x',
    'smb://ann:hush@nas:99999/x',
    'smb://ann:hush@nas:port/x',
    'smb://ann:hush%@nas/x',
    'smb://ann:hush@[::1/x',
    'smb://ann:hush@na s/x',
  ];
  for (const text of bad) {
    assert.throws(
      () => parseSmbUrl(text),
      (error) => error instanceof UsageError && !error.message.includes('hush'),
      text,
    );
  }
});

test('the password stays out of inspect, JSON and the text form', () => {
  const url = parseSmbUrl('smb://CORP;ann:hush@nas:4450/a%20b/c');
  for (const text of [inspect(url, { depth: 9, showHidden: true }), JSON.stringify(url), String(url)]) {
    assert.ok(!text.includes('hush'), text);
  }
  assert.equal(String(url), 'smb://CORP;ann@nas:4450/a%20b/c');
});

test('the port goes with the framing', () => {
  assert.equal(defaultPort(false), 445);
  assert.equal(defaultPort(true), 139);
});
