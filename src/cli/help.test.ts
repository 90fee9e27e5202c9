import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { PASSWORD, served, sombrero, USER } from '#testing/command-line.js';
import { temporaryFolder } from '#testing/peers.js';
import { commands } from './commands.js';
import { complete } from './completion.js';
import { manPage } from './man.js';
import { buildProgram, load } from './program.js';

const program = () => buildProgram('1.2.3', commands, { signal: new AbortController().signal });

test('commands, flags and choices are completed', async () => {
  const words = async (...line: string[]): Promise<readonly string[]> => (await complete(program(), line)).words;
  assert.deepEqual(await words('mk'), ['mkdir']);
  assert.ok((await words('')).includes('status'));
  assert.ok(!(await words('')).some((word) => word.startsWith('__')));
  assert.deepEqual(await words('get', '--pa'), ['--parallel']);
  assert.deepEqual(await words('get', '--links', ''), ['skip', 'follow', 'keep']);
  assert.deepEqual(await words('get', '--links', 'f'), ['follow']);
  assert.deepEqual(await words('help', 'ge'), ['get']);
  assert.equal((await complete(program(), ['put', 'some'])).files, true);
  assert.equal((await complete(program(), ['ls', '--credentials', ''])).files, true);
  assert.deepEqual(await words('nonsense', 'x'), []);
  assert.deepEqual(await words('ls', 'smb://'), []);
});

test('paths on a server are completed', async (t) => {
  const { url, folder } = await served(t, ...USER, 'DIR/docs');
  await mkdir(join(folder, 'docs/photos 2024'));
  await writeFile(join(folder, 'docs/plan.txt'), '');
  const found = async (...line: string[]): Promise<string[]> =>
    (await sombrero(['__complete', ...line])).stdout
      .split('\n')
      .filter((word) => word !== '')
      .sort();
  assert.deepEqual(await found('ls', `${url}/P`), [`${url}/photos%202024/`, `${url}/plan.txt`]);
  assert.deepEqual(await found('ls', `${url}/photos%20`), [':open', `${url}/photos%202024/`]);
  assert.deepEqual(await found('ls', url.replace(/docs$/, 'd')), [':open', `${url}/`]);
  assert.deepEqual(await found('ls', `${url}/none/`), []);
  assert.deepEqual((await sombrero(['__complete', 'ls', `${url}/`], '', {})).stdout, '');
});

test('the manual page has all commands, flags and examples', async () => {
  const page = await manPage(program(), '1.2.3');
  assert.match(page, /^\.TH SOMBRERO 1 "" "sombrero 1\.2\.3"/);
  for (const { name, hidden } of commands) assert.equal(page.includes(`.SS "sombrero ${name} `), hidden !== true, name);
  assert.match(page, /\\-\\-resume/);
  assert.match(page, /\$ sombrero get smb:\/\/ann@nas\/docs\/report\.pdf/);
  for (const line of page.split('\n')) assert.ok(!/^'|^\.(?!TH|SH|SS|TP|PP|nf|fi)/.test(line), line);
});

test('help teaches each command by example', async () => {
  const quiet = new Set(['rmdir', 'help', '__complete']);
  for (const command of program().commands) {
    await load(command);
    let text = '';
    command.configureOutput({
      writeOut: (part) => {
        text += part;
      },
    });
    command.outputHelp();
    if (!quiet.has(command.name())) assert.match(text, /Examples?:\n {2}[$A-Z]/, command.name());
  }
});

test('status tells what a server holds, over its socket and over the wire', async (t) => {
  const folder = await temporaryFolder(t);
  const socket = join(folder, 'control');
  const config = join(folder, 'server.json');
  await mkdir(join(folder, 'docs'));
  await writeFile(join(folder, 'docs/a.txt'), 'a');
  const settings = { shares: { docs: 'docs' }, users: { ann: { password: PASSWORD } }, administrators: ['ann'] };
  await writeFile(config, JSON.stringify(settings));
  const { url } = await served(t, '--config', config, '--control', socket);
  const asked = await sombrero(['status', '--control', socket, '--json']);
  assert.deepEqual([asked.status, asked.stderr], [0, '']);
  const [answer] = JSON.parse(asked.stdout) as { shares: string[]; sessions: unknown[]; counts: { opens: number } }[];
  assert.deepEqual([answer?.shares, answer?.sessions, answer?.counts.opens], [['docs'], [], 0]);
  const text = await sombrero(['status', '--control', socket]);
  assert.match(text.stdout, /^server \d+ on 127\.0\.0\.1:\d+: 0 connections; shares docs\n/);
  const server = url.replace(/\/docs$/, '');
  const remote = await sombrero(['status', '--json', server]);
  assert.deepEqual([remote.status, remote.stderr], [0, '']);
  const { sessions } = JSON.parse(remote.stdout) as { sessions: { user: string }[] };
  assert.deepEqual(
    sessions.map(({ user }) => user),
    ['ann'],
  );
  assert.match((await sombrero(['status', server])).stdout, /^user +client/);
});

test('who is no administrator is not told what others do', async (t) => {
  const { url } = await served(t, ...USER, '--no-control', 'DIR/docs');
  const { status, stderr } = await sombrero(['status', url.replace(/\/docs$/, '')]);
  assert.equal(status, 1);
  assert.match(stderr, /NetrSessionEnum: STATUS_ACCESS_DENIED \(administrators may ask for that\)/);
});
