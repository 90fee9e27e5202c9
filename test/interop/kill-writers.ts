import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connect, errnoCode, type Share, SmbError } from '#client/index.js';
import { asksV2, Client, createOf, lease } from '#testing/durable-bench.js';
import { NtStatus, ntStatusNames } from '#wire/erref/nt-status.js';
import { FileId } from '#wire/io/file-id.js';
import { CloseRequest } from '#wire/smb2/command/close.js';
import { type CreateRequest, type CreateResponse, OplockLevel } from '#wire/smb2/command/create.js';
import { LockElement, LockFlags, LockRequest } from '#wire/smb2/command/lock.js';
import { GlobalCap } from '#wire/smb2/command/negotiate.js';
import { WriteRequest } from '#wire/smb2/command/write.js';
import { CreateContextRequest } from '#wire/smb2/create-context/create-context-request.js';
import {
  CreateDurableHandleReconnectV2,
  type CreateDurableHandleRequestV2,
  DurableHandleFlags,
} from '#wire/smb2/create-context/durable-handle-v2.js';
import { CreateContextTag } from '#wire/smb2/create-context/tag.js';
import { Command, HeaderFlags } from '#wire/smb2/header.js';
import { overTcp } from './tcp-bridge.js';

export const BLOCK = 4096;
const LEASE_RWH = 7;
const { Success, Pending, FileNotAvailable, AccessDenied, ObjectNameNotFound } = NtStatus;
export const NONE: Partial<CreateRequest> = { requestedOplockLevel: OplockLevel.None };

export type Chance = () => number;

/** A seeded generator of numbers from 0 to below 1. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A peer with a session and a tree connect; it waits for final responses, however long they take. */
export class Peer extends Client {
  static async to(port: number, account: string, clientGuid: string): Promise<Peer> {
    const wait = (): Promise<void> => setTimeout(1);
    const capabilities = GlobalCap.PersistentHandles;
    const peer = new Peer(overTcp(port), { account, clientGuid, capabilities, wait });
    await peer.start();
    return peer;
  }

  /** Returns the status; undefined if the connection was lost first. */
  async get(command: number, body: object, flags = 0): Promise<number | undefined> {
    if (this.peer.ended) return undefined;
    const before = this.peer.replies.length;
    await this.ask(command, body, flags);
    for (let seen = before + 1; this.peer.status === Pending && !this.peer.ended; seen++)
      await this.peer.answered(seen);
    const answered = this.peer.replies.length > before && this.peer.status !== Pending;
    return answered ? this.peer.status : undefined;
  }
}

export function pattern(seed: number, block: number): Uint8Array {
  const bytes = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) bytes[i] = (seed * 31 + block * 7 + i * 13 + (i >> 8)) & 0xff;
  return bytes;
}

export async function assertHolds(path: string, seed: number, blocks: number): Promise<void> {
  const bytes = await readFile(path);
  assert.ok(bytes.length >= blocks * BLOCK, `${path}: ${bytes.length} bytes, ${blocks * BLOCK} were acknowledged`);
  for (let i = 0; i < blocks; i++) {
    assert.ok(
      bytes.subarray(i * BLOCK, (i + 1) * BLOCK).equals(pattern(seed, i)),
      `${path}: block ${i} is another one`,
    );
  }
}

export function named(status: number | undefined): string {
  return status === undefined ? 'no answer' : (ntStatusNames[status] ?? status.toString(16));
}

/** Writes to one file through a persistent open, across restarts of the server. */
export class PersistentWriter {
  readonly name: string;
  readonly client: string = randomUUID();
  /** It does not come back after the next crash. */
  readonly abandons: boolean;
  state: 'closed' | 'asked' | 'open' | 'closing' = 'closed';
  blocks = 0;
  locks = 0;
  readonly #seed: number;
  readonly #leased: boolean;
  readonly #chance: Chance;
  readonly #held = new Set<number>();
  readonly #unsure = new Set<number>();
  #peer: Peer | undefined;
  #fileId: FileId = FileId.none;
  #createGuid = '';

