import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandClock } from '#testing/hand-clock.js';
import { Smb2Peer, turn } from '#testing/smb2-peer.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { createServer } from './server.js';

test('who guesses passwords waits for each answer after the first few', async () => {
  const clock = new HandClock();
  const server = createServer({ users: { ann: { password: 'secret' } }, limits: { refusedLogons: 2 }, clock });
  const peer = new Smb2Peer(server);
  peer.negotiate();
  for (let guess = 0; guess < 2; guess++) {
    await peer.logOn({ password: 'wrong' });
    assert.equal(peer.status, NtStatus.LogonFailure);
  }
  const answers = (): number => peer.replies.filter(({ header }) => header.status === NtStatus.LogonFailure).length;
  for (const told of [2, 3]) {
    const guess = peer.logOn({ password: 'wrong' });
    for (let turns = 0; turns < 5; turns++) await turn();
    await clock.wind(999);
    assert.equal(answers(), told);
    await clock.wind(1);
    await guess;
    assert.equal(answers(), told + 1);
  }
  assert.equal(peer.ended, false);
  await peer.logOn();
  assert.equal(peer.status, NtStatus.Success);
});
