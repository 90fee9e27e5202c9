import assert from 'node:assert/strict';
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { localDirectory, memory, unixNames } from '#fs/index.js';
import { ACCOUNT, credentials, type Finished, inReverse, requirePeer, run, temporaryFolder } from '#testing/peers.js';
import { onPort445 } from '#testing/port-445.js';
import { startSmbd } from '#testing/smbd.js';
import { serve, sha256 } from './serve.js';

/** Work done in a separate folder on both servers; output and downloaded files must be the same. */
interface Work {
  /** Commands for smbclient, in order. */
  readonly smbclient?: readonly string[];
  /** Where we follow Windows and smbd does not, and why: removed before the comparison. */
  readonly apart?: readonly (readonly [what: RegExp, why: string])[];
  /** Other programs: their arguments after server and credentials, with FOLDER in place of the folder's name. */
  readonly after?: readonly (readonly [program: 'smbcacls' | 'smbcquotas' | 'smbclient', ...args: string[]])[];
}

/** Grants full access to everyone, inherited. */
const EVERYTHING = 'REVISION:1,GROUP:S-1-5-32-545,ACL:S-1-1-0:ALLOWED/OI|CI/FULL';

const WORK: Readonly<Record<string, Work>> = {
  'allinfo of a file': { smbclient: ['put small file.txt', 'allinfo file.txt'] },
  'allinfo of a directory': { smbclient: ['mkdir below', 'allinfo below'] },
  'allinfo with streams': {
    apart: [[/^stream: \[::\$DATA\].*\n/gm, 'smbd lists the data last, Windows first']],
    smbclient: ['put small file.txt', 'put small file.txt:one', 'put medium file.txt:two', 'allinfo file.txt'],
  },
  'a stream there and back': {
    smbclient: ['put small f', 'put medium f:s', 'get f:s back', 'get f again', 'rm f', 'ls'],
  },
  scopy: { smbclient: ['put large one', 'scopy one two', 'get two back', 'ls'] },
  setmode: {
    smbclient: ['put small f', 'setmode f +rsh', 'allinfo f', 'setmode f -rsh', 'setmode f +a', 'allinfo f', 'ls'],
  },
  'setmode of a directory': { smbclient: ['mkdir d', 'setmode d +h', 'allinfo d', 'setmode d -h', 'allinfo d'] },
  utimes: {
    apart: [[/^change_time: .*\n/gm, 'smbd shows the time of the last write']],
    smbclient: [
      'put small f',
      'utimes f 2001:02:03-04:05:06 2002:03:04-05:06:07 2003:04:05-06:07:08 -1',
      'allinfo f',
      'utimes f -1 -1 2013:04:05-06:07:08 -1',
      'allinfo f',
    ],
  },
  rename: {
    smbclient: [
      'put small a',
      'rename a b',
      'put small c',
      'rename b c',
      'rename b c -f',
      'mkdir d',
      'rename c d/e',
      'ls d/*',
    ],
  },
  'rename of what is not there': { smbclient: ['rename nothing something', 'rename nothing'] },
  hardlink: {
    smbclient: ['put small a', 'hardlink a b', 'allinfo b', 'put large a', 'get b back', 'rm a', 'ls'],
  },
  altname: {
    smbclient: [
      'put small "a long name.text"',
      'altname "a long name.text"',
      'put small short.txt',
      'altname short.txt',
    ],
  },
  volume: { smbclient: ['volume'] },
  du: { smbclient: ['put small a', 'mkdir d', 'put large d/b', 'recurse on', 'du'] },
  'errors of every day': {
    smbclient: [
      'get nothing',
      'cd nothing',
      'mkdir d',
      'mkdir d',
      'rmdir nothing',
      'put small d/f',
      'rmdir d',
      'rm nothing',
      'get d',
      'cd d',
      'cd f',
      'ls nothing',
      'ls no*thing',
    ],
  },
  'wild cards': {
    smbclient: [
      'put small a1.txt',
      'put small a2.txt',
      'put small b.doc',
      'ls a?.txt',
      'ls *.txt',
      'ls *',
      'ls b*',
      'rm *.txt',
      'ls',
    ],
  },
  deltree: { smbclient: ['mkdir d', 'mkdir d/e', 'put small d/e/f', 'deltree d', 'ls'] },
  'recursive mput and mget': {
    smbclient: ['recurse on', 'prompt off', 'mput tree', 'ls', 'lcd there', 'mget tree'],
  },
  'tar create and extract': {
    apart: [[/ +[A-Zt]+ +(?=\d+ +NOW)/g, 'smbd does not keep FILE_ATTRIBUTE_TEMPORARY']],
    smbclient: [
      'recurse on',
      'prompt off',
      'mput tree',
      'tar c archive.tar tree',
      'deltree tree',
      'tar x archive.tar',
      'ls',
    ],
  },
  'reading and appending': { smbclient: ['put small f', 'more f', 'reput large f', 'get f back', 'reget f back'] },
  'case does not matter': {
    smbclient: ['put small Name.TXT', 'ls NAME.txt', 'get name.txt back', 'mkdir D', 'mkdir d', 'ls'],
  },
  'access control lists': {
    smbclient: ['mkdir d', 'put small d/f', 'put small f'],
    after: [
      ['smbcacls', 'FOLDER/f', '-S', 'REVISION:1,GROUP:S-1-5-32-545,ACL:S-1-1-0:ALLOWED/0x0/FULL', '--numeric'],
      ['smbcacls', 'FOLDER/f', '--numeric'],
      ['smbcacls', 'FOLDER/f', '-a', 'ACL:S-1-5-11:DENIED/0x0/D', '--numeric'],
      ['smbcacls', 'FOLDER/f', '-a', 'ACL:S-1-5-4:ALLOWED/0x0/RX', '--numeric'],
      ['smbcacls', 'FOLDER/f', '-M', 'ACL:S-1-5-4:ALLOWED/0x0/CHANGE', '--numeric'],
      ['smbcacls', 'FOLDER/f', '--numeric'],
      ['smbcacls', 'FOLDER/f', '-D', 'ACL:S-1-5-11:DENIED/0x0/D', '--numeric'],
      ['smbcacls', 'FOLDER/f', '-D', 'ACL:S-1-5-11:DENIED/0x0/D', '--numeric'],
      ['smbcacls', 'FOLDER/f', '-C', 'S-1-1-0', '--numeric'],
      ['smbcacls', 'FOLDER/f', '-G', 'S-1-5-11', '--numeric'],
      ['smbcacls', 'FOLDER/f', '--numeric'],
      ['smbcacls', 'FOLDER/f', '--sddl'],
      ['smbcacls', 'FOLDER/f', '-S', 'O:WDG:BUD:P(A;;0x1f01ff;;;WD)(A;OICI;FR;;;AU)', '--sddl'],
      ['smbcacls', 'FOLDER/f', '--sddl'],
      ['smbcacls', 'FOLDER/f', '-x'],
    ],
  },
  'access control lists, inherited': {
    smbclient: ['mkdir d', 'mkdir d/e', 'put small d/e/f'],
    after: [
      ['smbcacls', 'FOLDER', '-S', 'REVISION:1,GROUP:S-1-5-32-545,ACL:S-1-1-0:ALLOWED/0x0/FULL', '--numeric'],
      ['smbcacls', 'FOLDER/d', '-S', `${EVERYTHING},ACL:S-1-3-0:ALLOWED/OI|CI|IO/FULL`, '--numeric'],
      ['smbcacls', 'FOLDER/d/e', '-S', EVERYTHING, '--numeric'],
      ['smbcacls', 'FOLDER/d/e/f', '-S', 'REVISION:1,GROUP:S-1-1-0,ACL:S-1-1-0:ALLOWED/0x0/FULL', '--numeric'],
      ['smbclient', 'cd d', 'put small new', 'mkdir newer'],
      ['smbcacls', 'FOLDER/d/new', '--numeric'],
      ['smbcacls', 'FOLDER/d/newer', '--numeric'],
      ['smbcacls', 'FOLDER/d', '-a', 'ACL:S-1-5-11:ALLOWED/OI|CI/READ', '--propagate-inheritance', '--numeric'],
      ['smbcacls', 'FOLDER/d/e/f', '--numeric'],
      ['smbcacls', 'FOLDER/d/e', '-I', 'copy', '--numeric'],
      ['smbcacls', 'FOLDER/d/e', '--numeric'],
      ['smbcacls', 'FOLDER/d/e', '-I', 'allow', '--numeric'],
      ['smbcacls', 'FOLDER/d/e', '-I', 'remove', '--numeric'],
      ['smbcacls', 'FOLDER/d/e', '--numeric'],
      ['smbcacls', 'FOLDER/d', '-D', 'ACL:S-1-5-11:ALLOWED/OI|CI/READ', '--propagate-inheritance', '--numeric'],
      ['smbcacls', 'FOLDER/d/e/f', '--numeric'],
    ],
  },
  'access control lists, enforced': {
    smbclient: ['put small f', 'mkdir d', 'put small d/f'],
    after: [
      ['smbcacls', 'FOLDER/f', '-S', 'REVISION:1,ACL:S-1-1-0:ALLOWED/0x0/READ', '--numeric'],
      ['smbclient', 'get f back', 'put small f', 'allinfo f'],
      ['smbcacls', 'FOLDER/d', '-S', 'REVISION:1,ACL:S-1-1-0:ALLOWED/0x0/READ', '--numeric'],
      ['smbclient', 'ls d/*', 'put small d/g', 'mkdir d/e', 'rename f d/f2'],
      ['smbcacls', 'FOLDER/f', '-S', 'REVISION:1,ACL:S-1-1-0:DENIED/0x0/R,ACL:S-1-1-0:ALLOWED/0x0/FULL', '--numeric'],
      ['smbclient', 'get f back', 'ls'],
    ],
  },
  'security of a file': {
    smbclient: ['put small f'],
    after: [
      ['smbcacls', 'FOLDER/f'],
      ['smbcacls', '--numeric', 'FOLDER/f'],
    ],
  },
  'security added, changed, taken away': {
    smbclient: ['put small f'],
    after: [
      ['smbcacls', '--add', 'ACL:S-1-1-0:ALLOWED/0x0/READ', 'FOLDER/f'],
      ['smbcacls', 'FOLDER/f'],
      ['smbcacls', '--modify', 'ACL:S-1-1-0:ALLOWED/0x0/CHANGE', 'FOLDER/f'],
      ['smbcacls', 'FOLDER/f'],
      ['smbcacls', '--delete', 'ACL:S-1-1-0:ALLOWED/0x0/CHANGE', 'FOLDER/f'],
      ['smbcacls', 'FOLDER/f'],
      ['smbcacls', '--delete', 'ACL:S-1-1-0:ALLOWED/0x0/CHANGE', 'FOLDER/f'],
    ],
  },
  'security set': {
    smbclient: ['put small f'],
    after: [
      ['smbcacls', '--set', 'REVISION:1,ACL:S-1-1-0:ALLOWED/0x0/FULL,ACL:S-1-5-32-546:DENIED/0x0/READ', 'FOLDER/f'],
      ['smbcacls', 'FOLDER/f'],
    ],
  },
  'security inherited': {
    smbclient: ['mkdir d'],
    after: [
      ['smbcacls', '--add', 'ACL:S-1-1-0:ALLOWED/OI|CI/READ', 'FOLDER/d'],
      ['smbclient', 'mkdir d/e; put small d/f'],
      ['smbcacls', 'FOLDER/d'],
      ['smbcacls', 'FOLDER/d/e'],
      ['smbcacls', 'FOLDER/d/f'],
      ['smbcacls', '--inherit', 'remove', 'FOLDER/d/f'],
      ['smbcacls', 'FOLDER/d/f'],
      ['smbcacls', '--inherit', 'allow', 'FOLDER/d/f'],
      ['smbcacls', 'FOLDER/d/f'],
      ['smbcacls', '--inherit', 'copy', 'FOLDER/d/e'],
      ['smbcacls', 'FOLDER/d/e'],
    ],
  },
  'security passed on to what is below': {
    smbclient: ['mkdir d', 'mkdir d/e', 'put small d/e/f'],
    after: [
      ['smbcacls', '--propagate-inheritance', '--add', 'ACL:S-1-1-0:ALLOWED/OI|CI/READ', 'FOLDER/d'],
      ['smbcacls', 'FOLDER/d/e'],
      ['smbcacls', 'FOLDER/d/e/f'],
      ['smbcacls', '--propagate-inheritance', '--delete', 'ACL:S-1-1-0:ALLOWED/OI|CI/READ', 'FOLDER/d'],
      ['smbcacls', 'FOLDER/d/e/f'],
    ],
  },
  ownership: {
    smbclient: ['put small f'],
    after: [
      ['smbcacls', '--chown', 'games', 'FOLDER/f'],
      ['smbcacls', '--chgrp', 'S-1-5-32-545', 'FOLDER/f'],
      ['smbcacls', 'FOLDER/f'],
    ],
  },
  'security refuses': {
    smbclient: ['put small f'],
    after: [
      ['smbcacls', '--set', 'REVISION:1,ACL:games:DENIED/0x0/READ,ACL:S-1-1-0:ALLOWED/0x0/FULL', 'FOLDER/f'],
      ['smbclient', 'get f back'],
      ['smbclient', 'rm f; ls'],
    ],
  },
  'security of what is not there': { after: [['smbcacls', 'FOLDER/nothing']] },
  quotas: {
    apart: [
      [/^(?:Quotas are not|Failed to open|status) .*\n/gm, 'smbd has quotas, but not for this user; we have none'],
    ],
    after: [['smbcquotas'], ['smbcquotas', '-F'], ['smbcquotas', '-L']],
  },
  'share list': { after: [['smbclient', '-L']] },
};

