import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '#testing/peers.js';
import { writePipe } from './named-pipe.js';

const skip = process.platform === 'win32';

test('nobody reads the pipe: waiting can be called off, and what fails otherwise fails', { skip }, async (t) => {
  const pipe = join(await temporaryFolder(t), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const stop = new AbortController();
  const waiting = writePipe(pipe, stop.signal);
  stop.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  await assert.rejects(writePipe(pipe, stop.signal), { name: 'AbortError' });
  await assert.rejects(writePipe(`${pipe}s`, new AbortController().signal), { code: 'ENOENT' });
});

test('as soon as somebody reads, there is something to write into', { skip }, async (t) => {
  const pipe = join(await temporaryFolder(t), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const opened = writePipe(pipe, new AbortController().signal);
  const reader = await open(pipe, 'r');
  const socket = await opened;
  socket.end('x');
  await once(socket, 'close');
  assert.equal((await reader.readFile()).toString(), 'x');
  await reader.close();
});
