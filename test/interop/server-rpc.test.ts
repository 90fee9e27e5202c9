import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { unixNames } from '#fs/index.js';
import { ACCOUNT, credentials, requirePeer, run } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { serve } from './serve.js';

/** Runs rpcclient with one of the ways to protect RPC; returns both output streams. */
async function rpcclient(port: number, command: string, binding = ''): Promise<string> {
  const where = binding === '' ? '127.0.0.1' : `ncacn_np:127.0.0.1[${binding}]`;
  const args = ['--configfile=/dev/null', where, '-p', String(port), '-U', credentials(), '-c', command];
  const { stdout, stderr } = await run('rpcclient', args);
  return stdout + stderr;
}

/** Removes what differs between machines; Samba also spells some names differently than Windows. */
function comparable(text: string): string {
  return text
    .replace(/\b(?:PEER|SOMBRERO)\b/g, 'MACHINE')
    .replace(/S-1-5-21-\d+-\d+-\d+(?:-(?:\d{4,}))?/g, 'SID')
    .replace(/rid:\[0x[0-9a-f]{3,}\]/g, 'rid')
    .toLowerCase();
}

/** Commands with the same output on both servers. */
const SAME: readonly string[] = [
  'netsharegetinfo nobody-has-this 1005',
  'netsharegetinfo share 1005',
  'netsharesetinfo share comment',
  'netsessenum',
  'netconnenum share',
  'netfileenum',
  'netremotetod',
  'netdiskenum',
  'netnamevalidate share 9',
  'lsaquery',
  'lsaquery 5',
  'lookupnames root Everyone Administrators nobody-here BUILTIN None "Authenticated Users"',
  `lookupnames ${ACCOUNT.user}`,
  'lookupnames_level 1 Everyone',
  'lookupnames4 root',
  'lookupsids S-1-1-0 S-1-5-18 S-1-5-32 S-1-5-32-544 S-1-22-1-0 S-1-22-2-0 S-1-5-21-1-2-3-500 S-1-3-0 S-1-5-11',
  'lookupsids_level 1 S-1-1-0',
  'lookupsids3 S-1-1-0',
  'enumtrust',
  'getdispname SeBackupPrivilege',
  'getusername',
  'enumdomains',
  'lookupdomain BUILTIN',
  'lookupdomain nobody-has-this',
  'samlookupnames builtin Administrators',
  'samlookupnames domain None',
  'samlookuprids builtin 544 545',
  'queryaliasmem builtin 999',
  'queryuser 4711',
  'createdomuser somebody',
  'deletedomuser nobody-here',
  'wkssvc_wkstagetinfo',
  'dsroledominfo',
];

/** For a missing share, smbd returns a different error than Windows. */
const APART = /^result was WERR_(?:INVALID_NAME|NERR_NETNAMENOTFOUND)$/gim;

test('rpcclient hears from us what it hears from smbd', async (t) => {
  if (!requirePeer(t, 'smbclient', 'smbd')) return;
  const ours = await serve(t, { shares: {}, unixNames: unixNames() });
  ours.server.shares.set('share', ours.server.shares.get('memory')?.options ?? assert.fail());
  const theirs = await startSmbd(t);
  for (const command of SAME) {
    const [mine, its] = [await rpcclient(ours.port, command), await rpcclient(theirs.port, command)];
    assert.equal(comparable(mine).replace(APART, ''), comparable(its).replace(APART, ''), command);
  }
});

test('rpcclient reads shares, accounts and the rest, however it protects what it says', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const many = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`user${i}`, { password: 'x' }]));
  const users = { ...many, [ACCOUNT.user]: { password: ACCOUNT.password } };
  const { port } = await serve(t, { users, administrators: [ACCOUNT.user] });
  const bindings = ['', 'sign', 'seal', 'connect', 'packet', 'ntlm,seal', 'spnego,sign', 'bigendian', 'bigendian,seal'];
  for (const binding of bindings) {
    const users = await rpcclient(port, 'enumdomusers', binding);
    assert.equal(users.match(/^user:\[/gm)?.length, 902, `${binding}: ${users.slice(0, 300)}`);
    assert.match(await rpcclient(port, 'getusername', binding), /Account Name: games, Authority Name: SOMBRERO/);
  }
  assert.match(await rpcclient(port, 'srvinfo'), /SOMBRERO +Wk Sv NT SNT/);
  assert.match(await rpcclient(port, 'netshareenumall'), /netname: local.*netname: memory.*netname: IPC\$/s);
  assert.match(await rpcclient(port, 'netsharegetinfo local 502'), /netname: local.*num_uses:\t0/s);
  assert.match(await rpcclient(port, 'queryuser games'), /User Name +:\tgames.*acb_info :\t0x00000010/s);
  assert.match(await rpcclient(port, 'querydominfo'), /Domain:\t\tSOMBRERO.*Total Users:\t902/s);
  assert.match(await rpcclient(port, 'querygroup 513'), /Group Name:\tNone.*Num Members:902/s);
  assert.match(await rpcclient(port, 'enumalsgroups builtin'), /\[Administrators\] rid:\[0x220\]/);
  assert.match(await rpcclient(port, 'wkssvc_getjoininformation'), /WORKGROUP \(2\)/);
  assert.match(await rpcclient(port, 'netsessenum'), /Received 1 entries/);
});

