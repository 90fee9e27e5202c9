import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { closings, frames, PcapngWriter } from '#viewer/index.js';
import { say } from '../terminal.js';

/** Bytes that may wait for a slow disk; further frames are dropped. */
const MAX_WAITING = 64 * 1024 * 1024;

/** Writes each frame of the server to a file until the returned function is called. */
export async function startCapture(path: string): Promise<() => Promise<void>> {
  const file = createWriteStream(path, { mode: 0o600 });
  await once(file, 'open');
  const writer = new PcapngWriter();
  let left = 0;
  let failed = false;
  file.write(writer.header());
  const stop = frames.subscribe((event) => {
    if (event.connection.role !== 'server' || failed) return;
    if (file.writableLength > MAX_WAITING) left++;
    else file.write(writer.frame(event));
  });
  const stopEnds = closings.subscribe(({ connection, time }) => {
    if (connection.role === 'server' && !failed) file.write(writer.end(connection, time));
  });
  file.on('error', (error) => {
    failed = true;
    say(`sombrero serve: ${path}: ${error.message}; the capture ends here`);
  });
  return async () => {
    stop();
    stopEnds();
    if (left > 0) say(`sombrero serve: ${path} lacks ${left} frames: the disk was too slow`);
    if (failed) return;
    file.end();
    await once(file, 'close');
  };
}