interface Side {
  /** A loopback address on which the server answers on port 445: some tools accept no other port. */
  readonly host: string;
  /** Where its downloads arrive. */
  readonly work: string;
  /** The server's name. */
  readonly name: string;
}

/** Patterns for what differs in each run, or names the host. */
const PASSING: readonly (readonly [what: RegExp, name: string])[] = [
  [/S-1-5-21(?:-\d+){3}/g, 'DOMAIN'],
  [/ ?\((?:average )?(?:[\d.]+|inf|nan) (?:kb|KiloBytes|MiB|KiB|GiB)\/s(?:ec)?\)/g, ''],
  [/\d+ blocks of size \d+\. \d+ blocks available/g, 'SPACE'],
  [/serial number 0x[0-9a-f]+/g, 'serial number N'],
  [/smbmore\.\w+/g, 'smbmore'],
  [/IPC Service.*/g, 'IPC Service'],
  [/NT AUTHORITY|NT Authority/g, 'NT Authority'],
  // smbd numbers its accounts differently, and lacks an operation that the tool tries.
  [/DOMAIN-\d+/g, 'DOMAIN-RID'],
  [/.*DCERPC_NCA_S_OP_RNG_ERROR.*\n/g, ''],
  [/^failed to lookup domain sid: .*\n/gm, ''],
  // Short names are made from a hash that differs between servers.
  [/\b[A-Z0-9_]{6}~\w(?:\.[A-Z0-9]{1,3})?/g, 'SHORT'],
  // Shares that smbd does not have.
  [/^\t(?:local|memory) +Disk *\n/gm, ''],
  [/[ \t]+$/gm, ''],
];

