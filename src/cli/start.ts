import { readFileSync } from 'node:fs';
import { commands } from './commands.js';
import { type EndSignal, Exit, Interrupted } from './exit.js';
import { buildProgram, run } from './program.js';
import { hurryAfter } from './terminal.js';

const SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** After a signal, the reader of our output has this long to take the rest. */
const LAST_WORDS_MS = 2000;

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };

  const stop = new AbortController();
  const stopped = (): Interrupted | undefined => stop.signal.reason as Interrupted | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `sombrero ls … | head` is not a failure.
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? stopped()?.status ?? Exit.Done);
    process.stderr.write(`sombrero: standard output: ${error.message}\n`);
    process.exit(Exit.Failed);
  });
  // The reader of our messages has gone. The work goes on: a server has clients to serve.
  process.stderr.on('error', () => undefined);

  hurryAfter(stop.signal);
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      // A server uses SIGHUP to reload its configuration.
      if (signal === 'SIGHUP' && process.listenerCount(signal) > 1) return;
      const interrupted = new Interrupted(signal);
      // A second signal ends the process at once.
      if (stop.signal.aborted) process.exit(interrupted.status);
      stop.abort(interrupted);
    });
  }

  const context = { signal: stop.signal };
  process.exitCode = await run(buildProgram(version, commands, context), process.argv.slice(2), context);
  if (stop.signal.aborted) setTimeout(() => process.exit(), LAST_WORDS_MS);
  await Promise.all([drained(process.stdout), drained(process.stderr)]);
  // Nothing is left to do; an orderly teardown would take as long as a small command.
  process.exit();
}

function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
