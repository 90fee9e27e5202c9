import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { served, sombrero, USER } from '#testing/command-line.js';

interface AclJson {
  readonly owner: string;
  readonly isProtected: boolean;
  readonly entries: { kind: string; sid: string; rightsName: string; inherited?: boolean }[];
  readonly sddl: string;
}

test('who may do what is shown and changed', async (t) => {
  const { url, folder } = await served(t, ...USER, 'DIR/docs');
  await mkdir(join(folder, 'docs/d'));
  await writeFile(join(folder, 'docs/d/a.txt'), 'a');
  const ok = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await sombrero(['acl', ...args]);
    assert.deepEqual([args, status, stderr], [args, 0, '']);
    return stdout;
  };
  const shown = async (path: string): Promise<AclJson> => JSON.parse(await ok('--json', `${url}/${path}`)) as AclJson;
  assert.match(await ok(`${url}/d`), /^owner +S-1-\S+\ngroup +S-1-\S+\n(?:allow|deny) +\S+.*\nsddl +O:S-1/s);
  await ok('--add', 'allow:Users:modify:files,dirs', '--add', 'deny:Guests:write', `${url}/d`);
  const { entries, owner } = await shown('d');
  assert.deepEqual(
    entries.filter(({ sid }) => sid.startsWith('S-1-5-32-')).map(({ kind, rightsName }) => [kind, rightsName]),
    [
      ['deny', 'write'],
      ['allow', 'modify'],
    ],
  );
  await ok('--add', 'allow:BU:modify:dirs,files', `${url}/d`);
  assert.equal((await shown('d')).entries.length, entries.length, 'what is there already is not added again');
  await ok('--inherit', 'on', `${url}/d/a.txt`);
  const below = await shown('d/a.txt');
  assert.deepEqual(
    below.entries.filter(({ sid }) => sid === 'S-1-5-32-545').map(({ inherited }) => inherited),
    [true],
  );
  await ok('--inherit', 'off', `${url}/d/a.txt`);
  const alone = await shown('d/a.txt');
  assert.equal(alone.isProtected, true);
  assert.ok(alone.entries.every(({ inherited }) => !inherited));
  await ok('-r', '--remove', 'Users', '--remove', 'BG', `${url}/d`);
  for (const path of ['d', 'd/a.txt']) {
    assert.ok(
      (await shown(path)).entries.every(({ sid }) => !['S-1-5-32-545', 'S-1-5-32-546'].includes(sid)),
      path,
    );
  }
  const sddl = `D:P(A;;FA;;;${owner})(A;;FR;;;WD)`;
  await ok('--set', sddl, `${url}/d/a.txt`);
  const text = (await ok('--sddl', `${url}/d/a.txt`)).trim();
  assert.ok(text.endsWith(sddl), text);
  assert.equal((await sombrero(['acl', '--set', 'nonsense', `${url}/d`])).status, 2);
  assert.equal((await sombrero(['acl', '--add', 'allow:nobody:read', `${url}/d`])).status, 2);
  assert.equal((await sombrero(['acl', `${url}/none`])).status, 1);
});
