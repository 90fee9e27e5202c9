import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type ConnectOptions, connect, errnoCode, hintFor, type Share, SmbError, StatusError } from '#client/index.js';
import { freePort, requirePeer, run } from '#testing/peers.js';
import { type Smbd, startSmbd } from '#testing/smbd.js';

/** The error for a known situation. */
interface Said {
  readonly code: string;
  readonly errno: string;
  readonly command?: string;
  readonly path?: string;
  readonly hint: RegExp;
}

async function says(work: Promise<unknown>, { code, errno, command, path, hint }: Said): Promise<void> {
  const error: unknown = await work.then(
    () => assert.fail('nothing went wrong'),
    (reason) => reason,
  );
  assert.ok(error instanceof SmbError, String(error));
  assert.equal(error.code, code, error.message);
  assert.equal(errnoCode(error), errno, error.message);
  assert.match(hintFor(error) ?? '', hint, error.message);
  assert.match(error.message, hint);
  if (command !== undefined) assert.equal((error as StatusError).command, command);
  if (path !== undefined) assert.equal((error as StatusError).path, path);
  assert.ok(!error.message.includes('Passw0rd'), error.message);
}

const visit = async (
  t: TestContext,
  { port, user = 'games', password = 'Passw0rd!' }: { port: number; user?: string; password?: string },
  options: ConnectOptions = {},
  name = 'share',
): Promise<Share> => {
  const share = await connect(`smb://127.0.0.1:${port}/${name}`, { user, password, timeoutMs: 5000, ...options });
  t.after(() => share.close());
  return share;
};

/** Something that is not an SMB server listens on a port. */
async function stranger(
  t: TestContext,
  server: Server,
  greet: (socket: Socket) => void = () => undefined,
): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    greet(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as { port: number }).port;
}

test('whoever is there is no SMB server', async (t) => {
  const web = await stranger(t, createHttpServer());
  const http = { code: 'SMB_PEER_SPEAKS_HTTP', errno: 'EPROTO', hint: /this port answers HTTP/ };
  await says(visit(t, { port: web }), http);
  const other = { code: 'SMB_BAD_FRAME', errno: 'EPROTO', hint: /something else than SMB/ };
  const ssh = await stranger(t, createServer(), (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
  await says(visit(t, { port: ssh }), other);
  await assert.rejects(visit(t, { port: ssh }), /speaks SSH/);
  const tls = await stranger(t, createServer(), (socket) => socket.end(Buffer.from('15030100020246', 'hex')));
  await assert.rejects(visit(t, { port: tls }), /speaks TLS/);
  const silent = await stranger(t, createServer());
  await says(visit(t, { port: silent }, { timeoutMs: 200 }), {
    code: 'ETIMEDOUT',
    errno: 'ETIMEDOUT',
    hint: /does not answer in SMB/,
  });
  const shut = await stranger(t, createServer(), (socket) => socket.end());
  await says(visit(t, { port: shut }), { code: 'SMB_CONNECTION_LOST', errno: 'ECONNRESET', hint: /only SMB1/ });
  const nonsense = await stranger(t, createServer(), (socket) =>
    socket.write(Buffer.alloc(68).fill(0, 0, 3).fill(64, 3, 4)),
  );
  await says(visit(t, { port: nonsense }), { code: 'SMB_MALFORMED', errno: 'EPROTO', hint: /no SMB message/ });
});

test('nobody is there', async (t) => {
  const port = await freePort();
  await says(visit(t, { port }), { code: 'ECONNREFUSED', errno: 'ECONNREFUSED', hint: /nothing listens there/ });
  const nowhere = connect('smb://u:p@host.invalid/share', { timeoutMs: 20_000 });
  await assert.rejects(nowhere, (error) => /resolve/.test(hintFor(error) ?? ''));
});

test('the server has only SMB1, or too old dialects', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smb1 = await startSmbd(t, { mode: 'smb1only' });
  await assert.rejects(visit(t, smb1), (error) => /only SMB1/.test(hintFor(error) ?? ''));
  const old = await startSmbd(t, { global: ['server max protocol = SMB2_10'] });
  await says(visit(t, old, { dialects: { min: '3.0' } }), {
    code: 'STATUS_NOT_SUPPORTED',
    errno: 'ENOTSUP',
    command: 'NEGOTIATE',
    hint: /none of the dialects/,
  });
  await says(visit(t, old, { encryption: 'required' }), {
    code: 'STATUS_ACCESS_DENIED',
    errno: 'EACCES',
    command: 'NEGOTIATE',
    hint: /encryption is required here/,
  });
});

test('logons that are refused say why', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, { mode: 'guest' });
  const refused = { code: 'STATUS_LOGON_FAILURE', errno: 'EACCES', command: 'SESSION_SETUP' };
  await says(visit(t, { ...smbd, password: 'wrong' }), { ...refused, hint: /wrong user or password/ });
  await says(visit(t, { ...smbd, user: 'stranger' }), { ...refused, hint: /as a guest only/ });
  await says(visit(t, smbd, { guest: true, user: 'stranger', encryption: 'required' }), {
    code: 'STATUS_ACCESS_DENIED',
    errno: 'EACCES',
    hint: /no key/,
  });
  await run('smbpasswd', ['-c', join(smbd.share, '../smb.conf'), '-L', '-d', smbd.user]);
  await says(visit(t, smbd), {
    code: 'STATUS_ACCOUNT_DISABLED',
    errno: 'EACCES',
    command: 'SESSION_SETUP',
    hint: /disabled/,
  });
  const without = await startSmbd(t, { global: ['ntlm auth = disabled'] });
  await says(visit(t, without), { code: 'STATUS_NTLM_BLOCKED', errno: 'EACCES', hint: /NTLM is disabled/ });
});