/** What an administrator sees of their own use, level by level. */
const USAGE = `
import sys
from impacket.dcerpc.v5 import transport, srvs
port, user, password = sys.argv[1:4]
t = transport.SMBTransport('127.0.0.1', int(port), r'\\srvsvc', user, password)
d = t.get_dce_rpc()
d.connect()
d.bind(srvs.MSRPC_UUID_SRVS)
s = srvs.hNetrSessionEnum(d, NULL_OR_EMPTY, NULL_OR_EMPTY, 502)['InfoStruct']['SessionInfo']['Level502']['Buffer'][0]
print('session', s['sesi502_cname'], s['sesi502_username'], s['sesi502_num_opens'])
c = srvs.hNetrConnectionEnum(d, 'IPC$\\x00', 1)['InfoStruct']['ConnectInfo']['Level1']['Buffer'][0]
print('connection', c['coni1_username'], c['coni1_netname'], c['coni1_num_opens'])
f = srvs.hNetrFileEnum(d, NULL_OR_EMPTY, NULL_OR_EMPTY, 3)['InfoStruct']['FileInfo']['Level3']['Buffer'][0]
print('file', f['fi3_path_name'], f['fi3_username'], f['fi3_permissions'])
`.replaceAll('NULL_OR_EMPTY', "'\\x00'");

test('impacket shows an administrator sessions, connections and open files', async (t) => {
  if (!requirePeer(t, 'impacket')) return;
  const { port } = await serve(t, { administrators: [ACCOUNT.user] });
  const { stdout, stderr } = await run('/usr/bin/python3', ['-c', USAGE, String(port), ACCOUNT.user, ACCOUNT.password]);
  const plain = stdout.replaceAll('\0', '');
  assert.match(plain, /session 127\.0\.0\.1 games 1\n/, stderr);
  assert.match(plain, /connection games 127\.0\.0\.1 1\n/, stderr);
  assert.match(plain, /file \\PIPE\\srvsvc games 3\n/, stderr);
});

test('smbclient and net list the shares, an anonymous one sees those of guests', async (t) => {
  if (!requirePeer(t, 'smbclient')) return;
  const { port, server } = await serve(t, { anonymous: true });
  server.shares.set('open', { ...(server.shares.get('memory')?.options ?? assert.fail()), guests: 'read' });
  const args = ['--configfile=/dev/null', '-L', '127.0.0.1', '-p', String(port)];
  const known = await run('smbclient', [...args, '-U', credentials()]);
  assert.match(known.stdout, /local +Disk.*memory +Disk.*open +Disk.*IPC\$ +IPC/s);
  const stranger = await run('smbclient', [...args, '-N']);
  assert.match(stranger.stdout, /open +Disk.*IPC\$ +IPC/s);
  assert.doesNotMatch(stranger.stdout, /local|memory/);
  const info = await run('net', ['rpc', 'info', '-S', '127.0.0.1', '-p', String(port), '-U', credentials()]);
  assert.match(info.stdout, /Domain Name: SOMBRERO.*Num users: 2/s);
});

/** impacket's examples only allow ports 139 and 445. */
const ANY_PORT = `
import argparse, runpy, sys
add = argparse._ActionsContainer.add_argument
def any_choice(self, *args, **named):
    named.pop('choices', None)
    return add(self, *args, **named)
argparse._ActionsContainer.add_argument = any_choice
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name='__main__')
`;
const EXAMPLES = '/usr/share/doc/python3-impacket/examples';

test("impacket's samrdump and machine_role read accounts and role", async (t) => {
  if (!requirePeer(t, 'impacket')) return;
  if (!existsSync(`${EXAMPLES}/samrdump.py`)) return t.skip('needs the examples of python3-impacket');
  const { port } = await serve(t);
  const example = (name: string): ReturnType<typeof run> => {
    const target = `${ACCOUNT.user}:${ACCOUNT.password}@127.0.0.1`;
    return run('/usr/bin/python3', ['-c', ANY_PORT, `${EXAMPLES}/${name}`, '-port', String(port), target]);
  };
  const dump = await example('samrdump.py');
  assert.match(dump.stdout, /SOMBRERO.*Builtin.*Found user: games, uid = \d+.*Received 2 entries/s, dump.stderr);
  const role = await example('machine_role.py');
  assert.match(role.stdout, /Standalone Server/, role.stderr);
});
