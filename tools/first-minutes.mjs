// What a new user does in the first five minutes, with the package installed in `project`: pastes the README's client
// program, has its types checked, runs it against a server that `sombrero serve` started.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './setup.mjs';

/** The first program of a section of the README. */
function pasted(section) {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const program = new RegExp(`^## ${section}$[\\s\\S]*?^\`\`\`ts\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)?.[1];
  if (program === undefined) throw new Error(`README.md has no program in '${section}'`);
  return program;
}

/** Types of the pasted program, as strict as they come. Node's own declarations are the only thing a project adds. */
export function typesOfPasted(project) {
  writeFileSync(join(project, 'pasted.ts'), pasted('Client'));
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const typeRoots = ['--typeRoots', join(root, 'node_modules/@types')];
  const done = spawnSync(process.execPath, [tsc, ...options, ...typeRoots, 'pasted.ts'], {
    cwd: project,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`tsc: ${done.stdout}${done.stderr}`);
}

/** Runs the pasted program against a server of the installed package; it must tell of a file that it made. */
export async function runPasted(project) {
  writeFileSync(join(project, 'pasted.mjs'), pasted('Client'));
  const folder = join(project, 'scratch');
  mkdirSync(folder, { recursive: true });
  const main = join(project, 'node_modules/sombrero/dist/packed/main.cjs');
  const serve = ['serve', '--share', `scratch=${folder}`, '--user', 'ann:secret', '--listen', '127.0.0.1:0'];
  const server = spawn(process.execPath, [main, ...serve], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  try {
    const place = await listening(server);
    const url = place.replace('smb://', 'smb://ann@');
    const done = spawnSync(process.execPath, ['pasted.mjs', url], { cwd: project, encoding: 'utf8', timeout: 60_000 });
    if (done.status !== 0) throw new Error(`the pasted program failed: ${done.stdout}${done.stderr}`);
    if (!/\.txt \d+/.test(done.stdout)) throw new Error(`the pasted program lists nothing: ${done.stdout}`);
  } finally {
    server.kill();
    await exited;
  }
}

async function listening(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const place = /listening on (smb:\S+)/.exec(line)?.[1];
    if (place !== undefined) return place;
  }
  throw new Error('the server ended before it listened');
}
