import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { memory } from '#fs/memory/memory.js';
import { createServer } from '#server/server.js';
import { requirePeer, run } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';

const MAIN = fileURLToPath(new URL('./leaving-main.js', import.meta.url));
const { SEED = '1', ROUNDS = '30' } = process.env;

/** Handles requested before leaving are closed once their responses arrive. */
async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    assert.ok(tries < 1000, `${what}: something stays open`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Abandons operations at random moments, checks what is open then, and lets the process end by itself. */
async function leave(t: TestContext, url: string, dialect: string, look: () => Promise<void>): Promise<void> {
  const args = ['--unhandled-rejections=strict', MAIN, url, dialect, SEED, ROUNDS];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  const ready = await Promise.race([once(child.stdout as NonNullable<typeof child.stdout>, 'data'), ended]);
  assert.equal(String(ready[0]), 'ready\n', said);
  await look();
  child.stdin?.end('\n');
  assert.deepEqual(await ended, [0, null], said);
  assert.equal(said, '');
}

test('what is left at random moments leaves nothing open at our server', async (t) => {
  const dialects = { min: 'NT1', max: '3.1.1' } as const;
  const server = createServer({ shares: { s: memory() }, users: { ann: { password: 'secret' } }, dialects });
  t.after(() => server.close());
  const { port } = await server.listen(0, '127.0.0.1');
  for (const dialect of ['3.1.1', '2.0.2', 'NT1']) {
    await leave(t, `smb://ann:secret@127.0.0.1:${port}/s`, dialect, async () => {
      await eventually(dialect, async () => (await server.status()).opens === 0);
    });
  }
});

test('what is left at random moments leaves nothing open at smbd', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t);
  const url = `smb://${smbd.user}:${encodeURIComponent(smbd.password)}@127.0.0.1:${smbd.port}/share`;
  const configuration = join(dirname(smbd.share), 'smb.conf');
  for (const dialect of ['3.1.1', '2.0.2']) {
    await leave(t, url, dialect, async () => {
      await eventually(dialect, async () => {
        const { stdout, stderr } = await run('smbstatus', ['-s', configuration, '-L']);
        return /No locked files/.test(stdout + stderr);
      });
    });
  }
});
