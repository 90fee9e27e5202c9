import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PASSWORD, served, sombrero, USER } from '#testing/command-line.js';
import { requirePeer, temporaryFolder } from '#testing/peers.js';

type Shell = 'bash' | 'zsh' | 'fish';

interface Setting {
  readonly url: string;
  /** Working directory of the shell. */
  readonly folder: string;
  /** Runs a shell program; `SCRIPT` holds the path of the completion script. */
  readonly run: (program: string, env?: Record<string, string>) => string;
}

/** A share with two entries, and a shell that can run the command. */
async function setting(t: TestContext, shell: Shell): Promise<Setting> {
  const { url, folder } = await served(t, ...USER, 'DIR/docs');
  await mkdir(join(folder, 'docs/photos 2024'));
  await writeFile(join(folder, 'docs/plan.txt'), '');
  const here = await temporaryFolder(t);
  const [script, bin] = [join(here, 'completion'), join(here, 'bin')];
  const main = new URL('../packed/main.cjs', import.meta.url).pathname;
  await mkdir(bin);
  await writeFile(script, (await sombrero(['completion', shell])).stdout);
  await writeFile(join(bin, 'sombrero'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  await chmod(join(bin, 'sombrero'), 0o755);
  const PATH = `${bin}:${process.env.PATH ?? ''}`;
  const own = { PATH, HOME: here, TERM: 'dumb', LC_ALL: 'C.UTF-8', SOMBRERO_PASSWORD: PASSWORD, SCRIPT: script };
  const bare = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] }[shell];
  const run = (program: string, env: Record<string, string> = {}): string => {
    const { stdout, stderr, status } = spawnSync(shell, [...bare, '-c', program], {
      env: { ...process.env, ...own, ...env },
      cwd: here,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  };
  return { url, folder: here, run };
}

const BASH = `
source "$SCRIPT"; COMP_LINE=$LINE; COMP_POINT=\${#LINE}
_sombrero 2>/dev/null
printf '%s\\n' "\${COMPREPLY[@]}"`;

test('bash completes what is on a server', async (t) => {
  if (!requirePeer(t, 'bash')) return;
  const { url, run } = await setting(t, 'bash');
  const completed = (line: string): string => run(BASH, { LINE: line });
  // Only what follows the last colon, where bash begins a word.
  assert.equal(completed(`sombrero ls ${url}/pl`), `${url.slice(url.lastIndexOf(':') + 1)}/plan.txt\n`);
  assert.equal(completed('sombrero mk'), 'mkdir\n');
  assert.equal(completed('sombrero put compl'), 'completion\n');
});

test('fish completes what is on a server', async (t) => {
  if (!requirePeer(t, 'fish')) return;
  const { url, run } = await setting(t, 'fish');
  const completed = (line: string): string => run('source $SCRIPT; complete -C $LINE', { LINE: line });
  assert.equal(completed(`sombrero ls ${url}/pl`), `${url}/plan.txt\n`);
  assert.equal(completed(`sombrero ls ${url}/P`), `${url}/photos%202024/\n${url}/plan.txt\n`);
  assert.equal(completed('sombrero mk'), 'mkdir\n');
  assert.match(completed('sombrero put compl'), /^completion\b/);
});

/** A terminal with zsh in it that completes the line and prints the result. */
const ZSH = `
zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner 'autoload -Uz compinit; compinit -u -D; source "$SCRIPT"
answer() { zle complete-word; print -rn -- "$BUFFER" >"$ANSWER"; exit 0 }
zle -N answer; bindkey "^I" answer'
zpty -w -n inner "$LINE"$'\\t'
while zpty -r inner; do :; done
true`;

test('zsh completes what is on a server', async (t) => {
  if (!requirePeer(t, 'zsh')) return;
  const { url, folder, run } = await setting(t, 'zsh');
  const answer = join(folder, 'answer');
  const completed = async (line: string): Promise<string> => {
    run(ZSH, { LINE: line, ANSWER: answer });
    return readFile(answer, 'utf8');
  };
  assert.equal(await completed(`sombrero ls ${url}/pl`), `sombrero ls ${url}/plan.txt `);
  // No space after a directory: its entries may follow.
  assert.equal(await completed(`sombrero ls ${url}/ph`), `sombrero ls ${url}/photos%202024/`);
  assert.equal(await completed('sombrero mk'), 'sombrero mkdir ');
  assert.equal(await completed('sombrero put compl'), 'sombrero put completion ');
});
