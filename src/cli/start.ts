import { readFileSync } from 'node:fs';
import { commands } from './commands.js';
import { Exit } from './exit.js';
import { buildProgram, run } from './program.js';

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };

  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `sombrero ls … | head` is no failure.
    if (error.code === 'EPIPE') process.exit(Exit.Done);
    process.stderr.write(`sombrero: standard output: ${error.message}\n`);
    process.exit(Exit.Failed);
  });
  // Whoever read what we tell has gone. What we do goes on: a server has others to care for.
  process.stderr.on('error', () => undefined);

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // The second time somebody means it.
      if (stop.signal.aborted) process.exit(Exit.Interrupted);
      stop.abort();
    });
  }

  process.exitCode = await run(buildProgram(version, commands, { signal: stop.signal }), process.argv.slice(2));
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  // Nothing is left to do; taking all down in order would cost what a small command does.
  process.exit();
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
