import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publicTitle } from './title.js';

test('the process list shows no password', () => {
  const shown: [args: string[], title: string | undefined][] = [
    [['ls', 'smb://ann@nas/a'], undefined],
    [['ls', 'smb://ann:p:w@nas/a'], 'sombrero ls smb://ann@nas/a'],
    [['ls', 'smb://D;ann:p@w@nas:445/a'], 'sombrero ls smb://D;ann@nas:445/a'],
    [['ls', 'ann:p:w@nas/docs'], 'sombrero ls ann@nas/docs'],
    [['ls', '//ann:pw@nas/docs'], 'sombrero ls //ann@nas/docs'],
    [['ls', 'smb:/ann:pw@nas/docs'], 'sombrero ls smb:/ann@nas/docs'],
    [['put', './a:b@c', 'smb://nas/a'], undefined],
    [['ls', '--exclude=a:b@c', 'nas:445/docs@2'], undefined],
    [['serve', '--user', 'ann:pw', 'dir'], 'sombrero serve --user ann dir'],
    [['serve', '--user=ann:pw'], 'sombrero serve --user=ann'],
    [['ls', '--user', 'D\\ann%pw', 'smb://nas/a'], 'sombrero ls --user D\\ann smb://nas/a'],
    [['explain', '--password', 'pw', 'a.pcapng'], 'sombrero explain --password … a.pcapng'],
    [['explain', '--password=pw'], 'sombrero explain --password'],
    [['serve', '--share-password', 'docs=pw'], 'sombrero serve --share-password docs'],
    [['serve', '--share-password=docs=pw'], 'sombrero serve --share-password'],
  ];
  for (const [args, title] of shown) assert.equal(publicTitle(args), title);
});
