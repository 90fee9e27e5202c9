import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '#auth/mechanism.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import { Transcript } from '#engine/smb2/session-keys.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import type { Wire } from '#wire/io/layout.js';
import { OplockBreakResponse } from '#wire/smb2/command/oplock-break.js';
import { Command } from '#wire/smb2/header.js';
import { defaultLimits } from '../limits.js';
import { Session } from '../state/session.js';
import { type Channel, type ChannelConnection, Smb2Session } from './session.js';

const ann: Identity = {
  account: 'ann',
  domain: '',
  kind: 'user',
  sessionKey: new Uint8Array(16),
  workstation: 'desk',
};

class Line implements ChannelConnection {
  readonly channels = new Map<bigint, Channel>();
  readonly sent: { command: number; sessionId: bigint; sealing: SessionSecurity | undefined }[] = [];
  open = true;
  cancelSession(): void {}

  notify(command: number, _body: Wire, sessionId: bigint, sealing: SessionSecurity | undefined): boolean {
    if (this.open) this.sent.push({ command, sessionId, sealing });
    return this.open;
  }
}

function session(identity: Identity = ann): Smb2Session {
  const made = new Smb2Session(7n, { dialect: 0x0311, signingAlgorithm: 1, cipher: 0 });
  made.session = new Session('7', identity, defaultLimits);
  return made;
}

test('a break goes over the newest channel that is alive', () => {
  const made = session();
  const [one, two, three] = [new Line(), new Line(), new Line()];
  for (const line of [one, two]) made.join(line, new Transcript()).established = true;
  made.join(three, new Transcript());
  assert.equal(made.notify(new OplockBreakResponse()), true);
  assert.deepEqual(two.sent, [{ command: Command.OplockBreak, sessionId: 7n, sealing: undefined }]);
  two.open = false;
  assert.equal(made.notify(new OplockBreakResponse(), { anonymous: true }), true);
  assert.equal(one.sent[0]?.sessionId, 0n);
  made.leave(one.channels.get(7n) as Channel);
  assert.equal(made.notify(new OplockBreakResponse()), false);
  assert.equal(three.sent.length, 0);
});

test('an expired session only lets go of what it has', () => {
  const clock = { now: () => 1000, after: () => () => undefined };
  const status = (made: Smb2Session, command: number): number => {
    try {
      made.requireUsable(command, clock);
      return NtStatus.Success;
    } catch (error) {
      return error instanceof StatusError ? error.status : -1;
    }
  };
  const expired = session({ ...ann, expiresAt: 1000 });
  for (const command of [Command.Close, Command.Lock, Command.Logoff, Command.Echo]) {
    assert.equal(status(expired, command), NtStatus.Success);
  }
  for (const command of [Command.Create, Command.Read, Command.TreeConnect, Command.Ioctl]) {
    assert.equal(status(expired, command), NtStatus.NetworkSessionExpired);
    assert.equal(status(session({ ...ann, expiresAt: 1001 }), command), NtStatus.Success);
    assert.equal(status(session(), command), NtStatus.Success);
  }
});
