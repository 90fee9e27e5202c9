import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { rewritePort } from '#testing/pcap.js';
import { ACCOUNT, credentials, requirePeer, run, smbclient } from '#testing/peers.js';
import { parseExpert, tsharkCapture } from '#testing/tshark.js';
import { client, DIALECTS, flags, letting, matrix, noise, serve, succeed } from './serve.js';

/** Exact texts of Wireshark's warnings about correct messages, with reasons. */
const FALSE_ALARMS: ReadonlySet<string> = new Set<string>([]);

/** Produces the traffic: every command that smbclient can use, with successes and failures. */
const SCRIPT = [
  'mkdir folder; put data folder\\data; ls folder\\*; allinfo folder\\data; get folder\\data back',
  'rename folder\\data folder\\new; ls missing; get missing; mkdir folder; ls "Ü*日本"; setmode folder\\new +h',
  'utimes folder\\new -1 -1 2001:09:09-01:46:40 -1; volume; du; del folder\\new; rmdir folder',
].join('; ');

/** Lets tshark derive the session key for decryption. */
const PREFERENCES = ['-o', `ntlmssp.nt_password:${ACCOUNT.password}`];
const SMB1 = {
  negotiate: 0x72,
  sessionSetup: 0x73,
  treeConnect: 0x75,
  create: 0xa2,
  close: 4,
  read: 0x2e,
  write: 0x2f,
};
const SMB2 = { negotiate: 0, sessionSetup: 1, treeConnect: 3, create: 5, close: 6, read: 8, write: 9, find: 14 };

for (const row of matrix(DIALECTS)) {
  test(`tshark finds no fault with our side of ${row.dialect} ${row.protection}`, async (t) => {
    if (!requirePeer(t, 'smbclient', 'tshark')) return;
    const served = await serve(t, letting(row));
    const { port, work } = served;
    await writeFile(join(work, 'data'), noise(100_000));
    const capture = await tsharkCapture(t, port);
    await client(served, 'local', ...flags(row), '-c', `lcd "${work}"; ${SCRIPT}`);
    await succeed(
      served,
      'memory',
      ...flags(row),
      '-c',
      `lcd "${work}"; mkdir a; cd a; put data; ls; cd \\; deltree a`,
    );
    await smbclient('-L', '//127.0.0.1', '-p', port, '-U', credentials(), ...flags(row));
    const file = await capture.stop();
    // Wireshark parses direct TCP lengths only on port 445.
    await writeFile(file, rewritePort(await readFile(file), port, 445));

    const { stdout } = await run('tshark', [...PREFERENCES, '-r', file, '-q', '-z', 'expert,warn']);
    const faults = parseExpert(stdout).filter(({ protocol }) => !['TCP', 'IPv4'].includes(protocol));
    assert.deepEqual(
      faults.filter(({ summary }) => !FALSE_ALARMS.has(summary)),
      [],
    );

    const family = row.dialect === 'NT1' ? 'smb' : 'smb2';
    const fields = ['-T', 'fields', '-e', `${family}.cmd`, '-e', '_ws.malformed'];
    const listed = await run('tshark', [...PREFERENCES, '-r', file, '-Y', family, ...fields]);
    const lines = listed.stdout
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => line.split('\t'));
    assert.deepEqual(
      lines.filter(([, malformed]) => malformed !== ''),
      [],
    );
    // A command is missing if tshark could not decrypt the messages.
    const seen = new Set(lines.flatMap(([command]) => (command ?? '').split(',').map(Number)));
    for (const [name, code] of Object.entries(family === 'smb' ? SMB1 : SMB2))
      assert.ok(seen.has(code), `no ${name} was captured`);
    assert.equal(lines.filter(([command]) => command === '').length, 0, 'messages that could not be decrypted');
  });
}
