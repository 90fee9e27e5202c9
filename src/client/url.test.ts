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

test('UNC paths are taken as they stand, and URL objects as their text', () => {
  assert.deepEqual(parts('\\\\nas\\photos\\50%\\a').slice(3), ['nas', undefined, 'photos', '50%/a']);
  assert.deepEqual(parts('//nas/photos').slice(3), ['nas', undefined, 'photos', '']);
  const url = new URL('smb://CORP%3Bann:p%40w@nas:4450/a%20b/c');
  assert.equal(parseSmbUrl(url).path, 'c');
  assert.equal(parseSmbUrl(url).password, 'p@w');
});

test('the zone of an address is written both ways, and told encoded', () => {
  for (const text of ['smb://[fe80::1%eth0]/s', 'smb://[fe80::1%25eth0]/s']) {
    assert.equal(parseSmbUrl(text).host, 'fe80::1%eth0');
    assert.equal(String(parseSmbUrl(text)), 'smb://[fe80::1%25eth0]/s');
  }
});

test('what is often written wrongly is said', () => {
  assert.throws(() => parseSmbUrl('smb://u:p/w@h/s'), /slash: write it as %2F/);
  assert.throws(() => parseSmbUrl('smb://u:p@fe80::1/s'), /brackets/);
  assert.throws(() => parseSmbUrl('smb://h/a%00b'), UsageError);
  assert.throws(() => parseSmbUrl(5 as never), UsageError);
  assert.equal(parseSmbUrl('smb://h:445/s/a@b').path, 'a@b');
  assert.equal(parseSmbUrl('smb://h/s\\a').share, 's');
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
