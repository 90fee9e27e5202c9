import type { Share } from '#client/index.js';
import type { FILE_CASES } from './cases.js';
import { drive, type Load, type Outcome } from './drive.js';

const FILE_SIZE = 4096;
const MAKERS = 16;

/** Small files shared by the cases of one run. */
export class SmallFiles {
  readonly #directory: string;
  readonly #data: Uint8Array = new Uint8Array(FILE_SIZE).fill(0x61);
  readonly #limit: number;
  /** Names of the existing files. */
  readonly #names: string[] = [];
  #next = 0;

  /** At most `limit` files, in an existing directory. */
  constructor(directory: string, limit: number) {
    this.#directory = directory;
    this.#limit = limit;
  }

  #path(name: string): string {
    return `${this.#directory}/${name}`;
  }

  #new(): string {
    return `f${this.#next++}`;
  }

  async #create(share: Share): Promise<void> {
    const name = this.#new();
    await share.writeFile(this.#path(name), this.#data);
    this.#names.push(name);
  }

  /** Creates files up to the limit, unmeasured. */
  async #ensure(shares: readonly Share[], signal: AbortSignal): Promise<void> {
    let missing = this.#limit - this.#names.length;
    const maker = async (_: unknown, lane: number): Promise<void> => {
      while (missing-- > 0) {
        signal.throwIfAborted();
        await this.#create(shares[lane % shares.length] as Share);
      }
    };
    await Promise.all(Array.from({ length: MAKERS }, maker));
  }

  async run(name: (typeof FILE_CASES)[number], shares: readonly Share[], load: Load): Promise<Outcome> {
    const of = (lane: number): Share => shares[lane % shares.length] as Share;
    if (name === 'create-write-close') {
      return drive(load, async (lane) => {
        if (this.#next >= this.#limit) return undefined;
        await this.#create(of(lane));
        return FILE_SIZE;
      });
    }
    await this.#ensure(shares, load.signal);
    const names = this.#names;
    const path = (turn: number): string => this.#path(names[turn % names.length] as string);
    switch (name) {
      case 'open-read-close':
        return drive(load, async (lane, turn) => (await of(lane).readFile(path(turn))).length);
      case 'stat':
        return drive(load, async (lane, turn) => {
          await of(lane).stat(path(turn));
          return 0;
        });
      case 'list':
        return drive(load, async (lane) => {
          for await (const _ of of(lane).readdir(this.#directory));
          return 0;
        });
      case 'rename':
        return this.#rename(of, load);
      case 'delete':
        return this.#delete(of, load);
    }
  }

  #rename(of: (lane: number) => Share, load: Load): Promise<Outcome> {
    const names = this.#names;
    return drive(load, async (lane, turn) => {
      const from = names[turn];
      if (from === undefined) return undefined;
      const to = this.#new();
      await of(lane).rename(this.#path(from), this.#path(to));
      names[turn] = to;
      return 0;
    });
  }

  #delete(of: (lane: number) => Share, load: Load): Promise<Outcome> {
    const names = this.#names;
    return drive(load, async (lane) => {
      const name = names.pop();
      if (name === undefined) return undefined;
      await of(lane).rm(this.#path(name));
      return 0;
    });
  }

  /** Number of files in the directory now. */
  get count(): number {
    return this.#names.length;
  }
}
