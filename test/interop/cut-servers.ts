import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ConnectOptions } from '#client/index.js';
import { ACCOUNT, requirePeer } from '#testing/peers.js';
import { startSmbd } from '#testing/smbd.js';
import { CUTS, DURABLE } from './cut-content.js';
import { Cutter } from './cutter.js';
import { serve } from './serve.js';

/** A server whose connections are cut. */
export interface CutPlace {
  readonly port: number;
  readonly folder: string;
  readonly share: string;
  readonly cuts: number;
}

/** Connects to it through a cutter. */
export async function throughCutter(
  t: TestContext,
  { port, cuts, share }: CutPlace,
  { every, seed }: { readonly every: number; readonly seed: number },
): Promise<{ cutter: Cutter; url: string; settings: ConnectOptions }> {
  const cutter = await new Cutter({ port, cuts, every, seed }).start(t);
  const settings = {
    user: ACCOUNT.user,
    password: ACCOUNT.password,
    timeoutMs: 10_000,
    reconnect: { timeoutMs: 20_000, initialDelayMs: 5, maxDelayMs: 200 },
  };
  return { cutter, url: `smb://127.0.0.1:${cutter.port}/${share}`, settings };
}

/** Tests our server, which must hold nothing at the end, and smbd with and without durable handles. */
export function atCutServers(what: string, work: (t: TestContext, place: CutPlace) => Promise<void>): void {
  test(`${what}: our server`, async (t) => {
    const { port, folder, server } = await serve(t);
    await work(t, { port, folder, share: 'local', cuts: 2 * CUTS });
    const { sessions, opens, disconnectedOpens, watches } = await server.status();
    assert.deepEqual([sessions, opens, disconnectedOpens, watches], [0, 0, 0, 0]);
  });
  for (const [name, share] of [
    ['smbd', DURABLE],
    ['smbd without durable handles', ['durable handles = no']],
  ] as const) {
    test(`${what}: ${name}`, async (t) => {
      if (!requirePeer(t, 'smbd')) return;
      const { port, share: folder } = await startSmbd(t, { share });
      await work(t, { port, folder, share: 'share', cuts: CUTS });
    });
  }
}
