import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles `bench/NAME.c` into a folder; returns the path of the program. */
export function compiled(name: string, folder: string, flags: readonly string[] = []): string {
  const source = fileURLToPath(new URL(`../../bench/${name}.c`, import.meta.url));
  const program = join(folder, name);
  execFileSync('cc', ['-O2', '-o', program, source, ...flags], { stdio: ['ignore', 'inherit', 'inherit'] });
  return program;
}
