import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads what there is to be done away with, one a line: `+` or `-`, then a process (with a minus: a group) or a folder.
 * When nobody writes any more, whoever did is gone, by whatever death; it does away with what is left. samba-dcerpcd
 * makes a session of its own, but leaves its id in the folder.
 */
const SCRIPT = `
set -f
nl='
'
IFS=$nl
left=
while IFS=' ' read -r sign what; do
  if [ "$sign" = + ]; then left="$left$what$nl"; continue; fi
  rest=
  for other in $left; do [ "$other" = "$what" ] || rest="$rest$other$nl"; done
  left=$rest
done
for what in $left; do case $what in /*) ;; *) kill -s KILL -- "$what" ;; esac; done
for what in $left; do
  case $what in /*) ;; *) continue ;; esac
  set +f
  for file in "$what"/pid/*.pid; do
    read -r pid < "$file" && grep -qF "$what" "/proc/$pid/cmdline" && kill -s KILL "$pid"
  done
  rm -rf "$what"
done
`;

let executor: ChildProcess | undefined;

function tell(sign: '+' | '-', what: string): void {
  if (!executor) {
    // In a group of its own: it outlives us, whoever ends ours.
    executor = spawn('sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    executor.unref();
    // Where there is no shell, things stay as they are.
    executor.on('error', () => undefined);
    executor.stdin?.on('error', () => undefined);
    (executor.stdin as unknown as { unref?: () => void }).unref?.();
  }
  executor.stdin?.write(`${sign} ${what}\n`);
}

/** Its folder, with all that is in it, goes at the latest when this process does. Returns what ends that. */
export function bequeathFolder(folder: string): () => void {
  tell('+', folder);
  return () => tell('-', folder);
}

/** Ends with this process, even when that is killed: the test runner does so when a test takes too long. */
export function bequeath<T extends ChildProcess>(child: T, group: boolean = false): T {
  if (child.pid === undefined) return child;
  const name = String(group ? -child.pid : child.pid);
  tell('+', name);
  child.once('exit', () => tell('-', name));
  return child;
}
