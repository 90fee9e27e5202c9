import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connect, type File, type FileLock, type Share } from '#client/index.js';
import { createOf } from '#testing/durable-bench.js';
import type { Cleanup } from '#testing/peers.js';
import { NtStatus } from '#wire/erref/nt-status.js';
import { CloseRequest } from '#wire/smb2/command/close.js';
import type { CreateResponse } from '#wire/smb2/command/create.js';
import { LockElement, LockFlags, LockRequest } from '#wire/smb2/command/lock.js';
import { Command } from '#wire/smb2/header.js';
import { assertHolds, BLOCK, type Chance, chanceOf, NONE, named, type Peer, pattern } from './kill-writers.js';

const RANGES = 8;
const LENGTH = 10;
const { Success, LockNotGranted, FileNotAvailable } = NtStatus;

const offsetOf = (range: number): bigint => BigInt(range) << 40n;

/**
 * Writes, locks, closes and opens with our client while the server is killed now and then. None of its calls may fail.
 */
export class LastingWriter {
  readonly name: string;
  blocks = 0;
  locks = 0;
  opens = 0;
  readonly #seed: number;
  readonly #chance: Chance;
  readonly #held = new Map<number, FileLock>();
  #file: File | undefined;
  #pausing = false;
  #idle = false;
  #ended = false;
  #running: Promise<void> = Promise.resolve();

  constructor(name: string, seed: number) {
    this.name = name;
    this.#seed = seed;
    this.#chance = chanceOf(seed);
  }

  /** Once it is connected, no call may fail. */
  async start(port: number, cleanup: Cleanup): Promise<void> {
    const share = await connect(`smb://ann:secret@127.0.0.1:${port}/docs`, {
      timeoutMs: 20_000,
      reconnect: { timeoutMs: 60_000, initialDelayMs: 10, maxDelayMs: 200 },
    });
    this.#running = this.#run(share);
    // Errors are passed on when it is paused or ended.
    this.#running.catch(() => undefined);
    cleanup.after(() => {
      this.#ended = true;
    });
  }

  async #run(share: Share): Promise<void> {
    while (!this.#ended) {
      this.#idle = this.#pausing;
      if (this.#idle) await setTimeout(1);
      else await this.#step(share);
    }
    await this.#close();
    await share.close();
  }

  async #step(share: Share): Promise<void> {
    const what = this.#chance();
    if (this.#file === undefined) {
      this.#file = await share.open(this.name, { access: 'read-write', create: 'if-missing' });
      this.opens++;
    } else if (what < 0.04) await this.#close();
    else if (what < 0.3) await this.#lock(this.#file);
    else {
      await this.#file.write(pattern(this.#seed, this.blocks), this.blocks * BLOCK);
      this.blocks++;
    }
  }

  async #lock(file: File): Promise<void> {
    const range = 1 + Math.floor(this.#chance() * RANGES);
    const held = this.#held.get(range);
    if (held) {
      await held.release();
      this.#held.delete(range);
    } else {
      const lock = await file.lock({ offset: offsetOf(range), length: LENGTH });
      this.#held.set(range, lock);
    }
    this.locks++;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#held.clear();
    await file?.close();
  }

  /** Waits until its current call is done: then it has recovered from the last kill. */
  async pause(): Promise<void> {
    this.#pausing = true;
    const idle = async (): Promise<void> => {
      while (!this.#idle) await setTimeout(1);
    };
    await Promise.race([idle(), this.#running]);
  }

  resume(): void {
    this.#pausing = this.#idle = false;
  }

  async end(): Promise<void> {
    this.#pausing = false;
    this.#ended = true;
    await this.#running;
  }

  /** While it pauses: its locks are held, other ranges are free, and acknowledged data is on the disk. */
  async assertKept(stranger: Peer, folder: string): Promise<void> {
    if (this.blocks > 0) await assertHolds(join(folder, this.name), this.#seed, this.blocks);
    if (this.#file === undefined) return;
    const status = await opened(stranger, this.name);
    assert.equal(named(status), named(Success), `${this.name} is open to others`);
    const { fileId } = stranger.peer.last.body as CreateResponse;
    for (let range = 1; range <= RANGES; range++) {
      const ask = (flags: number): Promise<number | undefined> => {
        const locks = [Object.assign(new LockElement(), { offset: offsetOf(range), length: 10n, flags })];
        return stranger.get(Command.Lock, Object.assign(new LockRequest(), { fileId, locks }));
      };
      const wanted = this.#held.has(range) ? LockNotGranted : Success;
      const got = await ask(LockFlags.ExclusiveLock | LockFlags.FailImmediately);
      assert.equal(named(got), named(wanted), `${this.name}: lock ${range}`);
      if (got === Success) await ask(LockFlags.Unlock);
    }
    await stranger.get(Command.Close, Object.assign(new CloseRequest(), { fileId }));
  }
}

async function opened(peer: Peer, name: string): Promise<number | undefined> {
  for (let tries = 0; ; tries++) {
    const status = await peer.get(Command.Create, createOf([], { name, ...NONE }));
    // Its client may still be coming back.
    if (status !== FileNotAvailable || tries === 100) return status;
    await setTimeout(20);
  }
}