const DATE = /\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?: (?:AM|PM))?(?: \d{4})?(?: UTC)?(?: \d{4})?/g;

function normal({ name, work, host }: Side, { status, stdout, stderr }: Finished): string {
  const year = String(new Date().getUTCFullYear());
  let said = `${stdout}${stderr}`
    .replaceAll(work, 'WORK')
    .replaceAll(name, 'SERVER')
    .replaceAll(host, 'HOST')
    .replaceAll(DATE, (date) => (date.includes(year) ? 'NOW' : date));
  for (const [what, put] of PASSING) said = said.replaceAll(what, put);
  return `${said}status ${status}\n`;
}

async function seed(work: string): Promise<void> {
  await mkdir(join(work, 'tree/below/äöü'), { recursive: true });
  await mkdir(join(work, 'tree/empty'));
  await mkdir(join(work, 'there'));
  const large = new Uint8Array(300_000).map((_, i) => (i * 31 + (i >> 8)) & 255);
  for (const name of ['large', 'tree/below/l']) await writeFile(join(work, name), large);
  await writeFile(join(work, 'medium'), large.subarray(0, 3000));
  for (const name of ['small', 'tree/s', 'tree/below/äöü/s']) await writeFile(join(work, name), 'small\n');
}

/** Everything below the folder, including file contents; archives contain dates. */
async function contents(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || entry.name.endsWith('.tar')) return path.slice(folder.length);
    return `${path.slice(folder.length)} ${sha256(await readFile(path))}`;
  });
  return (await Promise.all(lines)).sort();
}

