import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Has a process end, and waits until it has. It may have done so by itself: Ctrl-C goes to all of a group. */
export async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  end();
  await gone;
}
