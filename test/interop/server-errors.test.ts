import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type MemoryHandle, memory, readOnly, type WritableBackend } from '#fs/index.js';
import { type Finished, requirePeer, smbclient } from '#testing/peers.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { client, flags, letting, type Row, type Served, serve, succeed } from './serve.js';

const ROWS: readonly Row[] = [
  { dialect: 'NT1', protection: 'default' },
  { dialect: 'SMB2_02', protection: 'default' },
  { dialect: 'SMB3_11', protection: 'default' },
  { dialect: 'SMB3_11', protection: 'encrypt' },
];

function refused({ stdout, stderr }: Finished, status: RegExp): void {
  assert.match(stdout + stderr, status);
}

async function servesOn(served: Served, row: Row): Promise<void> {
  await succeed(served, 'local', ...flags(row), '-c', 'ls; mkdir still-here; rmdir still-here');
}

for (const row of ROWS) {
  const rowName = `${row.dialect} ${row.protection}`;

  test(`${rowName}: a wrong password, an unknown user, a user without rights, an unknown share`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, {
      ...letting(row),
      users: { games: { password: 'Passw0rd!' }, other: { password: 'other' } },
      shares: { private: { backend: memory(), users: { games: 'write' } } },
    });
    const as = (user: string, share: string): Promise<Finished> =>
      smbclient(`//127.0.0.1/${share}`, '-p', served.port, '-U', user, ...flags(row), '-c', 'ls');
    for (const user of ['games%wrong', 'games%', 'nobody%Passw0rd!', '%']) {
      const outcome = await as(user, 'local');
      assert.equal(outcome.status, 1);
      refused(outcome, /NT_STATUS_(LOGON_FAILURE|ACCESS_DENIED)/);
      await servesOn(served, row);
    }
    refused(await as('games%wrong', 'local'), /NT_STATUS_LOGON_FAILURE/);
    refused(await as('games%Passw0rd!', 'nowhere'), /NT_STATUS_BAD_NETWORK_NAME/);
    refused(await as('other%other', 'private'), /NT_STATUS_ACCESS_DENIED/);
    assert.equal((await as('other%other', 'local')).status, 0);
    assert.equal((await as('games%Passw0rd!', 'private')).status, 0);
    await servesOn(served, row);
  });

  test(`${rowName}: what is missing, in the way, not empty, of the wrong kind or wrongly called`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, letting(row));
    const { folder, work } = served;
    await writeFile(join(folder, 'file'), 'content');
    await mkdir(join(folder, 'full'));
    await writeFile(join(folder, 'full', 'file'), '');
    await writeFile(join(work, 'file'), 'other');
    const says = async (script: string, status: RegExp): Promise<void> => {
      refused(await client(served, 'local', ...flags(row), '-c', `lcd "${work}"; ${script}`), status);
    };
    await says('get missing', /NT_STATUS_OBJECT_NAME_NOT_FOUND/);
    await says('get missing\\missing', /NT_STATUS_OBJECT_PATH_NOT_FOUND/);
    await says('get file\\file', /NT_STATUS_OBJECT_PATH_NOT_FOUND/);
    await says('ls missing', /NT_STATUS_NO_SUCH_FILE/);
    await says('cd file', /NT_STATUS_NOT_A_DIRECTORY/);
    await says('get full', /NT_STATUS_FILE_IS_A_DIRECTORY/);
    await says('mkdir file', /NT_STATUS_OBJECT_NAME_COLLISION/);
    await says('mkdir full', /NT_STATUS_OBJECT_NAME_COLLISION/);
    await says('rmdir full', /NT_STATUS_DIRECTORY_NOT_EMPTY/);
    await says('rename missing other', /NT_STATUS_OBJECT_NAME_NOT_FOUND/);
    await says('rename file full', /NT_STATUS_(OBJECT_NAME_COLLISION|ACCESS_DENIED)/);
    await says(`put file "${'x'.repeat(256)}"`, /NT_STATUS_OBJECT_(NAME_INVALID|NAME_NOT_FOUND|PATH_NOT_FOUND)/);
    await says('put file "a\tb"', /NT_STATUS_OBJECT_NAME_INVALID/);
    await servesOn(served, row);
    assert.equal(await readFile(join(folder, 'file'), 'utf8'), 'content');
  });

  test(`${rowName}: nothing is written on a read-only share`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const inMemory = memory();
    const served = await serve(t, {
      ...letting(row),
      shares: {
        rights: { backend: inMemory, users: { '*': 'read' } },
        option: { backend: inMemory, readOnly: true },
        medium: readOnly(inMemory),
        writable: inMemory,
      },
    });
    const { work } = served;
    await writeFile(join(work, 'file'), 'content');
    await succeed(served, 'writable', ...flags(row), '-c', `lcd "${work}"; put file; mkdir folder`);
    const no = /NT_STATUS_(ACCESS_DENIED|MEDIA_WRITE_PROTECTED)/;
    for (const share of ['rights', 'option', 'medium']) {
      const scripts = ['put file', 'put file new', 'mkdir new', 'del file', 'rmdir folder', 'rename file new'];
      for (const script of [...scripts, 'setmode file +r', 'utimes file -1 -1 2001:09:09-01:46:40 -1']) {
        const { stdout, stderr } = await client(served, share, ...flags(row), '-c', `lcd "${work}"; ${script}`);
        assert.match(stdout + stderr, no, `${share}: ${script}`);
      }
      const listed = await succeed(served, share, ...flags(row), '-c', `lcd "${work}"; ls; get file got`);
      assert.match(listed, /^ +file +A +7 /m);
      assert.match(listed, /^ +folder +D +0 /m);
      assert.equal(await readFile(join(work, 'got'), 'utf8'), 'content');
    }
    await servesOn(served, row);
  });

  test(`${rowName}: a file marked read-only is not overwritten nor deleted`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, letting(row));
    const { folder, work } = served;
    await writeFile(join(folder, 'file'), 'content');
    await writeFile(join(work, 'file'), 'other');
    for (const [script, status] of [
      ['setmode file +r; put file', /NT_STATUS_ACCESS_DENIED/],
      ['del file', /NT_STATUS_CANNOT_DELETE/],
    ] as const) {
      refused(await client(served, 'local', ...flags(row), '-c', `lcd "${work}"; ${script}`), status);
    }
    assert.equal(await readFile(join(folder, 'file'), 'utf8'), 'content');
    await succeed(served, 'local', ...flags(row), '-c', `lcd "${work}"; setmode file -r; put file; del file`);
    await servesOn(served, row);
  });
}

/** A backend with one file that exists but is inaccessible to the server. */
function denying(path: string): WritableBackend<MemoryHandle> {
  return new Proxy(memory(), {
    get(inner, key) {
      const value: unknown = Reflect.get(inner, key, inner);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        if (key === 'open' && args[0] === path) throw new StatusError(NtStatus.AccessDenied);
        return value.apply(inner, args);
      };
    },
  });
}

for (const row of ROWS) {
  test(`${row.dialect} ${row.protection}: a file that the server itself may not open`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, {
      ...letting(row),
      shares: { denied: denying('secret') },
    });
    const { work } = served;
    await writeFile(join(work, 'secret'), 'other');
    for (const script of ['get secret', 'put secret', 'del secret', 'rename secret open', 'cd secret']) {
      refused(
        await client(served, 'denied', ...flags(row), '-c', `lcd "${work}"; ${script}`),
        /NT_STATUS_(ACCESS_DENIED|NO_SUCH_FILE)/,
      );
    }
    await succeed(served, 'denied', ...flags(row), '-c', `lcd "${work}"; put secret open; get open; del open`);
    await servesOn(served, row);
  });
}
