import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { memory } from '#fs/index.js';
import type { ShareOptions } from '#server/index.js';
import { ACCOUNT, inReverse, requirePeer } from '#testing/peers.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { type Served, serve, succeed } from './serve.js';
import { Talk } from './talk.js';

/** Evaluates each line of its input and answers with `ok` and the value, or with the NT status. */
const SCRIPT = `
import sys
from impacket.smbconnection import SMBConnection, SessionError
port, dialect, user, password = sys.argv[1:5]
c = SMBConnection('127.0.0.1', '127.0.0.1', sess_port=int(port), preferredDialect=int(dialect, 16))
c.login(user, password)
print('dialect %x' % c.getDialect())
for line in sys.stdin:
    try:
        print('ok', eval(line))
    except SessionError as e:
        print('status %08x' % e.getErrorCode())
    except Exception as e:
        print('error', repr(e))
`;

class Impacket {
  readonly #talk: Talk;
  #answers = 0;

  constructor(t: TestContext, { port }: Served, dialect: string) {
    const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
    const args = ['-c', SCRIPT, String(port), dialect, ACCOUNT.user, ACCOUNT.password];
    this.#talk = new Talk(inReverse(t), python, args);
  }

  hears(pattern: RegExp): Promise<unknown> {
    return this.#talk.hears(pattern);
  }

  /** Evaluates an expression on the connection `c`; returns the answer. */
  async ask(expression: string): Promise<string> {
    this.#talk.say(expression);
    const before = this.#answers++;
    const found = await this.#talk.hears(
      new RegExp(`(?:^(?:ok|status|error) [^\\n]*\\n[^]*?){${before}}^((?:ok|status|error) [^\\n]*)\\n`, 'm'),
    );
    return found[1] as string;
  }
}

const DIALECTS = { '2.0.2': '0x0202', '2.1': '0x0210', '3.0': '0x0300' };
const DENIED = `status ${NtStatus.AccessDenied.toString(16).padStart(8, '0')}`;

for (const [name, dialect] of Object.entries(DIALECTS)) {
  test(`impacket ${name}: a right, then a share is taken away between open and read`, async (t) => {
    if (!requirePeer(t, 'impacket', 'smbclient')) return;
    const backend = memory();
    const open: ShareOptions = { backend, users: { [ACCOUNT.user]: 'write' } };
    const served = await serve(t, { shares: { docs: open } });
    await writeFile(join(served.work, 'file'), 'content');
    await succeed(served, 'docs', '-c', `lcd "${served.work}"; put file`);
    const peer = new Impacket(t, served, dialect);
    await peer.hears(new RegExp(`^dialect ${Number(dialect).toString(16)}$`, 'm'));
    const { shares } = served.server;

    assert.equal(await peer.ask("globals().__setitem__('t', c.connectTree('docs'))"), 'ok None');
    assert.match(await peer.ask("globals().__setitem__('f', c.openFile(t, 'file'))"), /^ok/);
    assert.equal(await peer.ask('c.readFile(t, f, 0, 7)'), "ok b'content'");
    shares.set('docs', { backend, users: {} });
    assert.equal(await peer.ask('c.readFile(t, f, 0, 7)'), DENIED);
    assert.equal(await peer.ask("c.writeFile(t, f, b'other', 0)"), DENIED);
    assert.equal(await peer.ask("c.openFile(t, 'file')"), DENIED);
    // Only reading is left.
    shares.set('docs', { backend, users: { [ACCOUNT.user]: 'read' } });
    assert.equal(await peer.ask('c.readFile(t, f, 0, 7)'), "ok b'content'");
    assert.equal(await peer.ask("c.writeFile(t, f, b'other', 0)"), DENIED);
    // Other shares are not affected.
    shares.set('docs', { backend, users: {} });
    assert.match(await peer.ask("globals().__setitem__('l', c.connectTree('local'))"), /^ok/);
    assert.match(await peer.ask("globals().__setitem__('g', c.createFile(l, 'new'))"), /^ok/);
    assert.equal(await peer.ask("c.writeFile(l, g, b'written', 0)"), 'ok 7');
    assert.equal(await peer.ask('c.readFile(l, g, 0, 7)'), "ok b'written'");
    assert.equal(await peer.ask('c.closeFile(l, g)'), 'ok True');
    shares.set('docs', open);
    assert.equal(await peer.ask('c.readFile(t, f, 0, 7)'), "ok b'content'");
    assert.equal(await peer.ask('c.closeFile(t, f)'), 'ok True');

    // The share itself is removed while a file on it is open.
    assert.match(await peer.ask("globals().__setitem__('g', c.openFile(l, 'new'))"), /^ok/);
    shares.delete('local');
    assert.equal(await peer.ask('c.readFile(l, g, 0, 7)'), `status ${NtStatus.NetworkNameDeleted.toString(16)}`);
    assert.match(await peer.ask("[s['shi1_netname'] for s in c.listShares()]"), /^ok \['memory.*IPC\$/);
  });
}
