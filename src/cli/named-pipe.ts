import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

const ASK_MS = 50;

/** Opens a pipe for the event loop: a thread that waits for a writer would keep the process from ending. */
export function readPipe(path: string): Socket {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

/** The same for writing, once there is a reader. */
export async function writePipe(path: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    signal.throwIfAborted();
    const fd = openIfRead(path);
    if (fd !== undefined) return new Socket({ fd, readable: false, writable: true });
    await setTimeout(ASK_MS, undefined, { signal });
  }
}

function openIfRead(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined;
    throw error;
  }
}