async function idOf(which: '-u' | '-g'): Promise<number> {
  return Number((await run('id', [which, ACCOUNT.user])).stdout);
}

/** Does the work on one server; returns all output and downloaded files. */
async function perform(t: TestContext, place: Omit<Side, 'work'>, folder: string, work: Work): Promise<string> {
  const side: Side = { ...place, work: await temporaryFolder(t) };
  await seed(side.work);
  const general = ['--configfile=/dev/null', '-U', credentials()];
  const url = `//${side.host}/share`;
  const say = async (program: string, ...args: string[]): Promise<string> =>
    `$ ${program} ${args.at(-1)?.replaceAll(side.host, 'HOST')}\n${normal(side, await run(program, [...general, ...args]))}`;
  const talk = (commands: string): Promise<string> =>
    say('smbclient', url, '-D', folder, '-c', `lcd "${side.work}"; ${commands}`);
  await run('smbclient', [...general, url, '-c', `mkdir ${folder}`]);
  const said: string[] = [];
  if (work.smbclient) said.push(await talk(work.smbclient.join('; ')));
  for (const [program, ...args] of work.after ?? []) {
    const placed = args.map((arg) => arg.replaceAll('FOLDER', folder));
    if (program === 'smbcacls' || program === 'smbcquotas') said.push(await say(program, url, ...placed));
    else if (args[0] === '-L') said.push(await say('smbclient', '-L', `//${side.host}`));
    else said.push(await talk(placed.join('; ')));
  }
  const text = [...said, ...(await contents(side.work))].join('\n').replaceAll(side.work, 'WORK');
  return (work.apart ?? []).reduce((left, [what]) => left.replaceAll(what, ''), text);
}

