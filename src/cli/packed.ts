import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import type { CodeStore } from './code-store.js';

type Require = (name: string) => unknown;
type Module = { exports: unknown };
type Factory = (exports: unknown, require: Require, module: Module, filename: string) => void;

/**
 * Loads the files that the command line is packed into (tools/pack-cli.mjs). They are CommonJS modules that require
 * each other as `./NAME`. Code compiled by an earlier run is reused.
 */
export class Packed {
  readonly #folder: string;
  readonly #store: Pick<CodeStore, 'read' | 'keep'> | undefined;
  readonly #outside: Require;
  readonly #modules = new Map<string, Module>();
  readonly #scripts = new Map<string, Script>();
  #known = true;

  constructor(folder: string, store?: Pick<CodeStore, 'read' | 'keep'>) {
    this.#folder = folder;
    this.#store = store;
    this.#outside = createRequire(join(folder, 'packed.cjs'));
  }

  readonly load: Require = (name) => {
    if (!name.startsWith('./')) return this.#outside(name);
    const known = this.#modules.get(name);
    if (known) return known.exports;
    const module: Module = { exports: {} };
    this.#modules.set(name, module);
    const filename = join(this.#folder, name);
    this.#compile(name.slice(2), filename)(module.exports, this.load, module, filename);
    return module.exports;
  };

  #compile(name: string, filename: string): Factory {
    const source = readFileSync(filename, 'utf8');
    const code = this.#store?.read(name);
    const script = new Script(`(function (exports, require, module, __filename) {${source}\n})`, {
      filename,
      ...(code ? { cachedData: code } : {}),
    });
    if (!code || script.cachedDataRejected) this.#known = false;
    this.#scripts.set(name, script);
    return script.runInThisContext() as Factory;
  }

  /**
   * Stores the compiled code for later runs, if this run had to compile any. At exit, it includes every function that
   * ran.
   */
  keep(): void {
    if (this.#known || !this.#store) return;
    this.#store.keep(new Map(Array.from(this.#scripts, ([name, script]) => [name, script.createCachedData()])));
  }
}
