import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { UsageError } from '#client/index.js';
import { temporaryFolder } from '#testing/peers.js';
import type { NoteEvent } from '#viewer/index.js';
import { readConfig } from './config.js';
import { parseShare, parseSharePassword, parseUser } from './flags.js';
import { jsonLine, prettyLine } from './log.js';
import { settingsOf, usersOf } from './settings.js';

test('a config file is read whole, and paths count from where it lies', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'server.json');
  await writeFile(
    file,
    JSON.stringify({
      shares: { docs: 'docs', pub: { path: '/srv/pub', readOnly: true, guests: 'read', users: { ann: 'write' } } },
      users: { ann: { ntHash: '0'.repeat(32) } },
      listen: ['0.0.0.0:445', '[::1]:4450'],
      dialects: '2.1..3.1.1',
      guest: true,
    }),
  );
  assert.deepEqual(readConfig(file), {
    shares: {
      docs: { path: join(folder, 'docs') },
      pub: { path: '/srv/pub', readOnly: true, guests: 'read', users: { ann: 'write' } },
    },
    users: { ann: { ntHash: '0'.repeat(32) } },
    listen: [
      { host: '0.0.0.0', port: 445 },
      { host: '::1', port: 4450 },
    ],
    dialects: { min: '2.1', max: '3.1.1' },
    guest: true,
  });
});

test('a mistake in a config file is told by its place', async (t) => {
  const file = join(await temporaryFolder(t), 'server.json');
  const wrong: [text: string, message: RegExp][] = [
    ['{', /server\.json: /],
    ['[]', /must be an object/],
    ['{"share":{}}', /share is not known; known are shares, users/],
    ['{"shares":{"a":{}}}', /shares\.a\.path must be there/],
    ['{"shares":{"a":{"path":"x","guests":"all"}}}', /shares\.a\.guests must be one of none, read, write/],
    ['{"users":{"ann":{}}}', /users\.ann must be an object with password or ntHash/],
    ['{"listen":["here"]}', /listen\[0\]: must look like HOST:PORT/],
    ['{"guest":"yes"}', /guest must be true or false/],
    ['{"toString":1}', /toString is not known/],
  ];
  for (const [text, message] of wrong) {
    await writeFile(file, text);
    assert.throws(
      () => readConfig(file),
      (error) => error instanceof UsageError && message.test(error.message),
      text,
    );
  }
  assert.throws(() => readConfig(`${file}.none`), UsageError);
});

test('shares, users and passwords of the command line', () => {
  assert.deepEqual(parseShare('docs=/srv/docs:ro'), { name: 'docs', config: { path: '/srv/docs', readOnly: true } });
  const available = { path: '/srv/docs', continuouslyAvailable: true };
  assert.deepEqual(parseShare('docs=/srv/docs:ca'), { name: 'docs', config: available });
  assert.deepEqual(parseShare('docs=/srv/docs:rw'), { name: 'docs', config: { path: '/srv/docs' } });
  assert.deepEqual(parseShare('docs=/srv/a=b'), { name: 'docs', config: { path: '/srv/a=b' } });
  assert.deepEqual(parseUser('ann:p:w'), { name: 'ann', password: 'p:w' });
  assert.deepEqual(parseUser('ann'), { name: 'ann', password: undefined });
  assert.deepEqual(parseSharePassword('docs=p=w'), { share: 'docs', password: 'p=w' });
  for (const text of ['docs', '=x', 'docs=', 'docs=:ro']) assert.throws(() => parseShare(text));
  const flags = { log: 'pretty' as const };
  assert.throws(() => settingsOf([], flags), /nothing to serve/);
  assert.throws(() => settingsOf(['/a/docs', '/b/DOCS'], flags), /two shares are called DOCS/);
  assert.throws(
    () => settingsOf(['/a/docs'], { ...flags, sharePassword: [{ share: 'x', password: 'y' }] }),
    /no share x/,
  );
});

test('without users one is made up, with a password of its own', async () => {
  const config = settingsOf(['/a/docs'], { log: 'pretty' });
  const { signal } = new AbortController();
  const first = await usersOf(config, { log: 'pretty' }, signal);
  const second = await usersOf(config, { log: 'pretty' }, signal);
  assert.equal(first.made.length, 1);
  assert.match(first.made[0]?.password ?? '', /^[\w-]{16}$/);
  assert.notEqual(first.made[0]?.password, second.made[0]?.password);
  const known = await usersOf(config, { log: 'pretty', user: [{ name: 'ann', password: 'x' }] }, signal);
  assert.deepEqual(known, { users: { ann: { password: 'x' } }, made: [] });
  const user = ['ann', 'Ann'].map((name) => ({ name, password: 'x' }));
  await assert.rejects(usersOf(config, { log: 'pretty', user }, signal), /user Ann is named twice/);
});

test('log lines', () => {
  const note: NoteEvent = {
    level: 'warn',
    what: 'logon refused',
    connection: { id: 3, role: 'server', framing: 'direct', local: '127.0.0.1:445', remote: '127.0.0.1:5000' },
    details: { account: 'a\x1bnn', tries: 2, big: 5n },
  };
  const time = new Date('2026-11-23T12:00:00.000Z');
  assert.equal(prettyLine(note, time), '12:00:00.000 warn  127.0.0.1:5000 logon refused account=a␛nn tries=2 big=5');
  assert.deepEqual(JSON.parse(jsonLine(note, time)), {
    time: '2026-11-23T12:00:00.000Z',
    level: 'warn',
    what: 'logon refused',
    connection: 3,
    remote: '127.0.0.1:5000',
    account: 'a\x1bnn',
    tries: 2,
    big: '5',
  });
});