test('tools of Samba say and do the same with us as with smbd', async (t) => {
  if (!requirePeer(t, 'smbd', 'smbclient')) return;
  const cleanup = inReverse(t);
  const smbd = await startSmbd(cleanup);
  const folder = await temporaryFolder(cleanup);
  // Same owner as smbd's folders, so that the generated descriptors are the same.
  await chown(folder, await idOf('-u'), await idOf('-g'));
  await chmod(folder, 0o2777);
  const mask = process.umask(0);
  cleanup.after(() => void process.umask(mask));
  const backend = localDirectory(folder, { label: 'share' });
  const ours = await serve(cleanup, {
    unixNames: unixNames(),
    shares: {
      share: { backend, comment: 'test share' },
      readonly: memory(),
      guest: memory(),
    },
  });
  const hosts = { smbd: await onPort445(cleanup, smbd.port), ours: await onPort445(cleanup, ours.port) };
  let number = 0;
  for (const [name, work] of Object.entries(WORK)) {
    number++;
    const below = `w${number}`;
    await t.test(name, async (t) => {
      const theirs = await perform(t, { host: hosts.smbd, name: 'PEER' }, below, work);
      const here = await perform(t, { host: hosts.ours, name: 'SOMBRERO' }, below, work);
      assert.equal(here, theirs);
    });
  }
});
