// man.mjs: writes man/sombrero.1 from the help of the built command line.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commands } from '../dist/cli/commands.js';
import { manPage } from '../dist/cli/man.js';
import { buildProgram } from '../dist/cli/program.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
mkdirSync(join(root, 'man'), { recursive: true });
const program = buildProgram(version, commands, { signal: new AbortController().signal });
writeFileSync(join(root, 'man', 'sombrero.1'), await manPage(program, version));
