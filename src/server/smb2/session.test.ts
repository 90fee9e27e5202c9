import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identity } from '#auth/mechanism.js';
import type { SessionSecurity } from '#engine/smb2/security.js';
import type { Unsolicited } from '#engine/smb2/server-sender.js';
import { Transcript } from '#engine/smb2/session-keys.js';
import { StatusError } from '#wire/erref/errors.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { OplockBreakResponse } from '#wire/smb2/command/oplock-break.js';
import { Command } from '#wire/smb2/header.js';
import { defaultLimits } from '../limits.js';
import { Session } from '../state/session.js';
import { ClientChannels } from './client-channels.js';
import { type Channel, type ChannelConnection, Smb2Session } from './session.js';

const ann: Identity = {
  account: 'ann',
  domain: '',
  kind: 'user',
  sessionKey: new Uint8Array(16),
  workstation: 'desk',
};

class Line implements ChannelConnection {
  readonly clientGuid: string = 'desk';
  readonly channels = new Map<bigint, Channel>();
  readonly sent: { command: number; sessionId: bigint; sealing: SessionSecurity | undefined }[] = [];
  open = true;
  cancelSession(): void {}

  lost: () => void = () => undefined;

  notify(message: Unsolicited, sealing: SessionSecurity | undefined, lost: () => void): boolean {
    const { command, sessionId } = message;
    this.lost = lost;
    if (this.open) this.sent.push({ command, sessionId, sealing });
    return this.open;
  }
}

function session(identity: Identity = ann, clients: ClientChannels = new ClientChannels()): Smb2Session {
  const made = new Smb2Session(7n, { dialect: 0x0311, signingAlgorithm: 1, cipher: 0 }, clients);
  made.session = new Session('7', identity, defaultLimits);
  return made;
}

test('a break goes over the oldest channel that is alive', () => {
  const made = session();
  const [two, one, three] = [new Line(), new Line(), new Line()];
  for (const line of [two, one]) made.join(line, new Transcript()).established = true;
  made.join(three, new Transcript());
  assert.equal(made.notify(new OplockBreakResponse()), true);
  assert.deepEqual(two.sent, [{ command: Command.OplockBreak, sessionId: 7n, sealing: undefined }]);
  // If a channel turns out to be dead, another one is used.
  two.lost();
  assert.equal(one.sent.length, 1);
  one.lost();
  assert.deepEqual([one.sent.length, two.sent.length], [1, 1]);
  two.open = false;
  assert.equal(made.notify(new OplockBreakResponse(), { anonymous: true }), true);
  assert.equal(one.sent[1]?.sessionId, 0n);
  made.leave(one.channels.get(7n) as Channel);
  assert.equal(made.notify(new OplockBreakResponse()), false);
  assert.equal(three.sent.length, 0);
});

test('a break of a lease goes over the oldest connection of the client, as long as it is the same user', () => {
  const clients = new ClientChannels();
  const [older, strange] = [session(ann, clients), session({ ...ann, account: 'bob' }, clients)];
  const own = session(ann, clients);
  const lines = [strange, older, own].map((made) => {
    const line = new Line();
    made.join(line, new Transcript()).established = true;
    return line;
  });
  assert.equal(own.notify(new OplockBreakResponse(), { anonymous: true }), true);
  assert.deepEqual(
    lines.map(({ sent }) => sent.length),
    [0, 1, 0],
  );
  lines[1]?.lost();
  assert.equal(lines[2]?.sent.length, 1);
  assert.equal(own.notify(new OplockBreakResponse()), true);
  assert.equal(lines[2]?.sent.length, 2);
  older.leave(lines[1]?.channels.get(7n) as Channel);
  assert.equal(own.notify(new OplockBreakResponse(), { anonymous: true }), true);
  assert.deepEqual(
    lines.map(({ sent }) => sent.length),
    [0, 1, 3],
  );
  own.leave(lines[2]?.channels.get(7n) as Channel);
  assert.equal(own.notify(new OplockBreakResponse(), { anonymous: true }), false);
  strange.leave(lines[0]?.channels.get(7n) as Channel);
  assert.deepEqual([...clients.of(lines[0]?.clientGuid ?? '')], []);
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
