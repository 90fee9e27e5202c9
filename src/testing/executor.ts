import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads lines that name what to clean up: `+` or `-`, then a process id (with a minus sign: a process group) or a
 * folder. When the input ends, the writer is gone, however it died, and what is left is cleaned up. samba-dcerpcd runs
 * in a session of its own, but leaves its id in the folder.
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
    // In a group of its own, so that it survives when our group is killed.
    executor = spawn('sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    executor.unref();
    // Without a shell, nothing is cleaned up.
    executor.on('error', () => undefined);
    executor.stdin?.on('error', () => undefined);
    (executor.stdin as unknown as { unref?: () => void }).unref?.();
  }
  executor.stdin?.write(`${sign} ${what}\n`);
}

/** Removes a folder with its contents at the latest when this process ends. Returns a function that cancels this. */
export function bequeathFolder(folder: string): () => void {
  tell('+', folder);
  return () => tell('-', folder);
}

/** Ends a child with this process, even if this process is killed, as the test runner does on a timeout. */
export function bequeath<T extends ChildProcess>(child: T, group: boolean = false): T {
  if (child.pid === undefined) return child;
  const name = String(group ? -child.pid : child.pid);
  tell('+', name);
  child.once('exit', () => tell('-', name));
  return child;
}