test('protection that one side demands and the other turned down', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const denied = { code: 'STATUS_ACCESS_DENIED', errno: 'EACCES' };
  const signs = await startSmbd(t, { mode: 'sign' });
  await says(visit(t, signs, { signing: 'off' }), { ...denied, hint: /the server requires signing/ });
  const seals = await startSmbd(t, { mode: 'encrypt' });
  await says(visit(t, seals, { encryption: 'off' }), {
    ...denied,
    hint: /the server demands encryption|requires encryption/,
  });
  const share = await startSmbd(t, { share: ['smb encrypt = required'] });
  await says(visit(t, share, { encryption: 'off' }), { ...denied, hint: /encryption/ });
  await says(visit(t, share, { dialects: { max: '2.1' } }), {
    ...denied,
    command: 'TREE_CONNECT',
    hint: /requires encryption, which is 'off' here or not known to SMB 2.1/,
  });
});

test('shares that are not there, or deny themselves', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd = await startSmbd(t, {
    mode: 'guest',
    shares: { denied: { smbd: ['valid users = root'] }, users: { smbd: ['guest ok = no'] } },
  });
  await says(visit(t, smbd, {}, 'nothing'), {
    code: 'STATUS_BAD_NETWORK_NAME',
    errno: 'ENOENT',
    command: 'TREE_CONNECT',
    path: '\\\\127.0.0.1\\nothing',
    hint: /no share of that name/,
  });
  const denied = { code: 'STATUS_ACCESS_DENIED', errno: 'EACCES', command: 'TREE_CONNECT' };
  await says(visit(t, smbd, {}, 'denied'), { ...denied, hint: /no rights to this share\b/ });
  const guest = { guest: true, user: 'stranger' };
  await says(visit(t, smbd, guest, 'users'), { ...denied, hint: /guests may not use this share/ });
});

test('files that are not as they were thought to be', async (t) => {
  if (!requirePeer(t, 'smbd')) return;
  const smbd: Smbd = await startSmbd(t);
  const share = await visit(t, smbd);
  const readonly = await visit(t, smbd, {}, 'readonly');
  await share.mkdir('d/e', { recursive: true });
  await share.writeFile('f', 'x');
  const open = await share.open('f', { share: [] });
  const cases: readonly (readonly [work: () => Promise<unknown>, errno: string, path?: string])[] = [
    [() => share.readFile('nothing'), 'ENOENT', 'nothing'],
    [() => share.readFile('no/where'), 'ENOENT'],
    [() => share.mkdir('d'), 'EEXIST', 'd'],
    [() => share.rmdir('d'), 'ENOTEMPTY', 'd'],
    [() => share.rmdir('f'), 'ENOTDIR', 'f'],
    [() => share.readFile('d'), 'EISDIR', 'd'],
    [() => share.readFile('f'), 'EBUSY', 'f'],
    [() => share.writeFile('a:b:c:d', 'x'), 'EINVAL'],
    [() => readonly.mkdir('x'), 'EACCES', 'x'],
  ];
  for (const [work, errno, path] of cases) {
    const error: unknown = await work().then(
      () => assert.fail(errno),
      (reason) => reason,
    );
    assert.ok(error instanceof StatusError, String(error));
    assert.equal(errnoCode(error), errno, error.message);
    assert.match(error.code, /^STATUS_/);
    assert.ok(error.command !== undefined, error.message);
    if (path !== undefined) assert.equal(error.path, path);
  }
  await open.close();
});
