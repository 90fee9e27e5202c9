import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Makes a process end and waits for that. It may have ended already: Ctrl-C goes to a whole process group. */
export async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  end();
  await gone;
}
