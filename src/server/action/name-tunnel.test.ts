import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortNameOf } from '#wire/fscc/short-name.js';
import { NameTunnel } from './name-tunnel.js';

test('an 8.3 name brings the long name back that has just gone, once and for a while', () => {
  let now = 0;
  const tunnel = new NameTunnel({ now: () => now, after: () => () => {} });
  const short = shortNameOf('A long name.text');
  tunnel.remember('v', 'd/A long name.text');
  assert.equal(tunnel.nameFor('v', 'e', short), short);
  assert.equal(tunnel.nameFor('v', 'd', short.toLowerCase()), 'A long name.text');
  assert.equal(tunnel.nameFor('v', 'd', short), short);
  tunnel.remember('v', 'd/A long name.text');
  now = 15_000;
  assert.equal(tunnel.nameFor('v', 'd', short), short);
});
