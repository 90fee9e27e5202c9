#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { modules } from './commands.js';
import { Exit } from './failure.js';
import { buildProgram, run } from './program.js';
import { publicTitle } from './title.js';

const args = process.argv.slice(2);
// Before anything else: a password on the command line is for everybody to read in the process list.
const title = publicTitle(args);
if (title !== undefined) process.title = title;

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// `sombrero ls … | head` is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? Exit.Done : Exit.Failed),
);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second time somebody means it.
    if (stop.signal.aborted) process.exit(Exit.Interrupted);
    stop.abort();
  });
}

process.exitCode = await run(buildProgram(version, modules, { signal: stop.signal }), args);
