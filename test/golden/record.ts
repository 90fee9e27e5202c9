/**
 * Records conversations with foreign servers into test/golden/<peer>/<scenario>.txt:
 *
 *   node build/test/golden/record.js               smbclient with smbd, all scenarios (as root)
 *   node build/test/golden/record.js FILE PORT     the conversations of a pcap with the server at PORT, to stdout
 *
 * The bytes come from the peers, never from our own encoder.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchangesOf, formatExchange } from '#testing/exchange.js';
import { ACCOUNT, type Cleanup, credentials, inReverse, run, smbclient } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { tsharkCapture } from '#testing/tshark.js';
import { root } from '../root.js';

interface Scenario {
  readonly name: string;
  /** The dialect as stated in the file. */
  readonly dialect: string;
  readonly client: readonly string[];
  readonly server?: readonly string[];
  readonly commands: string;
}

const only = (protocol: string): string[] => ['-m', protocol, `--option=client min protocol=${protocol}`];
const FILES = [
  'ls',
  'mkdir folder',
  'put local.txt folder/file.txt',
  'get folder/file.txt back.txt',
  'allinfo folder/file.txt',
  'setmode folder/file.txt +r',
  'setmode folder/file.txt -r',
  'rename folder/file.txt folder/renamed.txt',
  'ls folder/*',
  'du',
  'volume',
  'get missing.txt',
  'rm folder/renamed.txt',
  'rmdir folder',
].join('; ');

const SCENARIOS: readonly Scenario[] = [
  { name: 'nt1-files', dialect: 'NT LM 0.12', client: only('NT1'), commands: FILES },
  {
    name: 'nt1-posix',
    dialect: 'NT LM 0.12',
    client: only('NT1'),
    commands: 'posix; mkdir p; posix_mkdir q 755; stat q; symlink q l; ls; rm l; rmdir p; posix_rmdir q',
  },
  { name: 'smb202-files', dialect: '2.0.2', client: only('SMB2_02'), commands: FILES },
  { name: 'smb210-list', dialect: '2.1', client: only('SMB2_10'), commands: 'ls' },
  { name: 'smb302-list', dialect: '3.0.2', client: only('SMB3_02'), commands: 'ls' },
  { name: 'smb311-files', dialect: '3.1.1', client: only('SMB3_11'), commands: FILES },
  {
    name: 'smb311-encrypted',
    dialect: '3.1.1, encrypted',
    client: [...only('SMB3_11'), '--client-protection=encrypt'],
    commands: 'ls',
  },
  { name: 'smb311-acl', dialect: '3.1.1', client: only('SMB3_11'), commands: 'put local.txt a; showacls; ls; rm a' },
  { name: 'smb311-shares', dialect: '3.1.1', client: only('SMB3_11'), commands: '' },
  { name: 'nt1-shares', dialect: 'NT LM 0.12', client: only('NT1'), commands: '' },
  {
    name: 'nt1-signed',
    dialect: 'NT LM 0.12, signed',
    client: [...only('NT1'), '--client-protection=sign'],
    server: ['server signing = mandatory'],
    commands: 'ls; mkdir d; rmdir d',
  },
  {
    name: 'negotiate-all',
    dialect: '3.1.1 by way of a multi-protocol negotiation',
    client: ['--option=client min protocol=CORE'],
    commands: 'ls',
  },
];

async function record(t: Cleanup, scenario: Scenario): Promise<string> {
  const smbd = await startSmbd(t, { global: scenario.server ?? [] });
  const local = join(smbd.share, '..', 'local.txt');
  writeFileSync(local, 'The quick brown fox jumps over the lazy dog.\n'.repeat(20));
  const capture = await tsharkCapture(t, smbd.port);
  const commands = scenario.commands.replaceAll('local.txt', local).replaceAll('back.txt', `${local}.back`);
  const where = scenario.commands ? ['//127.0.0.1/share', '-c', commands] : ['-L', '//127.0.0.1'];
  const { stdout, stderr } = await smbclient(...where, ...scenario.client, '-p', smbd.port, '-U', credentials());
  process.stderr.write(`${scenario.name}\n${stdout}${stderr}\n`);
  const conversations = exchangesOf(readFileSync(await capture.stop()), smbd.port);
  const longest = conversations.sort((a, b) => b.length - a.length)[0] ?? [];
  const version = (await run('smbd', ['-V'])).stdout.trim().replace(/^Version /, '');
  return formatExchange({
    about: {
      recorded: `from Samba ${version} smbd by smbclient of the same version, ${new Date().toISOString().slice(0, 10)}`,
      account: `${ACCOUNT.user}, password ${ACCOUNT.password}`,
      dialect: scenario.dialect,
      transport: 'direct TCP',
      ...(scenario.commands ? { commands: scenario.commands } : {}),
    },
    frames: longest,
  });
}

async function recordAll(): Promise<void> {
  const folder = join(root, 'test', 'golden', 'samba');
  mkdirSync(folder, { recursive: true });
  for (const scenario of SCENARIOS.filter(({ name }) => process.argv.length < 3 || process.argv.includes(name))) {
    const actions: (() => Promise<void> | void)[] = [];
    const cleanup = inReverse({ after: (action) => void actions.push(action) });
    try {
      writeFileSync(join(folder, `${scenario.name}.txt`), await record(cleanup, scenario));
    } finally {
      for (const action of actions) await action();
    }
  }
}

const [file, port] = process.argv.slice(2);
if (file !== undefined && port !== undefined && /^\d+$/.test(port)) {
  for (const frames of exchangesOf(readFileSync(file), Number(port))) {
    process.stdout.write(formatExchange({ about: { recorded: file }, frames }));
  }
} else await recordAll();