  constructor(name: string, seed: number, how: { leased: boolean; abandons: boolean }) {
    this.name = name;
    this.#seed = seed;
    this.#leased = how.leased;
    this.abandons = how.abandons;
    this.#chance = chanceOf(seed);
  }

  get #contexts(): CreateContextRequest[] {
    return this.#leased ? [lease(LEASE_RWH, this.client)] : [];
  }

  get #changes(): Partial<CreateRequest> {
    return { name: this.name, ...(this.#leased ? {} : NONE) };
  }

  #asks(): CreateContextRequest[] {
    const context = asksV2(this.abandons ? 1500 : 120_000, DurableHandleFlags.Persistent);
    (context.data as CreateDurableHandleRequestV2).createGuid = this.#createGuid;
    return [...this.#contexts, context];
  }

  #returns(createGuid = this.#createGuid): CreateContextRequest[] {
    const { Persistent } = DurableHandleFlags;
    const data = Object.assign(new CreateDurableHandleReconnectV2(), {
      fileId: this.#fileId,
      createGuid,
      flags: Persistent,
    });
    return [...this.#contexts, CreateContextRequest.of(CreateContextTag.DurableHandleReconnectV2, data)];
  }

  /** Writes until the connection is lost. */
  async write(port: number): Promise<void> {
    this.#peer ??= await Peer.to(port, 'ann', this.client);
    const peer = this.#peer;
    while (!peer.peer.ended) {
      if (this.state === 'closed') await this.#open(peer);
      else if (this.#chance() < 0.1 && !this.abandons) await this.close();
      else if (this.#chance() < 0.2) await this.#lock(peer);
      else await this.#append(peer);
    }
    this.#peer = undefined;
  }

  async #open(peer: Peer): Promise<void> {
    this.#createGuid = randomUUID();
    this.state = 'asked';
    await this.#opened(peer, await peer.get(Command.Create, createOf(this.#asks(), this.#changes)));
  }

  async #opened(peer: Peer, status: number | undefined): Promise<void> {
    if (status === undefined) return;
    assert.equal(named(status), named(Success), `${this.name} opens`);
    this.state = 'open';
    this.#fileId = (peer.peer.last.body as CreateResponse).fileId;
  }

  async #append(peer: Peer): Promise<void> {
    const data = pattern(this.#seed, this.blocks);
    const request = Object.assign(new WriteRequest(), { fileId: this.#fileId, offset: this.blocks * BLOCK, data });
    const status = await peer.get(Command.Write, request);
    if (status === undefined) return;
    assert.equal(named(status), named(Success), `${this.name} writes`);
    this.blocks++;
  }

  #locking(range: number, flags: number): LockRequest {
    const locks = [Object.assign(new LockElement(), { offset: BigInt(range) << 40n, length: 10n, flags })];
    return Object.assign(new LockRequest(), { fileId: this.#fileId, locks });
  }

  /** Locks a range that is not locked, or unlocks it. */
  async #lock(peer: Peer): Promise<void> {
    const range = 1 + Math.floor(this.#chance() * 8);
    const unlocks = this.#held.delete(range);
    this.#unsure.add(range);
    const flags = unlocks ? LockFlags.Unlock : LockFlags.ExclusiveLock | LockFlags.FailImmediately;
    const status = await peer.get(Command.Lock, this.#locking(range, flags));
    if (status === undefined) return;
    assert.equal(named(status), named(Success), `${this.name} ${unlocks ? 'unlocks' : 'locks'}`);
    this.#unsure.delete(range);
    if (!unlocks) this.#held.add(range);
    this.locks++;
  }

  async close(): Promise<void> {
    if (this.state === 'closed' || this.#peer === undefined) return;
    this.state = 'closing';
    const status = await this.#peer.get(Command.Close, Object.assign(new CloseRequest(), { fileId: this.#fileId }));
    if (status === undefined) return;
    assert.equal(named(status), named(Success), `${this.name} closes`);
    this.#forget();
  }

  #forget(): void {
    this.state = 'closed';
    this.#held.clear();
    this.#unsure.clear();
  }

  /** The server is back: nobody else may get the open or the file. Call it before `comeBack`. */
  async assertKept(stranger: Peer, impostor: Peer): Promise<void> {
    if (this.state !== 'open' || this.abandons) return;
    const tries: readonly [string, Peer, CreateContextRequest[], number][] = [
      ['another user opens the file', stranger, [], FileNotAvailable],
      ['another user comes for the open', stranger, this.#returns(), this.#leased ? ObjectNameNotFound : AccessDenied],
      ['somebody guesses', impostor, this.#returns(randomUUID()), ObjectNameNotFound],
    ];
    for (const [what, peer, contexts, wanted] of tries) {
      const status = await peer.get(Command.Create, createOf(contexts, this.#changes));
      assert.equal(named(status), named(wanted), `${this.name}: ${what}`);
    }
    if (!this.#leased) return;
    const status = await impostor.get(Command.Create, createOf(this.#returns(), this.#changes));
    assert.equal(named(status), named(ObjectNameNotFound), `${this.name}: another client of the user`);
  }

  /** Reclaims the open with everything it held. */
  async comeBack(port: number): Promise<void> {
    this.#peer = await Peer.to(port, 'ann', this.client);
    const peer = this.#peer;
    if (this.state === 'closed') return;
    const replays = this.state === 'asked';
    const contexts = replays ? this.#asks() : this.#returns();
    const flags = replays ? HeaderFlags.ReplayOperation : 0;
    const status = await peer.get(Command.Create, createOf(contexts, this.#changes), flags);
    if (this.state === 'closing' && status === ObjectNameNotFound) return this.#forget();
    await this.#opened(peer, status);
    for (const range of this.#held) {
      const freed = await peer.get(Command.Lock, this.#locking(range, LockFlags.Unlock));
      assert.equal(named(freed), named(Success), `${this.name}: lock ${range} is there again`);
    }
    for (const range of this.#unsure) await peer.get(Command.Lock, this.#locking(range, LockFlags.Unlock));
    this.#held.clear();
    this.#unsure.clear();
  }

  assertData(folder: string): Promise<void> {
    return this.blocks === 0 ? Promise.resolve() : assertHolds(join(folder, this.name), this.#seed, this.blocks);
  }
}

/** Writes with our client and flushes now and then; one file per run of the server. */
export class PlainWriter {
  flushed = 0;
  #blocks = 0;
  readonly #name: string;
  readonly #seed: number;

  constructor(name: string, seed: number) {
    this.#name = name;
    this.#seed = seed;
  }

  async write(port: number): Promise<void> {
    const chance = chanceOf(this.#seed);
    let share: Share | undefined;
    try {
      share = await connect(`smb://ann:secret@127.0.0.1:${port}/docs`, { reconnect: false });
      const file = await share.open(this.#name, { access: 'write', create: 'if-missing' });
      for (;;) {
        await file.write(pattern(this.#seed, this.#blocks), this.#blocks * BLOCK, { timeoutMs: 5000 });
        this.#blocks++;
        if (chance() > 0.2) continue;
        await file.flush({ timeoutMs: 5000 });
        this.flushed = this.#blocks;
      }
    } catch (error) {
      // The server is gone: what matters is what it has acknowledged.
      if (!(error instanceof SmbError) && errnoCode(error) === undefined) throw error;
      void share?.close().catch(() => undefined);
    }
  }

  assertData(folder: string): Promise<void> {
    return this.flushed === 0 ? Promise.resolve() : assertHolds(join(folder, this.#name), this.#seed, this.flushed);
  }
}
