import assert from 'node:assert/strict';
import { appendFile, mkdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from '#client/index.js';
import { type FrameEvent, frames } from '#tap/events.js';
import { ACCOUNT, credentials, inReverse, requirePeer } from '#testing/peers.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { Command } from '#wire/smb2/header.js';
import { flags, letting, type Row, type Served, serve, succeed } from './serve.js';
import { Talk } from './talk.js';

const ROWS: readonly Row[] = [
  { dialect: 'NT1', protection: 'default' },
  { dialect: 'SMB2_02', protection: 'default' },
  { dialect: 'SMB3_11', protection: 'default' },
  { dialect: 'SMB3_11', protection: 'encrypt' },
];

/** Time limit from a change until it is seen. */
const PROMPT_MS = 1000;

const SMB1 = 0xff;
const NT_TRANSACT = 0xa0;

/**
 * With SMB2, an interim response shows that the server is watching; with SMB1 there is none, but it starts on the
 * request.
 */
function begins({ direction, frame, plain }: FrameEvent): boolean {
  const message = plain ?? frame.subarray(4);
  if (message[0] === SMB1) return direction === 'received' && message[4] === NT_TRANSACT;
  const view = new DataView(message.buffer, message.byteOffset);
  if (direction !== 'sent' || view.getUint16(12, true) !== Command.ChangeNotify) return false;
  return view.getUint32(8, true) === NtStatus.Pending;
}

/** Resolves when the server starts its first watch. */
function watching(): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = frames.subscribe((event) => {
      if (!begins(event)) return;
      unsubscribe();
      // The server's work of this turn is done when the next one begins.
      setImmediate(resolve);
    });
  });
}

/** smbclient watching `folder` of a share; each expectation starts after the output matched before. */
async function watcher(t: TestContext, served: Served, share: string, row: Row) {
  const begun = watching();
  const args = [`//127.0.0.1/${share}`, '--configfile=/dev/null', '-p', String(served.port), '-U', credentials()];
  const talk = new Talk(inReverse(t), 'smbclient', [...args, ...flags(row), '-c', 'notify folder']);
  await Promise.race([begun, talk.hears(/NT_STATUS/).then(() => Promise.reject(new Error(talk.output)))]);
  return {
    sees: async (...lines: string[]): Promise<void> => {
      const start = performance.now();
      for (const line of lines) await talk.hears(new RegExp(`^${line}$`, 'm'));
      const took = performance.now() - start;
      assert.ok(took < PROMPT_MS, `${lines.join(', ')}: after ${Math.round(took)} ms`);
    },
  };
}

for (const row of ROWS) {
  const rowName = `${row.dialect} ${row.protection}`;

  for (const share of ['local', 'memory']) {
    test(`smbclient notify ${rowName}: what another client does (${share})`, async (t) => {
      if (!requirePeer(t, 'smbclient')) return;
      const served = await serve(t, letting(row));
      await writeFile(join(served.work, 'file'), 'content');
      await succeed(served, share, '-c', 'mkdir folder');
      const { sees } = await watcher(t, served, share, row);
      const act = (script: string): Promise<string> =>
        succeed(served, share, '-c', `lcd "${served.work}"; cd folder; ${script}`);
      await act('put file appears');
      await sees('0001 appears', '0003 appears');
      await act('rename appears renamed');
      await sees('0004 appears', '0005 renamed');
      await act('setmode renamed +h');
      await sees('0003 renamed');
      await act('mkdir Verzeichnis-ß');
      await sees('0001 Verzeichnis-ß');
      await act('del renamed; rmdir Verzeichnis-ß');
      await sees('0002 renamed', '0002 Verzeichnis-ß');
    });
  }

  test(`smbclient notify ${rowName}: what happens on the server's disk`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, letting(row));
    const folder = join(served.folder, 'folder');
    await mkdir(folder);
    await writeFile(join(folder, 'old'), 'content');
    const { sees } = await watcher(t, served, 'local', row);
    await writeFile(join(folder, 'appears'), 'content');
    await sees('0001 appears');
    await appendFile(join(folder, 'old'), 'more');
    await sees('0003 old');
    await rename(join(folder, 'appears'), join(folder, 'renamed'));
    await sees('0002 appears', '0001 renamed');
    await mkdir(join(folder, 'directory'));
    await sees('0001 directory');
    await Promise.all([unlink(join(folder, 'renamed')), rmdir(join(folder, 'directory'))]);
    await sees('0002 renamed', '0002 directory');
    await rm(folder, { recursive: true });
  });

  test(`smbclient notify ${rowName}: our client and a program on the server, in turn`, async (t) => {
    if (!requirePeer(t, 'smbclient')) return;
    const served = await serve(t, letting(row));
    const folder = join(served.folder, 'folder');
    await mkdir(folder);
    const share = await connect(`smb://127.0.0.1:${served.port}/local`, { ...ACCOUNT });
    inReverse(t).after(() => share.close());
    const { sees } = await watcher(t, served, 'local', row);
    await share.writeFile('folder/ours', new TextEncoder().encode('content'));
    await sees('0001 ours', '0003 ours');
    await appendFile(join(folder, 'ours'), 'and theirs');
    await sees('0003 ours');
    await share.rename('folder/ours', 'folder/renamed');
    await sees('0004 ours', '0005 renamed');
    await rename(join(folder, 'renamed'), join(folder, 'again'));
    await sees('0002 renamed', '0001 again');
    await share.mkdir('folder/directory');
    await sees('0001 directory');
    await rmdir(join(folder, 'directory'));
    await sees('0002 directory');
    await share.rm('folder/again');
    await sees('0002 again');
  });
}
